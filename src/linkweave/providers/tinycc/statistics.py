"""Reads clicks: totals of whole lives at every host, and days at hosts that send them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final

from linkweave.errors import VendorError
from linkweave.models import SERIES, TOTALS, DayClicks, Link, Period, StatsPart, StatsReport
from linkweave.providers.link_totals import ONLY_WHOLE_LIVES
from linkweave.providers.tinycc.day_support import DaySupport, LearnedDaySupport
from linkweave.providers.tinycc.handles import LinkName
from linkweave.providers.tinycc.link_wire import MEASURES, DayCounts, LinkCounts, StatsAnswer, totals
from linkweave.providers.tinycc.links import LinkReader
from linkweave.transport.call import Call
from linkweave.transport.lifetimes import Resource

_OPERATION: Final = "read statistics"
_DAYS: Final = "daily_clicks"
_COUNTED: Final = frozenset({TOTALS, SERIES})


class StatisticsReader(LinkReader):
    """LINK_STATS."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._days = LearnedDaySupport(self.clock)

    async def read_stats(
        self,
        handle: str,
        link: Link | None,
        period: Period | None,
        parts: frozenset[StatsPart],
    ) -> StatsReport:
        """Totals of the link's whole life; of a period only at a host that sends days.

        No call is made where the link is known and its whole life is wanted, nor at a host that is known to lack days.
        A question for days finds out whether a host sends them; one for totals alone does not.

        Raises:
            NotFoundError: the account has no such link.
            VendorError: the clicks could not be read.
        """
        known = None if link is None else self.known_stats(link, period, parts)
        if known is not None:
            return known
        if not parts & _COUNTED:
            return StatsReport(MEASURES, self.clock.now())
        if period is None:
            entry, at = await self._read_counts(handle, with_days=False)
            return totals(entry.total_clicks, entry.unique_clicks, at)
        return await self._read_period(handle, period, parts)

    def stats_call(self, part: StatsPart, link_known: bool) -> str | None:
        """Days cost a call, unless the host is known to lack them; totals of days where it is known to send them."""
        support = self._days.current
        if part == SERIES:
            return None if support is DaySupport.LACKS_DAYS else _OPERATION
        if part != TOTALS or (link_known and support is not DaySupport.SENDS_DAYS):
            return None
        return _OPERATION

    def known_stats(self, link: Link, period: Period | None, parts: frozenset[StatsPart]) -> StatsReport | None:
        """The totals that came with `link`; of a period where the link has no clicks at all, or the host no days."""
        if period is None:
            return link.included
        if link.included is not None and link.included.clicks == 0 and parts & _COUNTED:
            series = () if SERIES in parts else None
            return replace(link.included, covered=period, unique_clicks=0, series=series)
        return self._without_days(parts) if self._days.current is DaySupport.LACKS_DAYS else None

    async def _read_period(self, handle: str, period: Period, parts: frozenset[StatsPart]) -> StatsReport:
        if SERIES not in parts and self._days.current is not DaySupport.SENDS_DAYS:
            return self._without_days(parts)
        async with self._days.question() as support:
            if support is DaySupport.LACKS_DAYS:
                return self._without_days(parts)
            if support is DaySupport.UNKNOWN:
                return await self._read_days(handle, period, parts)
        return await self._read_days(handle, period, parts)

    async def _read_days(self, handle: str, period: Period, parts: frozenset[StatsPart]) -> StatsReport:
        entry, at = await self._read_counts(handle, with_days=True)
        if entry.daily_clicks is None:
            # A link without clicks says nothing about the host.
            if entry.total_clicks:
                self._days.learn(sends_days=False)
            return self._without_days(parts)
        self._days.learn(sends_days=True)
        return self._report(entry, entry.daily_clicks, period, at)

    def _report(self, entry: LinkCounts, told: Mapping[date, DayCounts], period: Period, at: datetime) -> StatsReport:
        """The days of `period` and their sums; no sums where the host may have forgotten some of the days."""
        days = {day: told[day] for day in sorted(told) if period.start <= day <= period.end}
        series = tuple(DayClicks(day, counts.total, counts.unique) for day, counts in days.items())
        first = min(told, default=None)
        has_every_click = sum(counts.total for counts in told.values()) == entry.total_clicks
        if has_every_click or (first is not None and first <= period.start):
            clicks, unique = sum(each.total for each in days.values()), sum(each.unique for each in days.values())
            return StatsReport(MEASURES, at, period, clicks=clicks, unique_clicks=unique, series=series)
        problem = f"tells days from {first} only" if first else "tells no days of this link"
        failures = {TOTALS: self.unsupported(_OPERATION, problem)}
        covered = Period(first, period.end) if first is not None and first <= period.end else None
        if covered is None:
            failures[SERIES] = failures[TOTALS]
        return StatsReport(MEASURES, at, covered, truncated=True, series=series if covered else None, failures=failures)

    def _without_days(self, parts: frozenset[StatsPart]) -> StatsReport:
        failure: VendorError = self.unsupported(_OPERATION, ONLY_WHOLE_LIVES)
        return StatsReport(MEASURES, self.clock.now(), failures=dict.fromkeys(parts & _COUNTED, failure))

    async def _read_counts(self, handle: str, *, with_days: bool) -> tuple[LinkCounts, datetime]:
        """GET /stats/{hash}."""
        name = LinkName.parse(handle)
        if name is None:
            raise self.not_found(_OPERATION)
        query = (("domain", name.domain),)
        call = Call(_OPERATION, "GET", name.path("/stats"), query, reads=Resource.STATISTICS)

        def own(answer: StatsAnswer) -> LinkCounts:
            for entry in answer.stats:
                if entry.slug == name.slug:
                    return entry
            raise self.bad_response(call, "the link's statistics are missing")

        def check(answer: StatsAnswer) -> None:
            own(answer)
            if with_days and any(_DAYS in name for name in (*answer.left_out.rows, *answer.left_out.fields)):
                # A sum of the other days would be too small.
                raise self.bad_response(call, "a day has an unexpected shape")

        answer, fetched = await self.fetch(StatsAnswer, call, check)
        return own(answer), fetched.at
