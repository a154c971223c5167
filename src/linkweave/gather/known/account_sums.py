"""The clicks of all links of an account, from the catalog: for accounts with more links than are counted one by one."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from linkweave.catalog.reads.questions.groups import GroupNumbers, GroupOrder, StatsGroup
from linkweave.errors import CatalogUnavailableError, InvalidInputError
from linkweave.gather.known.counted_days import counted_days, measures_of
from linkweave.gather.known.groups import CountedGroup, KnownGroups
from linkweave.gather.known.link_lists import KnownLinks
from linkweave.gather.known.points import Interval
from linkweave.gather.listing.link_query import AccountQuery, LinkQuery
from linkweave.gather.statistics.date_range import DateRange
from linkweave.models import SERIES, StatsPart, StatsReport

if TYPE_CHECKING:
    from linkweave.catalog.reads.reads import CatalogReads


@dataclass(frozen=True, slots=True)
class KnownSum:
    """The clicks of all links of one account that match, over the days of a range. All of them are known."""

    query: AccountQuery
    group: CountedGroup
    as_of: datetime

    @property
    def links(self) -> int:
        """The number of links."""
        return self._numbers.links

    async def report(self, part: StatsPart) -> StatsReport:
        """Returns the totals or the days as one report.

        Raises:
            CatalogUnavailableError: the database cannot be used.
        """
        numbers = self._numbers
        return StatsReport(
            measures_of(self.query.loaders.account),
            self.as_of,
            self.group.period,
            clicks=numbers.clicks,
            unique_clicks=numbers.unique_clicks,
            series=await self.group.series(Interval.DAY) if part == SERIES else None,
            as_of=self.as_of,
            is_observed=numbers.is_observed,
        )

    @property
    def _numbers(self) -> GroupNumbers:
        return self.group.known.numbers


async def known_sums(
    reads: "CatalogReads", query: LinkQuery, keys: Collection[str], date_range: DateRange, now: datetime
) -> dict[str, KnownSum]:
    """Returns the sums of those of the accounts `keys` of which the catalog knows the clicks of every link.

    A catalog that fails knows none: then the links that were read live are counted.
    """
    sums = [await _known_sum(reads, each, date_range, now) for each in query.accounts if each.loaders.key in keys]
    return {each.query.loaders.key: each for each in sums if each is not None}


async def _known_sum(
    reads: "CatalogReads", query: AccountQuery, date_range: DateRange, now: datetime
) -> KnownSum | None:
    links = KnownLinks(reads, LinkQuery((query,)))
    days = counted_days([query.loaders.account], date_range, now)
    try:
        links.check()
        page = await KnownGroups(links, StatsGroup.ACCOUNT, days, now).page(GroupOrder(), 1, None)
    except (InvalidInputError, CatalogUnavailableError):
        return None
    group, as_of = next(iter(page.groups), None), page.sources[0].as_of
    return None if group is None or not group.complete or as_of is None else KnownSum(query, group, as_of)
