"""Statistics of one link: TinyURL counts any days, by one call for the days and one for each report."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Final

from linkweave.errors import LinkNotCountedError, VendorError
from linkweave.models import (
    BOT_TOTALS,
    SERIES,
    TOTALS,
    DayClicks,
    Dimension,
    Link,
    Period,
    RawBucket,
    StatsPart,
    StatsReport,
)
from linkweave.providers.tinyurl.link_reader import LinkReader
from linkweave.providers.tinyurl.wire import (
    MEASURES,
    GeneralAnswer,
    PointRow,
    TimelineAnswer,
    TopAnswer,
)
from linkweave.providers.wire import parse_count, parse_moment
from linkweave.transport.call import MEGABYTE, Call, Pairs
from linkweave.transport.lifetimes import Resource

TIMELINE: Final = "timeline"
GENERAL: Final = "general"

# DOC. Three dimensions come with one report.
REPORTS: Final[Mapping[Dimension, str]] = MappingProxyType(
    {
        Dimension.COUNTRY: "location/world",
        Dimension.REFERRER: "sources/top",
        Dimension.LANGUAGE: "languages/top",
        Dimension.DEVICE: GENERAL,
        Dimension.OS: GENERAL,
        Dimension.BROWSER: GENERAL,
    }
)
# The keys of a row's name and of its clicks.
_KEYS: Final[Mapping[Dimension, tuple[str, str]]] = MappingProxyType(
    {
        Dimension.COUNTRY: ("name", "value"),
        Dimension.REFERRER: ("source", "hits"),
        Dimension.LANGUAGE: ("language", "hits"),
        Dimension.DEVICE: ("name", "value"),
        Dimension.OS: ("name", "value"),
        Dimension.BROWSER: ("name", "value"),
    }
)
_PARTS: Final = frozenset({TOTALS, BOT_TOTALS, SERIES, *map(StatsPart.of, REPORTS)})
_OPERATION: Final = "read statistics"
_MAX_BYTES: Final = 4 * MEGABYTE
_SWITCHED_OFF: Final = "does not count the clicks of this link, because its analytics are switched off"


def stats_call(part: StatsPart, known: bool) -> str | None:  # noqa: ARG001 - the same for links that were read
    """One call for totals and days, and one for each report."""
    return TIMELINE if part.dimension is None else REPORTS.get(part.dimension)


@dataclass(frozen=True, slots=True)
class ReportPart:
    """What one call told."""

    at: datetime
    days: tuple[PointRow, ...] = ()
    rows: Mapping[Dimension, tuple[RawBucket, ...]] = field(default_factory=dict)


class StatisticsReader(LinkReader):
    """LINK_STATS."""

    async def read_stats(
        self, handle: str, link: Link | None, period: Period | None, parts: frozenset[StatsPart]
    ) -> StatsReport:
        """One call for totals and days, and one for each report that the parts need, at the same time.

        Where nothing was counted, a further call finds out whether anything is counted at all.

        Raises:
            NotFoundError: the account has no such link.
            VendorError: no part could be read.
        """
        parts &= _PARTS
        if period is None:
            return await self._life(handle, link)
        covered = Period(period.start, max(period.start, min(period.end, self.today())))
        self.name_of(handle, _OPERATION)
        if period.start > self.today():
            return _report(
                StatsReport(MEASURES, self.clock.now(), covered=covered), parts, ReportPart(self.clock.now())
            )
        calls: dict[str, set[StatsPart]] = {}
        for part in parts:
            calls.setdefault(stats_call(part, known=False) or TIMELINE, set()).add(part)
        read = await asyncio.gather(*(self._attempt(handle, covered, name, wanted) for name, wanted in calls.items()))
        return await self._join(handle, covered, dict(zip(calls, read, strict=True)), calls)

    def known_stats(self, link: Link, period: Period | None, parts: frozenset[StatsPart]) -> StatsReport | None:  # noqa: ARG002 - a whole life has nothing but totals
        """The clicks of the whole life, where they came with `link`."""
        return link.included if period is None else None

    async def _life(self, handle: str, link: Link | None) -> StatsReport:
        if link is not None and link.included is not None:
            return link.included
        answer, fetched = await self.fetch_link(self.name_of(handle, _OPERATION), _OPERATION)
        return StatsReport(MEASURES, fetched.at, clicks=answer.data.hits)

    async def _join(
        self,
        handle: str,
        covered: Period,
        read: Mapping[str, ReportPart | VendorError],
        calls: Mapping[str, Iterable[StatsPart]],
    ) -> StatsReport:
        good = {name: answer for name, answer in read.items() if isinstance(answer, ReportPart)}
        failed = {name: answer for name, answer in read.items() if isinstance(answer, VendorError)}
        if failed and not good:
            raise next(iter(failed.values()))
        if good and not any(each.days or any(each.rows.values()) for each in good.values()):
            failed |= await self._why_nothing(handle, good)
        at = min((each.at for each in good.values()), default=self.clock.now())
        failures = {part: error for name, error in failed.items() for part in calls[name]}
        report = StatsReport(MEASURES, at, covered=covered, failures=failures)
        for name, answer in good.items():
            report = _report(report, set(calls[name]) - failures.keys(), answer)
        return report

    async def _why_nothing(self, handle: str, names: Iterable[str]) -> dict[str, VendorError]:
        """The reason for every report, where TinyURL does not count the link: then its reports are empty."""
        try:
            answer, _ = await self.fetch_link(self.name_of(handle, _OPERATION), _OPERATION)
        except VendorError as error:
            return dict.fromkeys(names, error)
        analytics = answer.data.analytics
        is_off = analytics is not None and analytics.enabled is False
        return dict.fromkeys(names, self.error(LinkNotCountedError, _SWITCHED_OFF, _OPERATION)) if is_off else {}

    async def _attempt(
        self, handle: str, days: Period, name: str, parts: Iterable[StatsPart]
    ) -> ReportPart | VendorError:
        dimensions = [part.dimension for part in parts if part.dimension is not None]
        try:
            if name == TIMELINE:
                return await self._timeline(handle, days)
            call = _call(handle, days, name)
            if name == GENERAL:
                return await self._general(call, dimensions)
            return await self._top(call, dimensions[0])
        except VendorError as error:
            return error

    async def _timeline(self, handle: str, days: Period) -> ReportPart:
        call = _call(handle, days, TIMELINE, (("interval", "day"),))
        answer, fetched = await self.fetch(TimelineAnswer, call)
        rows = answer.data.dataset
        try:
            inside = [row for row in rows if days.start <= _day(row) <= days.end]
        except ValueError:
            inside = None
        if inside is None or answer.left_out or len({_day(row) for row in inside}) < len(inside):
            raise self._unreadable(call)
        return ReportPart(fetched.at, tuple(sorted((row for row in inside if row.total), key=_day)))

    async def _general(self, call: Call, dimensions: Iterable[Dimension]) -> ReportPart:
        answer, fetched = await self.fetch(GeneralAnswer, call)
        told = answer.data.dataset
        named = {Dimension.DEVICE: told.device, Dimension.OS: told.os, Dimension.BROWSER: told.browser}
        if answer.left_out:
            raise self._unreadable(call)
        return ReportPart(fetched.at, rows={each: self._buckets(named[each], each, call) for each in dimensions})

    async def _top(self, call: Call, dimension: Dimension) -> ReportPart:
        answer, fetched = await self.fetch(TopAnswer, call)
        if answer.left_out:
            raise self._unreadable(call)
        rows = self._buckets(answer.data.dataset, dimension, call)
        rest = {"direct": answer.data.direct, "unknown": answer.data.none}
        others = (RawBucket(name, clicks=clicks) for name, clicks in rest.items() if clicks)
        return ReportPart(fetched.at, rows={dimension: (*rows, *others)})

    def _buckets(self, rows: Iterable[Mapping[str, Any]], dimension: Dimension, call: Call) -> tuple[RawBucket, ...]:
        """The rows of a breakdown. One that cannot be read makes it unusable: the sum of the rest is too small."""
        name, clicks = _KEYS[dimension]
        try:
            return tuple(RawBucket(_text(row.get(name)), clicks=parse_count(row.get(clicks))) for row in rows)
        except (ValueError, OverflowError):
            raise self._unreadable(call) from None

    def _unreadable(self, call: Call) -> VendorError:
        return self.bad_response(call, "a row has an unexpected shape")


def _call(handle: str, days: Period, name: str, more: Pairs = ()) -> Call:
    """A call for whole days of UTC: the zone of `from` is that of the answer (DOC)."""
    query: Pairs = (
        ("from", f"{days.start.isoformat()}T00:00:00+0000"),
        ("to", f"{days.end.isoformat()}T23:59:59+0000"),
        ("alias", handle),
        *more,
    )
    return Call(_OPERATION, "GET", f"/analytics/{name}", query, reads=Resource.STATISTICS, max_bytes=_MAX_BYTES)


def _report(report: StatsReport, parts: Iterable[StatsPart], told: ReportPart) -> StatsReport:
    """`report` with the parts that one call told."""
    wanted = frozenset(parts)
    if TOTALS in wanted:
        clicks, unique = sum(row.total for row in told.days), sum(row.unique for row in told.days)
        report = replace(report, clicks=clicks, unique_clicks=unique)
    if BOT_TOTALS in wanted:
        report = replace(report, bot_clicks=sum(max(0, row.total - row.human) for row in told.days))
    if SERIES in wanted:
        days = tuple(DayClicks(_day(row), row.total, row.unique) for row in told.days)
        report = replace(report, series=days)
    found = {part.dimension: told.rows.get(part.dimension, ()) for part in wanted if part.dimension is not None}
    return replace(report, breakdowns={**report.breakdowns, **found})


def _day(row: PointRow) -> date:
    """The day of a row, which is in the zone that was asked for: it has none of its own (DOC)."""
    return parse_moment(row.datetime).date()


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("is not a name")
    return value
