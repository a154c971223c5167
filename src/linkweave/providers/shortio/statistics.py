"""Statistics of links: clicks of people by one report for each link, and the totals of many links by one call."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Final, TypeVar

from linkweave.errors import VendorError
from linkweave.models import BOT_TOTALS, SERIES, TOTALS, Link, Period, StatsPart, StatsReport
from linkweave.providers.batches import chunks
from linkweave.providers.shortio.inferred import IDS_PER_CALL
from linkweave.providers.shortio.link_reader import LinkReader
from linkweave.providers.shortio.settings import STATISTICS
from linkweave.providers.shortio.statistics_wire import (
    DIMENSIONS,
    MEASURES,
    ContradictionError,
    LinkClicksAnswer,
    ReportAnswer,
)
from linkweave.transport.call import MEGABYTE, Call, Pairs
from linkweave.transport.lifetimes import Resource

Value = TypeVar("Value")

_PARTS: Final = frozenset({TOTALS, BOT_TOTALS, SERIES, *map(StatsPart.of, DIMENSIONS)})
_MAX_BYTES: Final = 4 * MEGABYTE
_OPERATION: Final = "read statistics"


def stats_call(part: StatsPart, known: bool) -> str | None:  # noqa: ARG001 - the same for all links
    """One report for everything; the totals of several links go together instead."""
    return "totals" if part == TOTALS else "report"


class StatisticsReader(LinkReader):
    """LINK_STATS and BATCH_STATS. The statistics have a host of their own."""

    async def read_stats(
        self,
        handle: str,
        link: Link | None,
        period: Period | None,
        parts: frozenset[StatsPart],
    ) -> StatsReport:
        """All parts by one call.

        Raises:
            NotFoundError: the account has no such link.
            VendorError: there is no report.
        """
        path = self.link_path(handle, _OPERATION).replace("/links/", "/statistics/link/")
        if link is None:
            await self.require_own(handle, _OPERATION)
        days = None if period is None else self._counted_days(period)
        if period is not None and days is None:
            return self._nothing(period, parts & _PARTS)
        query: Pairs = (("period", "total"),) if days is None else (("period", "custom"), *_dates(days))
        call = self._call(path, (*query, ("tz", "UTC"), ("clicksChartInterval", "day")))
        answer, fetched = await self.fetch(ReportAnswer, call)
        return self._report(answer, fetched.at, self._covered(period), parts, call)

    def links_per_call(self, part: StatsPart, *, whole_account: bool = False) -> int:  # noqa: ARG002 - the same for all
        """Totals alone. Days and breakdowns of several links are counted by path, which other links may have had."""
        return IDS_PER_CALL if part == TOTALS else 1

    async def read_totals(
        self, links: Sequence[Link], period: Period | None
    ) -> Mapping[str, StatsReport | VendorError]:
        """One call for each 100 links of a domain."""
        days = None if period is None else self._counted_days(period)
        if period is not None and days is None:
            return {link.handle: self._nothing(period, frozenset({TOTALS})) for link in links}
        try:
            numbers = {row.name: row.id for row in await self.own_domains(_OPERATION)}
        except VendorError as error:
            return {link.handle: error for link in links}
        by_domain: dict[str | None, list[Link]] = {}
        for link in links:
            by_domain.setdefault(link.domain, []).append(link)
        read = await asyncio.gather(
            *(
                self._totals(numbers.get(domain or ""), group, period, days)
                for domain, of_domain in by_domain.items()
                for group in chunks(of_domain, IDS_PER_CALL)
            )
        )
        return {handle: result for group in read for handle, result in group.items()}

    async def _totals(
        self, domain: int | None, links: Sequence[Link], period: Period | None, days: Period | None
    ) -> Mapping[str, StatsReport | VendorError]:
        if domain is None:
            error: VendorError = self.unsupported(_OPERATION, "does not tell the clicks of links of this domain")
            return {link.handle: error for link in links}
        ids = ("ids", ",".join(link.handle for link in links))
        dates = () if days is None else _dates(days)
        call = self._call(f"/statistics/domain/{domain}/link_clicks", (ids, *dates))
        try:
            answer, fetched = await self.fetch(LinkClicksAnswer, call)
        except VendorError as failure:
            return {link.handle: failure for link in links}
        covered = self._covered(period)
        return {
            link.handle: StatsReport(MEASURES, fetched.at, covered=covered, clicks=answer.clicks[link.handle])
            if link.handle in answer.clicks
            else self.bad_response(call, "the answer leaves out a link")
            for link in links
        }

    def _report(
        self, answer: ReportAnswer, at: datetime, covered: Period | None, parts: frozenset[StatsPart], call: Call
    ) -> StatsReport:
        """The report of `answer`. A part that cannot be used is in its failures."""
        failures: dict[StatsPart, Exception] = {}

        def attempt(part: StatsPart, read: Callable[[], Value]) -> Value | None:
            try:
                return read() if part in parts else None
            except ContradictionError as problem:
                failures[part] = self.unsupported(_OPERATION, str(problem))
            except (ValueError, OverflowError):
                failures[part] = self.bad_response(call, "a number has an unexpected shape")
            return None

        rows = {each: attempt(StatsPart.of(each), partial(answer.buckets, each)) for each in DIMENSIONS}
        return StatsReport(
            MEASURES,
            at,
            covered=covered,
            clicks=answer.human_clicks,
            bot_clicks=attempt(BOT_TOTALS, answer.bot_clicks),
            series=attempt(SERIES, answer.days),
            breakdowns={dimension: buckets for dimension, buckets in rows.items() if buckets is not None},
            failures=failures,
        )

    def _call(self, path: str, query: Pairs) -> Call:
        return Call(
            _OPERATION,
            "GET",
            path,
            query,
            bucket=STATISTICS,
            reads=Resource.STATISTICS,
            max_bytes=_MAX_BYTES,
            host=self.settings.statistics_host,
        )

    def _counted_days(self, period: Period) -> Period | None:
        """The days of `period` until today; None where all are to come."""
        end = min(period.end, self.today())
        return Period(period.start, end) if period.start <= end else None

    def _covered(self, period: Period | None) -> Period | None:
        return None if period is None else self._counted_days(period) or Period(period.start, period.start)

    def _nothing(self, period: Period, parts: frozenset[StatsPart]) -> StatsReport:
        """No clicks, on days to come."""
        return StatsReport(
            MEASURES,
            self.clock.now(),
            covered=self._covered(period),
            clicks=0,
            bot_clicks=0 if BOT_TOTALS in parts else None,
            series=() if SERIES in parts else None,
            breakdowns={part.dimension: () for part in parts if part.dimension is not None},
        )


def _dates(days: Period) -> Pairs:
    """Whole days of UTC, as moments with a zone: Short.io refuses those without (FOUND)."""
    return ("startDate", f"{days.start}T00:00:00.000Z"), ("endDate", f"{days.end}T23:59:59.999Z")
