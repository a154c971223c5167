"""Statistics of one link: the clicks of people, and of bots, by one report."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Final, TypeVar

from linkweave.models import BOT_TOTALS, SERIES, TOTALS, Link, Period, StatsPart, StatsReport
from linkweave.providers.shortio.link_reader import LinkReader
from linkweave.providers.shortio.settings import STATISTICS
from linkweave.providers.shortio.statistics_wire import (
    DIMENSIONS,
    MEASURES,
    ContradictionError,
    ReportAnswer,
)
from linkweave.transport.call import MEGABYTE, Call, Pairs
from linkweave.transport.lifetimes import Resource

Value = TypeVar("Value")

OPERATION: Final = "read statistics"
_PARTS: Final = frozenset({TOTALS, BOT_TOTALS, SERIES, *map(StatsPart.of, DIMENSIONS)})
_MAX_BYTES: Final = 4 * MEGABYTE


def stats_call(part: StatsPart, known: bool) -> str | None:  # noqa: ARG001 - the same for all links
    """One report for everything; the totals of several links go together instead."""
    return "totals" if part == TOTALS else "report"


class StatisticsReader(LinkReader):
    """LINK_STATS. The statistics have a host of their own."""

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
        path = self.link_path(handle, OPERATION).replace("/links/", "/statistics/link/")
        if link is None:
            await self.require_own(handle, OPERATION)
        days = None if period is None else self.counted_days(period)
        if period is not None and days is None:
            return self.nothing(period, parts & _PARTS)
        query: Pairs = (("period", "total"),) if days is None else (("period", "custom"), *dates_of(days))
        call = self.statistics_call(path, (*query, ("tz", "UTC"), ("clicksChartInterval", "day")))
        answer, fetched = await self.fetch(ReportAnswer, call)
        return self.make_report(answer, fetched.at, self.covered_days(period), parts, call)

    def make_report(
        self, answer: ReportAnswer, at: datetime, covered: Period | None, parts: frozenset[StatsPart], call: Call
    ) -> StatsReport:
        """The report of `answer`. A part that cannot be used is in its failures."""
        failures: dict[StatsPart, Exception] = {}

        def attempt(part: StatsPart, read: Callable[[], Value]) -> Value | None:
            try:
                return read() if part in parts else None
            except ContradictionError as problem:
                failures[part] = self.unsupported(OPERATION, str(problem))
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

    def statistics_call(self, path: str, query: Pairs = (), body: object = None) -> Call:
        """A call to the host of the statistics. One with a body is a POST, and reads all the same (FOUND)."""
        return Call(
            OPERATION,
            "GET" if body is None else "POST",
            path,
            query,
            json=body,
            bucket=STATISTICS,
            reads=Resource.STATISTICS,
            max_bytes=_MAX_BYTES,
            host=self.settings.statistics_host,
        )

    def counted_days(self, period: Period) -> Period | None:
        """The days of `period` until today; None where all are to come."""
        end = min(period.end, self.today())
        return Period(period.start, end) if period.start <= end else None

    def covered_days(self, period: Period | None) -> Period | None:
        """The days of `period` that a report covers: until today."""
        return None if period is None else self.counted_days(period) or Period(period.start, period.start)

    def nothing(self, period: Period, parts: frozenset[StatsPart]) -> StatsReport:
        """No clicks, on days to come."""
        return StatsReport(
            MEASURES,
            self.clock.now(),
            covered=self.covered_days(period),
            clicks=0,
            bot_clicks=0 if BOT_TOTALS in parts else None,
            series=() if SERIES in parts else None,
            breakdowns={part.dimension: () for part in parts if part.dimension is not None},
        )


def dates_of(days: Period) -> Pairs:
    """Whole days of UTC, as moments with a zone: Short.io refuses those without (FOUND)."""
    return ("startDate", f"{days.start}T00:00:00.000Z"), ("endDate", f"{days.end}T23:59:59.999Z")
