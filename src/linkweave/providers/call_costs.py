"""How many calls to the vendor an operation needs: worst-case estimates, by which operations are limited."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import ceil
from types import MappingProxyType
from typing import TypeAlias

from linkweave.models import TOTALS, StatsPart

# The name of the call that returns a part of a link's statistics, None where the part costs no call. Parts with the
# same name share one call. The second argument says whether the link itself was read before.
StatsCall: TypeAlias = Callable[[StatsPart, bool], str | None]


def one_stats_call(part: StatsPart, known: bool) -> str | None:  # noqa: ARG001 - the same for all parts
    """For vendors that return every part in one call."""
    return "statistics"


def link_call(part: StatsPart, known: bool) -> str | None:
    """For vendors that have nothing but the totals that come with a link."""
    return "link" if part == TOTALS and not known else None


@dataclass(frozen=True, slots=True)
class CallCosts:
    """How many calls one vendor needs.

    All links of an account are in `lists` lists, `page_size` links a call. Links by their handles take one call for
    each `get_batch` of them, and `search_calls` more for any number. A link takes `create`, `update` or `delete` calls;
    where the vendor takes batches, `write_batch` links take them together. The account's domains take `domains` calls,
    and its tags `tags`. The clicks of the whole life of a link that was read take `life_calls`. Statistics of a link
    that was not read take `age_calls` more, to find out when it was made. One call counts links of one of
    `stats_groups` groups together, such as the links of a domain. `stats_buckets` are the rate limits of the calls that
    `stats_call` names; the others are counted by the account's only limit. Every other list counts as one call.
    """

    page_size: int = 100
    lists: int = 1
    get_batch: int = 1
    search_calls: int = 0
    stats_call: StatsCall = one_stats_call
    stats_buckets: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    life_calls: int = 1
    age_calls: int = 0
    stats_groups: int = 1
    domains: int = 1
    tags: int = 1
    create: int = 1
    update: int = 1
    delete: int = 1
    write_batch: int = 1

    def to_get(self, links: int) -> int:
        """Calls that get `links` links by their handles."""
        return ceil(links / self.get_batch) + self.search_calls if links else 0

    def to_list(self, links: int, passed_over: int = 0) -> int:
        """Calls that list `links` links, and read past `passed_over` links that do not match."""
        return self.lists + (links + passed_over) // self.page_size

    def to_write(self, links: int, each: int) -> int:
        """Calls that write `links` links of `each` calls."""
        return ceil(links / self.write_batch) * each
