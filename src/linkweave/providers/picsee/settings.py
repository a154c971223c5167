"""Settings of a PicSee account, and the rate limits and lifetimes that follow from its plan."""

from collections.abc import Mapping
from typing import Annotated, Final, Literal

from pydantic import StringConstraints

from linkweave.clock import Clock
from linkweave.providers.call_quotas import CallQuota
from linkweave.providers.picsee.inferred import ABUSE_PATH
from linkweave.providers.picsee.yearly_budget import YearlyBudget
from linkweave.settings import AccountSettings, Secret
from linkweave.transport.http.auth import Credentials, HeaderKey, QueryKey
from linkweave.transport.lifetimes import Resource
from linkweave.transport.rate_limit.limiter import RateLimit

_HOUR: Final = 3600.0
_TEN_MINUTES: Final = 600.0
_HOURLY: Final = (Resource.TAGS, Resource.DOMAINS, Resource.TRACKING_PRESETS, Resource.USAGE)
# One call per second for each of these endpoints (DOC).
_ONE_A_SECOND: Final = ("status", "list", "usage", "domains", "tags", "trackingTools")


class PicseeSettings(AccountSettings):
    """A PicSee account. `plan` decides how many details a second PicSee returns, and how far back they reach.

    `sent_as` is the place of the token in a call (DOC: three security schemes).
    `report_abuse` is for PicSee's security partners. They learn the real `abuse_path` from PicSee.
    """

    provider: Literal["picsee"]
    plan: Literal["free", "basic", "advanced"] = "basic"
    token: Secret
    sent_as: Literal["bearer", "x-api-key", "access_token"] = "bearer"
    report_abuse: bool = False
    abuse_path: Annotated[str, StringConstraints(pattern=r"^/[^\s?#]*$")] = ABUSE_PATH

    @property
    def advanced(self) -> bool:
        """Whether the plan has the search, details of a year, and audience labels (DOC)."""
        return self.plan == "advanced"


def credentials(settings: PicseeSettings, clock: Clock) -> Credentials:
    """The token in its place. The bearer alone keeps it out of URLs and of `meta`, which echoes the query (FOUND)."""
    token: Credentials = HeaderKey("authorization", settings.token, "Bearer ")
    if settings.sent_as == "x-api-key":
        token = HeaderKey("x-api-key", settings.token)
    elif settings.sent_as == "access_token":
        token = QueryKey("access_token", settings.token)
    return YearlyBudget(token, settings.key, clock) if settings.plan == "free" else token


def lifetimes(settings: PicseeSettings) -> Mapping[Resource, float]:
    """Seconds for which answers stay fresh.

    PicSee itself keeps some answers for an hour (DOC), and counts the calls of a year.
    """
    details = _TEN_MINUTES if settings.advanced else _HOUR
    # The free plan has 800 calls a year (DOC): nothing is asked again within the hour.
    hourly = tuple(Resource) if settings.plan == "free" else _HOURLY
    return {**dict.fromkeys(hourly, _HOUR), Resource.STATISTICS_DETAILS: details}


def rate_limits(settings: PicseeSettings) -> tuple[RateLimit, ...]:
    """PicSee's limits (DOC). The overview of one link has none, and none is documented for changes: no bucket."""
    details = 10 if settings.advanced else 1
    return (
        *(RateLimit(bucket, 1, 1) for bucket in _ONE_A_SECOND),
        RateLimit("details", details, 1),
        RateLimit("audienceLabels", 10, 1),
    )


def plan_gaps(settings: PicseeSettings) -> tuple[str, ...]:
    """What plans below the advanced one lack (DOC)."""
    if settings.advanced:
        return ()
    fields = "changes of links, and titles, previews, tags, device targets and trackers of new ones"
    return fields, "statistics beyond the last 30 days", "interests and brands", "filters by author"


def call_quotas(settings: PicseeSettings) -> tuple[CallQuota, ...]:
    """The calls of the free plan: 800 a year (DOC). The number of the other plans is not documented."""
    return (CallQuota(800, 365),) if settings.plan == "free" else ()
