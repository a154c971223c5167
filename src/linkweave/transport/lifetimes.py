"""How long the answers of vendors are fresh, and how long they are stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Final

from linkweave.settings import CacheSettings, FreshSeconds


class Resource(Enum):
    """What a call reads, which decides how long its answer is fresh."""

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
        """Whether writes of links, tags and webhooks leave it unchanged."""
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
    """The lifetimes of one account's answers, in seconds.

    Attributes:
        fresh: for how long the answers of each resource are fresh.
        stale_seconds: for how long they are stored, to be used when nothing newer is to be had.
        not_found_seconds: for how long a missing object counts as missing.
    """

    fresh: Mapping[Resource, float]
    stale_seconds: float = STALE_SECONDS
    not_found_seconds: float = NOT_FOUND_SECONDS

    @classmethod
    def merge(
        cls, provider: Mapping[Resource, float], cache: CacheSettings, account: FreshSeconds | None
    ) -> "Lifetimes":
        """Merges the account's settings over those of `[cache]`, and these over the provider's and the defaults."""
        fresh = {**FRESH_SECONDS, **provider, **_by_resource(cache.fresh_seconds), **_by_resource(account)}
        return cls(fresh, cache.stale_seconds, cache.not_found_seconds)


def _by_resource(settings: FreshSeconds | None) -> Mapping[Resource, float]:
    if settings is None:
        return {}
    return {Resource(name): seconds for name, seconds in settings.model_dump(exclude_none=True).items()}
