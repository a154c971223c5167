"""Statistics of many links: Dub takes a list of ids wherever it takes one (FOUND)."""

import asyncio
from collections.abc import Mapping, Sequence

from linkweave.errors import VendorError
from linkweave.models import TOTALS, Link, Period, StatsPart, StatsReport
from linkweave.providers.batches import chunks
from linkweave.providers.dub.inferred import LINKS_PER_CALL
from linkweave.providers.dub.statistics import StatisticsReader, analytics_call, read_name
from linkweave.providers.dub.wire import MEASURES


class ManyStatisticsReader(StatisticsReader):
    """BATCH_STATS: the clicks of 250 links with one call."""

    def links_per_call(self, part: StatsPart, *, whole_account: bool = False) -> int:  # noqa: ARG002 - the same for all
        """As many for each part as fit into one URL."""
        return LINKS_PER_CALL

    async def read_totals(
        self, links: Sequence[Link], period: Period | None
    ) -> Mapping[str, StatsReport | VendorError]:
        """One call for each group of links; whole lives are told with the links."""
        if period is None:
            return {link.handle: link.included or self.no_clicks() for link in links}
        groups = list(chunks(links, LINKS_PER_CALL))
        read = await asyncio.gather(*(self._totals(group, period) for group in groups))
        return {
            link.handle: totals if isinstance(totals, VendorError) else totals[link.handle]
            for group, totals in zip(groups, read, strict=True)
            for link in group
        }

    async def read_sums(
        self,
        links: Sequence[Link],
        period: Period,
        parts: frozenset[StatsPart],
        *,
        whole_account: bool = False,  # noqa: ARG002 - a workspace may have clicks of links that it does not list
    ) -> Sequence[StatsReport | VendorError]:
        """One call for each part and group of links; a long series takes one for each 170 days."""
        return await asyncio.gather(*(self._sum(group, period, parts) for group in chunks(links, LINKS_PER_CALL)))

    async def _totals(self, links: Sequence[Link], period: Period) -> Mapping[str, StatsReport] | VendorError:
        """The clicks of each link. Dub leaves out links without clicks, and links that are deleted (FOUND)."""
        days = self.counted_days(links, period)
        nothing = self.nothing(period, frozenset({TOTALS}))
        if days is None:
            return {link.handle: nothing for link in links}
        call = analytics_call(_ids(links), days, "top_links")
        try:
            rows, at = await self.read_rows(call, "id", read_name)
        except VendorError as error:
            return error
        clicks = dict(rows)
        covered = nothing.covered
        return {
            link.handle: StatsReport(MEASURES, at, covered=covered, clicks=clicks.get(link.handle, 0)) for link in links
        }

    async def _sum(
        self, links: Sequence[Link], period: Period, parts: frozenset[StatsPart]
    ) -> StatsReport | VendorError:
        days = self.counted_days(links, period)
        if days is None:
            return self.nothing(period, parts)
        try:
            return await self.read_parts(_ids(links), period, days, parts)
        except VendorError as error:
            return error


def _ids(links: Sequence[Link]) -> str:
    return ",".join(link.handle for link in links)
