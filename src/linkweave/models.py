"""What the gateway knows, in no vendor's words: frozen data that adapters make and everything above reads.

`None` always means "this provider cannot tell", never "empty". Datetimes are aware and in UTC.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from types import MappingProxyType
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Capability(Enum):
    """Something that a provider can be asked to do."""

    LIST_LINKS = "LIST_LINKS"
    GET_LINK = "GET_LINK"
    CREATE_LINK = "CREATE_LINK"
    UPDATE_LINK = "UPDATE_LINK"
    DELETE_LINK = "DELETE_LINK"
    RESTORE_LINK = "RESTORE_LINK"
    BATCH_CREATE = "BATCH_CREATE"
    BATCH_UPDATE = "BATCH_UPDATE"
    BATCH_DELETE = "BATCH_DELETE"
    LINK_STATS = "LINK_STATS"
    RESET_STATS = "RESET_STATS"
    LIST_TAGS = "LIST_TAGS"
    WRITE_TAGS = "WRITE_TAGS"
    LIST_DOMAINS = "LIST_DOMAINS"
    LIST_TEAMS = "LIST_TEAMS"
    LIST_CAMPAIGNS = "LIST_CAMPAIGNS"
    LIST_TRACKERS = "LIST_TRACKERS"
    WRITE_TRACKERS = "WRITE_TRACKERS"
    LIST_TRACKING_PRESETS = "LIST_TRACKING_PRESETS"
    LIST_WEBHOOKS = "LIST_WEBHOOKS"
    WRITE_WEBHOOKS = "WRITE_WEBHOOKS"
    ACCOUNT_USAGE = "ACCOUNT_USAGE"
    EXTERNAL_ID_USAGE = "EXTERNAL_ID_USAGE"
    REPORT_ABUSE = "REPORT_ABUSE"
    UPLOAD_FILE = "UPLOAD_FILE"


class Dimension(Enum):
    """What clicks can be broken down by."""

    COUNTRY = "COUNTRY"
    REFERRER = "REFERRER"
    DEVICE = "DEVICE"
    OS = "OS"
    BROWSER = "BROWSER"
    BRAND = "BRAND"
    LANGUAGE = "LANGUAGE"
    BOT = "BOT"
    SOCIAL = "SOCIAL"
    INTEREST = "INTEREST"
    BRAND_AFFINITY = "BRAND_AFFINITY"


class Measure(Enum):
    """What was counted. Different measures are never added to each other."""

    CLICKS = "CLICKS"
    UNIQUE_CLICKS = "UNIQUE_CLICKS"
    BOT_CLICKS = "BOT_CLICKS"


class Platform(Enum):
    """A device or place that a link can send elsewhere."""

    IOS = "IOS"
    ANDROID = "ANDROID"
    WINDOWS_MOBILE = "WINDOWS_MOBILE"
    OTHER_MOBILE = "OTHER_MOBILE"
    ALL_MOBILE = "ALL_MOBILE"
    DESKTOP = "DESKTOP"
    MAC = "MAC"
    WINDOWS = "WINDOWS"
    FACEBOOK = "FACEBOOK"
    TWITTER = "TWITTER"


class DomainKind(Enum):
    """Whose a short domain is."""

    BRANDED = "BRANDED"
    SUBDOMAIN = "SUBDOMAIN"
    SHARED = "SHARED"
    RENTED = "RENTED"


class TrackerScope(Enum):
    """Where a tracker is known: to the provider, to a team, or on one link."""

    CATALOG = "CATALOG"
    TEAM = "TEAM"
    LINK = "LINK"


class LinkOrigin(Enum):
    """How a link came to be."""

    API = "API"
    DASHBOARD = "DASHBOARD"
    ANY = "ANY"


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `start` to `end`, both included, in the reporting time zone of the account asked."""

    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Expiry:
    """When a link stops leading to its destination, and where it leads then."""

    at: date | None = None
    after_clicks: int | None = None
    count_unique_only: bool | None = None
    redirect_to: str | None = None
    redirect_to_after_clicks: str | None = None


@dataclass(frozen=True, slots=True)
class DeviceTarget:
    """Another destination for one platform."""

    platform: Platform
    destination: str


@dataclass(frozen=True, slots=True)
class Variant:
    """One of several destinations and its share of the clicks in percent."""

    destination: str
    percentage: int


@dataclass(frozen=True, slots=True)
class Utm:
    """Campaign parameters that the provider appends to the destination."""

    source: str | None = None
    medium: str | None = None
    campaign: str | None = None
    term: str | None = None
    content: str | None = None


@dataclass(frozen=True, slots=True)
class RawBucket:
    """One row of a breakdown as the vendor names it; `code` where the vendor gives one besides the name."""

    name: str
    code: str | None = None
    clicks: int | None = None
    unique_clicks: int | None = None


@dataclass(frozen=True, slots=True)
class DayClicks:
    """Clicks of one day."""

    day: date
    clicks: int | None = None
    unique_clicks: int | None = None


@dataclass(frozen=True, slots=True)
class StatsReport:
    """Statistics of one link from one account.

    `covered` is what the numbers are really about; None means since the link exists. `truncated` says that
    it is less than was asked for. A dimension missing from `breakdowns` was not asked for or cannot be told;
    one in `failures` was asked for and failed (the value is the error that the vendor's answer became).
    """

    measures: frozenset[Measure]
    fetched_at: datetime
    covered: Period | None = None
    truncated: bool = False
    clicks: int | None = None
    unique_clicks: int | None = None
    bot_clicks: int | None = None
    series: tuple[DayClicks, ...] | None = None
    breakdowns: Mapping[Dimension, tuple[RawBucket, ...]] = field(default_factory=lambda: MappingProxyType({}))
    failures: Mapping["StatsPart", Exception] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class StatsPart:
    """One thing that a query can select of statistics: the totals, the days, or one dimension."""

    name: str

    @classmethod
    def of(cls, dimension: Dimension) -> "StatsPart":
        """The part that is the breakdown by `dimension`."""
        return cls(dimension.value)

    @property
    def dimension(self) -> Dimension | None:
        """The dimension of a breakdown; None for totals and series."""
        return Dimension.__members__.get(self.name)


