"""How long what a vendor told may be shown without asking again."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Final

from linkweave.settings import CacheSettings, FreshSeconds


class Resource(Enum):
    """What a call reads, as far as it matters for how long the answer is kept."""

    LINK = "link"
    LINK_LIST = "link_list"
    STATISTICS = "statistics"
    STATISTICS_DETAILS = "statistics_details"
    WEBHOOKS = "webhooks"
    TAGS = "tags"
    DOMAINS = "domains"
    TEAMS = "teams"
    CAMPAIGNS = "campaigns"
    TRACKERS = "trackers"
    TRACKING_PRESETS = "tracking_presets"
    USAGE = "usage"

    @property
    def lasting(self) -> bool:
        """Whether writing links, tags and webhooks leaves it as it is."""
        return self in _LASTING


_LASTING: Final = frozenset({Resource.DOMAINS, Resource.TEAMS, Resource.CAMPAIGNS})

FRESH_SECONDS: Final[Mapping[Resource, float]] = MappingProxyType(
    {
        Resource.LINK: 60,
        Resource.LINK_LIST: 60,
        Resource.STATISTICS: 60,
        Resource.STATISTICS_DETAILS: 60,
        Resource.WEBHOOKS: 60,
        Resource.TAGS: 300,
        Resource.DOMAINS: 300,
        Resource.TEAMS: 300,
        Resource.CAMPAIGNS: 300,
        Resource.TRACKERS: 300,
        Resource.TRACKING_PRESETS: 300,
        Resource.USAGE: 60,
    }
)
NOT_FOUND_SECONDS: Final = 10.0
STALE_SECONDS: Final = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """Of one account: seconds for which each resource is fresh, kept to be served stale, and not found."""

    fresh: Mapping[Resource, float]
    stale_seconds: float = STALE_SECONDS
    not_found_seconds: float = NOT_FOUND_SECONDS

    @classmethod
    def of(cls, provider: Mapping[Resource, float], cache: CacheSettings, account: FreshSeconds | None) -> "Lifetimes":
        """What the account's settings say goes before what `[cache]` says, that before what the provider knows."""
        fresh = {**FRESH_SECONDS, **provider, **_told(cache.fresh_seconds), **_told(account)}
        return cls(fresh, cache.stale_seconds, cache.not_found_seconds)


def _told(settings: FreshSeconds | None) -> Mapping[Resource, float]:
    if settings is None:
        return {}
    return {Resource(name): seconds for name, seconds in settings.model_dump(exclude_none=True).items()}
