"""The configuration of an account at Bitly, and what follows from its plan."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import StringConstraints

from linkweave.clock import Clock
from linkweave.providers.bitly.inferred import CALLS_AN_HOUR, LOOKBACK_DAYS
from linkweave.providers.bitly.monthly_budget import MonthlyBudget
from linkweave.providers.call_quotas import CallQuota
from linkweave.settings import AccountSettings, Secret
from linkweave.transport.http.auth import Credentials, HeaderKey
from linkweave.transport.lifetimes import Resource
from linkweave.transport.rate_limit.limiter import RateLimit

SHARED_DOMAIN: Final = "bit.ly"
"""The domain of a new link that names none (DOC)."""

# Bitly counts each of its endpoints by itself (DOC).
LIST, LINK, RANKING = "list", "link", "ranking"
CREATE, UPDATE, BULK, DELETE, BACK_HALVES = "create", "update", "bulk", "delete", "backHalves"
CLICKS, COUNTRIES, REFERRERS, DEVICES = "clicks", "countries", "referrers", "devices"
GROUP_CLICKS = "groupClicks"
_BUCKETS: Final = (
    *(LIST, LINK, RANKING, CREATE, UPDATE, BULK, DELETE, BACK_HALVES),
    *(CLICKS, COUNTRIES, REFERRERS, DEVICES, GROUP_CLICKS),
)

_HOUR: Final = 3_600.0
_DAY: Final = 24 * _HOUR
_LASTING: Final = (Resource.TEAMS, Resource.DOMAINS)

PlanName: TypeAlias = Literal["free", "core", "growth", "premium", "enterprise"]

# FOUND, on the price page.
_CALLS_A_MONTH: Final[Mapping[PlanName, int]] = MappingProxyType({"free": 1_000, "core": 5_000, "growth": 25_000})
_DAYS_A_MONTH: Final = 31
SMALL_PLANS: Final[frozenset[PlanName]] = frozenset({"free", "core"})
# DOC says that they need a paid plan.
_PAID: Final = ("changes of destinations", "clicks by device")


class BitlySettings(AccountSettings):
    """A group of a Bitly user. Without `group`, it is the user's default group.

    `plan` decides how far back statistics reach, and how sparingly calls are made.
    """

    provider: Literal["bitly"]
    token: Secret
    group: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]{1,64}$")] | None = None
    plan: PlanName = "free"

    @property
    def home_domain(self) -> str | None:
        """The domain of a link for which none is named."""
        return SHARED_DOMAIN


def credentials(settings: BitlySettings, clock: Clock) -> Credentials:
    """The token; where the plan has few calls a month, it is put only on calls that are left."""
    token = HeaderKey("authorization", settings.token, "Bearer ")
    if settings.plan not in _CALLS_A_MONTH:
        return token
    return MonthlyBudget(token, settings.key, settings.group, clock)


def lifetimes(settings: BitlySettings) -> Mapping[Resource, float]:
    """Seconds for which answers stay fresh. Groups and domains hardly change, and small plans ask nothing twice."""
    small = dict.fromkeys(Resource, _HOUR) if settings.plan in SMALL_PLANS else {}
    return MappingProxyType({**small, **dict.fromkeys(_LASTING, _DAY)})


def plan_gaps(settings: BitlySettings) -> tuple[str, ...]:
    """What the lower plans lack."""
    if settings.plan not in _CALLS_A_MONTH:
        return ()
    lookback = f"statistics beyond the last {LOOKBACK_DAYS[settings.plan]} days"
    return (*_PAID, lookback) if settings.plan == "free" else (lookback,)


def call_quotas(settings: BitlySettings) -> tuple[CallQuota, ...]:
    """The calls of a month. The numbers of the larger plans are not public."""
    calls = _CALLS_A_MONTH.get(settings.plan)
    return () if calls is None else (CallQuota(calls, _DAYS_A_MONTH),)


def rate_limits(_settings: BitlySettings) -> tuple[RateLimit, ...]:
    """The limits of each endpoint: those of the hour, and a tenth of them a minute (DOC)."""
    windows = ((CALLS_AN_HOUR // 10, 60), (CALLS_AN_HOUR, 3_600))
    return tuple(RateLimit(bucket, calls, seconds) for bucket in _BUCKETS for calls, seconds in windows)