TOTALS = StatsPart("TOTALS")
SERIES = StatsPart("SERIES")


@dataclass(frozen=True, slots=True)
class Link:
    """A short link of one account.

    `handle` is the vendor's own name of it, unique in the account and all that the vendor needs to find it.
    `included` are statistics that came with the link without a call of their own.
    """

    handle: str
    short_url: str
    slug: str
    destination: str
    fetched_at: datetime
    domain: str | None = None
    title: str | None = None
    note: str | None = None
    tags: tuple[str, ...] = ()
    created_at: datetime | None = None
    last_click_at: datetime | None = None
    external_id: str | None = None
    expiry: Expiry | None = None
    device_targets: tuple[DeviceTarget, ...] | None = None
    variants: tuple[Variant, ...] | None = None
    utm: Utm | None = None
    password_protected: bool | None = None
    archived: bool | None = None
    starred: bool | None = None
    protected: bool | None = None
    email_reports: bool | None = None
    unique_window_minutes: int | None = None
    team_id: str | None = None
    campaign_id: str | None = None
    qr_small: str | None = None
    qr_large: str | None = None
    included: StatsReport | None = None


@dataclass(frozen=True, slots=True)
class LinkFilter:
    """What a list of links is narrowed to, for one account.

    None restricts nothing, and so do empty tags; empty domains, teams or campaigns leave nothing to look for.
    `team_ids` and `campaign_ids` are the vendor's own ids. Tags are compared without case.
    """

    search: str | None = None
    tags_any: tuple[str, ...] = ()
    tags_all: tuple[str, ...] = ()
    tags_none: tuple[str, ...] = ()
    domains: tuple[str, ...] | None = None
    created_after: datetime | None = None
    created_before: datetime | None = None
    external_id: str | None = None
    team_ids: tuple[str, ...] | None = None
    campaign_ids: tuple[str, ...] | None = None
    archived: bool | None = None
    starred: bool | None = None
    origin: LinkOrigin = LinkOrigin.ANY


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """One page of a vendor's list. `next` is the token of the page after it; None at the end."""

    items: tuple[Item, ...]
    fetched_at: datetime
    next: str | None = None


@dataclass(frozen=True, slots=True)
class Domain:
    """A short domain that an account may use."""

    name: str
    kind: DomainKind | None = None
    is_default: bool | None = None
    https: bool | None = None
    active: bool | None = None
    team_id: str | None = None
    redirect_status: int | None = None
    root_redirect: str | None = None
    not_found_redirect: str | None = None


@dataclass(frozen=True, slots=True)
class Team:
    """A group of people that shares links at the provider."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Campaign:
    """A group of links at the provider."""

    id: str
    name: str
    team_id: str | None = None


@dataclass(frozen=True, slots=True)
class Tracker:
    """A retargeting pixel or analytics tag."""

    id: str
    name: str
    scope: TrackerScope
    kind: str | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Preset:
    """A saved pixel or tag manager."""

    id: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class TrackingPresets:
    """What was used before on the account, for pickers."""

    utm_sources: tuple[str, ...] = ()
    utm_mediums: tuple[str, ...] = ()
    pixels: tuple[Preset, ...] = ()
    tag_managers: tuple[Preset, ...] = ()


@dataclass(frozen=True, slots=True)
class Webhook:
    """A call that the provider makes when something happens. Exactly one target is set."""

    id: str
    event: str
    url: str
    method: str
    headers: tuple[tuple[str, str], ...]
    encoding: str
    ignore_errors: bool
    link_handle: str | None = None
    domain: str | None = None
    tag: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What the account has subscribed to."""

    name: str
    expires_at: datetime | None = None
    active: bool | None = None


@dataclass(frozen=True, slots=True)
class Quota:
    """A counter of the provider and its ceiling."""

    name: str
    used: int
    limit: int | None = None
    resets_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AccountUsage:
    """Plan and counters as the provider reports them."""

    plan: Plan | None = None
    quotas: tuple[Quota, ...] = ()


@dataclass(frozen=True, slots=True)
class ExternalIdUsage:
    """Links made over the API for one external id; None collects those without one."""

    external_id: str | None
    links: int


@dataclass(frozen=True, slots=True)
class Upload:
    """An uploaded file. `url` is None while it waits for approval; `delete_url` lets whoever has it delete the file."""

    id: str
    name: str
    viewer_url: str
    short_url: str
    mime_type: str
    extension: str
    size: int
    nsfw: bool
    title: str | None = None
    description: str | None = None
    url: str | None = None
    thumbnail_url: str | None = None
    medium_url: str | None = None
    frame_url: str | None = None
    width: int | None = None
    height: int | None = None
    duration_seconds: int | None = None
    md5: str | None = None
    original_filename: str | None = None
    tags: tuple[str, ...] = ()
    animated: bool | None = None
    approved: bool | None = None
    views: int | None = None
    likes: int | None = None
    created_at: datetime | None = None
    expires_at: datetime | None = None
    delete_url: str | None = field(default=None, repr=False)
