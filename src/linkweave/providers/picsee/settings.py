"""What the configuration says of a PicSee account, and what follows from it for its calls."""

from collections.abc import Mapping
from typing import Annotated, Final, Literal

from pydantic import StringConstraints

from linkweave.clock import Clock
from linkweave.providers.picsee.inferred import ABUSE_PATH
from linkweave.settings import AccountSettings, Secret
from linkweave.transport.http.auth import Credentials, HeaderKey
from linkweave.transport.lifetimes import Resource
from linkweave.transport.rate_limit.limiter import RateLimit

ADVANCED: Final = "advanced"

# One call per second for each of these endpoints (DOC).
_HOUR: Final = 3600.0
_TEN_MINUTES: Final = 600.0
_HOURLY: Final = (Resource.TAGS, Resource.DOMAINS, Resource.TRACKING_PRESETS, Resource.USAGE)
_ONE_A_SECOND = ("status", "list", "usage", "domains", "tags", "trackingTools")


class PicseeSettings(AccountSettings):
    """A PicSee account. `plan` decides how many details may be asked for and how far back they reach.

    `report_abuse` is for PicSee's security partners; PicSee tells them what `abuse_path` really is.
    """

    provider: Literal["picsee"]
    plan: Literal["free", "basic", "advanced"] = "basic"
    token: Secret
    report_abuse: bool = False
    abuse_path: Annotated[str, StringConstraints(pattern=r"^/[^\s?#]*$")] = ABUSE_PATH


def credentials(settings: PicseeSettings, clock: Clock) -> Credentials:  # noqa: ARG001 - the record's signature
    """The token as a bearer: the one of PicSee's three schemes that keeps it out of URLs and of `meta` (FOUND)."""
    return HeaderKey("authorization", settings.token, "Bearer ")


def lifetimes(settings: PicseeSettings) -> Mapping[Resource, float]:
    """PicSee keeps some answers for an hour itself (DOC), and counts the year's calls: asking more often is waste."""
    details = _TEN_MINUTES if settings.plan == ADVANCED else _HOUR
    return {**dict.fromkeys(_HOURLY, _HOUR), Resource.STATISTICS_DETAILS: details}


def rate_limits(settings: PicseeSettings) -> tuple[RateLimit, ...]:
    """PicSee's limits (DOC). The overview of one link has none, and none is documented for changes: no bucket."""
    details = 10 if settings.plan == ADVANCED else 1
    return (
        *(RateLimit(bucket, 1, 1) for bucket in _ONE_A_SECOND),
        RateLimit("details", details, 1),
        RateLimit("audienceLabels", 10, 1),
    )
