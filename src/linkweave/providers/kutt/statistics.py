"""Statistics of one link, as far as Kutt's spans have exactly the days that are asked for."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Final

from linkweave.errors import VendorError
from linkweave.models import SERIES, TOTALS, DayClicks, Dimension, Link, Period, RawBucket, StatsPart, StatsReport
from linkweave.providers.kutt.coverage import Coverage, cover, covered_days
from linkweave.providers.kutt.link_reader import LinkReader
from linkweave.providers.kutt.wire import MEASURES, NamedCount, Span, StatsAnswer
from linkweave.transport.lifetimes import Resource

DIMENSIONS: Final[Mapping[Dimension, str]] = MappingProxyType(
    {
        Dimension.COUNTRY: "country",
        Dimension.REFERRER: "referrer",
        Dimension.OS: "os",
        Dimension.BROWSER: "browser",
    }
)

_PARTS: Final = frozenset({TOTALS, SERIES, *map(StatsPart.of, DIMENSIONS)})
_OPERATION: Final = "read statistics"
_UNCOUNTED: Final = "counts the current day, and links that were made within the period, but not the days of others"
_SPAN_NAMES: Final = MappingProxyType({Coverage.TODAY: "lastDay", Coverage.WHOLE_LIFE: "lastYear"})


def stats_call(part: StatsPart, known: bool) -> str | None:
    """One call for all parts; the totals of a whole life come with the link."""
    return None if part == TOTALS and known else "statistics"


class StatisticsReader(LinkReader):
    """LINK_STATS."""

    async def read_stats(
        self, handle: str, link: Link | None, period: Period | None, parts: frozenset[StatsPart]
    ) -> StatsReport:
        """One call for all parts; none where the link tells enough.

        Raises:
            NotFoundError: the user has no such link.
            VendorError: the answer could not be read.
        """
        parts &= _PARTS
        known = None if link is None else self.known_stats(link, period, parts)
        if known is not None:
            return known
        answer, fetched = await self.fetch_stats(handle, _OPERATION, Resource.STATISTICS)
        return self._report(answer, fetched.at, period, parts)

    def known_stats(self, link: Link, period: Period | None, parts: frozenset[StatsPart]) -> StatsReport | None:
        """The visits that came with `link` where they are those of the period; the failures where none can be had."""
        parts &= _PARTS
        if link.created_at is None:
            return None
        coverage = cover(period, link.created_at, self.clock.now())
        if coverage is None or not parts:
            return self._uncounted(parts)
        if coverage is Coverage.WHOLE_LIFE and parts == {TOTALS} and link.included is not None:
            return replace(link.included, covered=covered_days(period, self.today()))
        return None

    def _uncounted(self, parts: frozenset[StatsPart]) -> StatsReport:
        failure = self.unsupported(_OPERATION, _UNCOUNTED)
        return StatsReport(MEASURES, self.clock.now(), failures=dict.fromkeys(parts, failure))

    def _report(
        self, answer: StatsAnswer, at: datetime, period: Period | None, parts: frozenset[StatsPart]
    ) -> StatsReport:
        now = answer.updated or at
        coverage = cover(period, answer.created_at, now)
        if coverage is None:
            return self._uncounted(parts)
        visits = Visits(answer, coverage, now)
        report = StatsReport(MEASURES, at, covered=covered_days(period, now.date()))
        clicks, days = visits.clicks(), visits.days()
        found = {part: visits.breakdown(part.dimension) for part in parts if part.dimension is not None}
        missing = {part for part, rows in found.items() if rows is None}
        missing |= ({TOTALS} if clicks is None else set()) | ({SERIES} if days is None else set())
        failure: VendorError = self.unsupported(_OPERATION, _UNCOUNTED)
        return replace(
            report,
            clicks=clicks if TOTALS in parts else None,
            series=days if SERIES in parts else None,
            breakdowns={part.dimension: rows for part, rows in found.items() if part.dimension and rows is not None},
            failures=dict.fromkeys(missing & parts, failure),
        )


class Visits:
    """The visits that a period holds, by what was asked for; None where the answer does not tell."""

    def __init__(self, answer: StatsAnswer, coverage: Coverage, now: datetime) -> None:
        self._answer = answer
        self._coverage = coverage
        self._now = now
        self._span = answer.last_day if coverage is Coverage.TODAY else answer.last_year
        self._span_name = _SPAN_NAMES.get(coverage, "")

    def clicks(self) -> int | None:
        """All of them."""
        if self._coverage is Coverage.NONE:
            return 0
        return self._answer.visit_count if self._coverage is Coverage.WHOLE_LIFE else self._today()

    def days(self) -> tuple[DayClicks, ...] | None:
        """By day: Kutt has the hours of the current day, and no other midnight."""
        if self._coverage is Coverage.NONE:
            return ()
        today, created = self._now.date(), self._answer.created_at
        is_today = self._coverage is Coverage.TODAY or (created is not None and created.date() == today)
        clicks = self._today() if is_today else None
        return None if clicks is None else (DayClicks(today, clicks),)

    def breakdown(self, dimension: Dimension | None) -> tuple[RawBucket, ...] | None:
        """By one dimension, where the span has these visits and no others."""
        if self._coverage is Coverage.NONE:
            return ()
        if dimension is None or dimension not in DIMENSIONS or self._span is None or self._span.total != self.clicks():
            return None
        name = DIMENSIONS[dimension]
        rows: tuple[NamedCount, ...] | None = getattr(self._span.stats, name)
        if rows is None or not self._answer.is_whole(self._span_name, f"stats.{name}"):
            return None
        return tuple(_bucket(dimension, row) for row in rows if row.value)

    def _today(self) -> int | None:
        """The visits since midnight of UTC: those of the last hours, which are whole hours of UTC (FOUND)."""
        span: Span | None = self._answer.last_day
        if span is None or not self._answer.is_whole("lastDay", "views") or len(span.views) <= self._now.hour:
            return None
        return sum(span.views[-(self._now.hour + 1) :])


def _bucket(dimension: Dimension, row: NamedCount) -> RawBucket:
    """A row. Every dot in a host is "[dot]", and codes of countries are in lower case (FOUND)."""
    if dimension is Dimension.COUNTRY:
        return RawBucket(row.name.upper(), clicks=row.value)
    return RawBucket(row.name.replace("[dot]", "."), clicks=row.value)
