"""The configuration of an account at Dub, and the rate limits of its plan."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import StringConstraints

from linkweave.providers.dub.inferred import ANY_WORKSPACE
from linkweave.settings import AccountSettings, Secret
from linkweave.transport.rate_limit.limiter import RateLimit

API: Final = "api"
ANALYTICS: Final = "analytics"

PlanName: TypeAlias = Literal["free", "pro", "business", "advanced", "enterprise"]

# DOC: calls a minute, and calls of statistics a second. The free plan has no statistics, and a limit is 1 at least.
_LIMITS: Final[Mapping[PlanName, tuple[int, int]]] = MappingProxyType(
    {
        "free": (60, 1),
        "pro": (600, 2),
        "business": (1_200, 4),
        "advanced": (3_000, 8),
        "enterprise": (3_000, 16),
    }
)
PLAN_NAMES: Final[frozenset[str]] = frozenset(_LIMITS)


class DubSettings(AccountSettings):
    """A workspace at Dub. `plan` decides the rate limits. `workspace` is its id or slug, for the usage alone.

    With `webhook_secret`, webhooks must have Dub's signature.
    """

    provider: Literal["dub"]
    token: Secret
    plan: PlanName = "pro"
    webhook_secret: Secret | None = None
    workspace: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]+$")] = ANY_WORKSPACE


def plan_gaps(settings: DubSettings) -> tuple[str, ...]:
    """What the lower plans lack."""
    gaps = {"free": ("statistics of days",), "pro": ("statistics beyond the last 366 days",)}
    return gaps.get(settings.plan, ())


def rate_limits(settings: DubSettings) -> tuple[RateLimit, ...]:
    """Dub's limits by plan (DOC)."""
    calls, statistics = _LIMITS[settings.plan]
    return RateLimit(API, calls, 60), RateLimit(ANALYTICS, statistics, 1)
