"""Statistics of many links: their totals by their ids, and their days and breakdowns by their paths."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from linkweave.errors import UnsupportedError, VendorError
from linkweave.models import TOTALS, Link, Period, StatsPart, StatsReport
from linkweave.providers.batches import chunks
from linkweave.providers.shortio.inferred import IDS_PER_CALL, MAX_RECOUNTED, PATHS_PER_REPORT
from linkweave.providers.shortio.statistics import OPERATION, StatisticsReader, dates_of
from linkweave.providers.shortio.statistics_wire import MEASURES, LinkClicksAnswer, ReportAnswer
from linkweave.providers.single_reads import read_each


@dataclass(frozen=True, slots=True)
class LinkGroup:
    """Links of one domain that one call counts. The domain has a number where the account has it."""

    domain: int | None
    links: tuple[Link, ...]


class ManyStatisticsReader(StatisticsReader):
    """BATCH_STATS.

    The clicks of a path are also those of other links that had it, and those on days before the link was made. So what
    is counted by paths is used only where its sum is that of the links.
    """

    def links_per_call(self, part: StatsPart, *, whole_account: bool = False) -> int:  # noqa: ARG002 - the same for all
        """Totals take a call for each 100 links. All else takes one for each 500, besides the totals that check it."""
        return IDS_PER_CALL if part == TOTALS else IDS_PER_CALL * PATHS_PER_REPORT // (IDS_PER_CALL + PATHS_PER_REPORT)

    async def read_totals(
        self, links: Sequence[Link], period: Period | None
    ) -> Mapping[str, StatsReport | VendorError]:
        """One call for each 100 links of a domain."""
        days = None if period is None else self.counted_days(period)
        if period is not None and days is None:
            return {link.handle: self.nothing(period, frozenset({TOTALS})) for link in links}
        try:
            groups = await self._groups(links, IDS_PER_CALL)
        except VendorError as error:
            return {link.handle: error for link in links}
        read = await asyncio.gather(*(self._totals(group, period, days) for group in groups))
        return {handle: result for group in read for handle, result in group.items()}

    async def read_sums(
        self,
        links: Sequence[Link],
        period: Period,
        parts: frozenset[StatsPart],
        *,
        whole_account: bool = False,  # noqa: ARG002 - a domain has clicks of deleted links
    ) -> Sequence[StatsReport | VendorError]:
        """One call for each 500 links of a domain: a report of their paths, whose sum must be that of the totals."""
        days = self.counted_days(period)
        if days is None:
            return (self.nothing(period, parts),)
        try:
            groups = await self._groups(links, PATHS_PER_REPORT)
        except VendorError as error:
            return (error,)
        read = await asyncio.gather(*(self._sums(group, period, days, parts) for group in groups))
        return [report for reports in read for report in reports]

    async def _groups(self, links: Sequence[Link], size: int) -> list[LinkGroup]:
        numbers = {row.name: row.id for row in await self.own_domains(OPERATION)}
        by_domain: dict[str | None, list[Link]] = {}
        for link in links:
            by_domain.setdefault(link.domain, []).append(link)
        return [
            LinkGroup(numbers.get(domain or ""), group)
            for domain, of_domain in by_domain.items()
            for group in chunks(of_domain, size)
        ]

    async def _totals(
        self, group: LinkGroup, period: Period | None, days: Period | None
    ) -> Mapping[str, StatsReport | VendorError]:
        if group.domain is None:
            return {link.handle: self._foreign() for link in group.links}
        ids = ("ids", ",".join(link.handle for link in group.links))
        dates = () if days is None else dates_of(days)
        call = self.statistics_call(f"/statistics/domain/{group.domain}/link_clicks", (ids, *dates))
        try:
            answer, fetched = await self.fetch(LinkClicksAnswer, call)
        except VendorError as failure:
            return {link.handle: failure for link in group.links}
        covered = self.covered_days(period)
        return {
            link.handle: StatsReport(MEASURES, fetched.at, covered=covered, clicks=answer.clicks[link.handle])
            if link.handle in answer.clicks
            else self.bad_response(call, "the answer leaves out a link")
            for link in group.links
        }

    async def _sums(
        self, group: LinkGroup, period: Period, days: Period, parts: frozenset[StatsPart]
    ) -> Sequence[StatsReport | VendorError]:
        if group.domain is None:
            return (self._foreign(),)
        read = await self.read_totals(group.links, period)
        totals = tuple(read.values())
        failed = [total for total in totals if isinstance(total, VendorError)]
        if failed:
            return failed[:1]
        body = {
            "period": "custom",
            **dict(dates_of(days)),
            "tz": "UTC",
            "clicksChartInterval": "day",
            "include": {"paths": [f"/{link.slug}" for link in group.links]},
        }
        call = self.statistics_call(f"/statistics/domain/{group.domain}", body=body)
        try:
            answer, fetched = await self.fetch(ReportAnswer, call)
        except VendorError as error:
            return (error,)
        if answer.human_clicks != sum(_clicks(totals)):
            return await self._recount(group, period, parts)
        return (self.make_report(answer, fetched.at, self.covered_days(period), parts, call),)

    async def _recount(
        self, group: LinkGroup, period: Period, parts: frozenset[StatsPart]
    ) -> Sequence[StatsReport | VendorError]:
        """The reports of each link by itself, of few links."""
        if len(group.links) > MAX_RECOUNTED:
            problem = f"tells clicks by path that are not those of the links; ask for at most {MAX_RECOUNTED} links"
            return (self.unsupported(OPERATION, problem),)

        async def read(link: Link) -> StatsReport | VendorError:
            try:
                return await self.read_stats(link.handle, link, period, parts)
            except VendorError as error:
                return error

        return await read_each(group.links, read)

    def _foreign(self) -> UnsupportedError:
        return self.unsupported(OPERATION, "does not tell the clicks of links of this domain")


def _clicks(totals: Sequence[StatsReport | VendorError]) -> Iterator[int]:
    return (total.clicks for total in totals if isinstance(total, StatsReport) and total.clicks is not None)
