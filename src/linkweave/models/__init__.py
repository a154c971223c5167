"""The gateway's own data, in no vendor's terms: frozen dataclasses that adapters create and all layers above read.

`None` always means "this provider does not tell", never "empty". Datetimes are aware and in UTC.
"""

from linkweave.models.accounts import (
    AccountUsage,
    AccountUser,
    Campaign,
    Domain,
    ExternalIdUsage,
    Plan,
    Preset,
    Quota,
    Team,
    Tracker,
    TrackingPresets,
    Webhook,
)
from linkweave.models.lazy_sequence import LazySequence
from linkweave.models.left_out import NOTHING_LEFT_OUT, LeftOut
from linkweave.models.links import DeviceTarget, Expiry, Link, LinkFilter, Page, Utm, Variant
from linkweave.models.statistics import (
    BOT_TOTALS,
    SERIES,
    TOTALS,
    TOTALS_OF,
    DayClicks,
    Period,
    RawBucket,
    StatsPart,
    StatsReport,
)
from linkweave.models.uploads import Upload, UploadVariant
from linkweave.models.vocabulary import (
    Capability,
    Dimension,
    DomainKind,
    ExpiryPart,
    LinkOrigin,
    Measure,
    Platform,
    TrackerScope,
)

__all__ = [
    "BOT_TOTALS",
    "NOTHING_LEFT_OUT",
    "SERIES",
    "TOTALS",
    "TOTALS_OF",
    "AccountUsage",
    "AccountUser",
    "Campaign",
    "Capability",
    "DayClicks",
    "DeviceTarget",
    "Dimension",
    "Domain",
    "DomainKind",
    "Expiry",
    "ExpiryPart",
    "ExternalIdUsage",
    "LazySequence",
    "LeftOut",
    "Link",
    "LinkFilter",
    "LinkOrigin",
    "Measure",
    "Page",
    "Period",
    "Plan",
    "Platform",
    "Preset",
    "Quota",
    "RawBucket",
    "StatsPart",
    "StatsReport",
    "Team",
    "Tracker",
    "TrackerScope",
    "TrackingPresets",
    "Upload",
    "UploadVariant",
    "Utm",
    "Variant",
    "Webhook",
]
