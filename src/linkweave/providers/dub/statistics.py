"""Statistics of one link: Dub counts any days, by one call for each part."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import Final, TypeVar

from linkweave.errors import UnsupportedError, VendorError
from linkweave.models import SERIES, TOTALS, DayClicks, Dimension, Link, Period, RawBucket, StatsPart, StatsReport
from linkweave.providers.batches import or_raise
from linkweave.providers.dub.inferred import DAYS_PER_SERIES, LINK_ID
from linkweave.providers.dub.link_reader import LinkReader
from linkweave.providers.dub.settings import ANALYTICS
from linkweave.providers.dub.wire import MEASURES, BucketsAnswer, CountAnswer
from linkweave.providers.wire import parse_count, parse_moment
from linkweave.transport.call import MEGABYTE, Call, Pairs
from linkweave.transport.lifetimes import Resource

Value = TypeVar("Value")

# DOC: the key of a row is the dimension in the singular.
DIMENSIONS: Final[Mapping[Dimension, str]] = MappingProxyType(
    {
        Dimension.COUNTRY: "countries",
        Dimension.REFERRER: "referers",
        Dimension.DEVICE: "devices",
        Dimension.OS: "os",
        Dimension.BROWSER: "browsers",
    }
)
_KEYS: Final[Mapping[Dimension, str]] = MappingProxyType(
    {
        Dimension.COUNTRY: "country",
        Dimension.REFERRER: "referer",
        Dimension.DEVICE: "device",
        Dimension.OS: "os",
        Dimension.BROWSER: "browser",
    }
)
_PARTS: Final = frozenset({TOTALS, SERIES, *map(StatsPart.of, DIMENSIONS)})
_FIRST_DAY: Final = date(2022, 9, 22)
"""DOC: there are no statistics before, and Dub refuses to be asked."""
_MAX_ROWS: Final = 5_000
"""FOUND: Dub tells the largest rows of a breakdown, and no more than these."""
_MAX_BYTES: Final = 4 * MEGABYTE
_OPERATION: Final = "read statistics"


def stats_call(part: StatsPart, known: bool) -> str | None:  # noqa: ARG001 - a call for each part
    """A call for each part."""
    if part.dimension is not None:
        return DIMENSIONS.get(part.dimension)
    return "series" if part == SERIES else "totals"


@dataclass(frozen=True, slots=True)
class PartAnswer:
    """One part as it was counted, and when."""

    at: datetime
    clicks: int | None = None
    days: tuple[DayClicks, ...] | None = None
    rows: tuple[RawBucket, ...] | None = None


class StatisticsReader(LinkReader):
    """LINK_STATS."""

    async def read_stats(
        self, handle: str, link: Link | None, period: Period | None, parts: frozenset[StatsPart]
    ) -> StatsReport:
        """One call for each part, at the same time; a long series takes one for each 170 days.

        Raises:
            NotFoundError: the workspace has no such link.
            VendorError: no part could be read.
        """
        parts &= _PARTS
        known = None if link is None else self.known_stats(link, period, parts)
        if known is not None:
            return known
        if not LINK_ID.fullmatch(handle):
            raise self.not_found(_OPERATION)
        if period is None:
            return await self._life(handle)
        days = self.counted_days([link], period)
        if days is None:
            return self.nothing(period, parts)
        return await self.read_parts(handle, period, days, parts)

    def known_stats(self, link: Link, period: Period | None, parts: frozenset[StatsPart]) -> StatsReport | None:
        """The clicks that came with `link`, where they are those of the period."""
        made, included = link.created_at, link.included
        whole = period is None or (made is not None and period.start <= made.date() and self.today() <= period.end)
        if included is None or not whole or parts & _PARTS - {TOTALS}:
            return None
        return replace(included, covered=self._covered(period))

    async def _life(self, handle: str) -> StatsReport:
        """The clicks of a whole life are told with the link, on every plan."""
        found = (await self.read_links((handle,), _OPERATION)).get(handle)
        link = None if found is None else or_raise(found)
        if link is None:
            raise self.not_found(_OPERATION)
        return or_raise(link.included or self.no_clicks())

    def no_clicks(self) -> UnsupportedError:
        """The error for a link whose row had no number of clicks."""
        return self.unsupported(_OPERATION, "does not tell the clicks of this link")

    async def read_parts(self, ids: str, period: Period, days: Period, parts: frozenset[StatsPart]) -> StatsReport:
        """The `parts` of the links with `ids`, which are separated by commas: clicks of `days`, as those of `period`.

        Raises:
            VendorError: no part could be read.
        """
        wanted = sorted(parts, key=lambda part: part.name)
        read = await asyncio.gather(*(self._attempt(ids, days, part) for part in wanted))
        answers = dict(zip(wanted, read, strict=True))
        failures = {part: answer for part, answer in answers.items() if isinstance(answer, VendorError)}
        good = {part: answer for part, answer in answers.items() if isinstance(answer, PartAnswer)}
        if failures and not good:
            raise next(iter(failures.values()))
        nothing = PartAnswer(self.clock.now())
        return StatsReport(
            MEASURES,
            min((answer.at for answer in good.values()), default=nothing.at),
            covered=self._covered(period),
            clicks=good.get(TOTALS, nothing).clicks,
            series=good.get(SERIES, nothing).days,
            breakdowns={
                part.dimension: answer.rows
                for part, answer in good.items()
                if part.dimension is not None and answer.rows is not None
            },
            failures=failures,
        )

    async def _attempt(self, ids: str, days: Period, part: StatsPart) -> PartAnswer | VendorError:
        try:
            if part == TOTALS:
                answer, fetched = await self.fetch_about_link(CountAnswer, analytics_call(ids, days, "count"))
                return PartAnswer(fetched.at, clicks=answer.clicks)
            return await (self._series(ids, days) if part == SERIES else self._breakdown(ids, days, part.dimension))
        except VendorError as error:
            return error

    async def _series(self, ids: str, days: Period) -> PartAnswer:
        """The clicks of each day. Dub tells hours of a short range, and days of one up to half a year (FOUND)."""
        counted: dict[date, int] = {}
        start, at = days.start, self.clock.now()
        while start <= days.end:
            end = min(days.end, start + DAYS_PER_SERIES)
            rows, at = await self.read_rows(analytics_call(ids, Period(start, end), "timeseries"), "start", _day)
            for day, clicks in rows:
                if start <= day <= end:
                    counted[day] = counted.get(day, 0) + clicks
            start = end + timedelta(days=1)
        return PartAnswer(at, days=tuple(DayClicks(day, counted[day]) for day in sorted(counted)))

    async def _breakdown(self, ids: str, days: Period, dimension: Dimension | None) -> PartAnswer:
        if dimension is None:
            raise self.unsupported(_OPERATION, "does not count this")
        rows, at = await self.read_rows(analytics_call(ids, days, DIMENSIONS[dimension]), _KEYS[dimension], read_name)
        has_code = dimension is Dimension.COUNTRY
        return PartAnswer(at, rows=tuple(RawBucket(name, name if has_code else None, clicks) for name, clicks in rows))

    async def read_rows(
        self, call: Call, key: str, read: Callable[[object], Value]
    ) -> tuple[list[tuple[Value, int]], datetime]:
        """The rows of a breakdown, each with its value of `key` and its clicks.

        A row that cannot be read makes them unusable, and so does a breakdown that Dub cuts off: the sum of the rest is
        too small.

        Raises:
            VendorError: there are no usable rows.
        """
        answer, fetched = await self.fetch_about_link(BucketsAnswer, call)
        try:
            rows = [(read(row.get(key)), parse_count(row.get("clicks"))) for row in answer.rows]
        except (ValueError, OverflowError):
            rows = None
        if rows is None or answer.left_out:
            raise self.bad_response(call, "a row has an unexpected shape")
        if len(rows) >= _MAX_ROWS:
            raise self.unsupported(_OPERATION, f"counts more than the {_MAX_ROWS:,} largest values")
        return rows, fetched.at

    def counted_days(self, links: Sequence[Link | None], period: Period) -> Period | None:
        """The days of `period` on which `links` can have clicks; None where there are none."""
        made = [None if link is None or link.created_at is None else link.created_at.date() for link in links]
        known = [day for day in made if day is not None]
        start = max(period.start, _FIRST_DAY, *([min(known)] if len(known) == len(made) else ()))
        end = min(period.end, self.today())
        return Period(start, end) if start <= end else None

    def nothing(self, period: Period, parts: frozenset[StatsPart]) -> StatsReport:
        """No clicks, on days before the link was made and on days to come."""
        dimensions = [part.dimension for part in parts if part.dimension is not None]
        return StatsReport(
            MEASURES,
            self.clock.now(),
            covered=self._covered(period),
            clicks=0 if TOTALS in parts else None,
            series=() if SERIES in parts else None,
            breakdowns=dict.fromkeys(dimensions, ()),
        )

    def _covered(self, period: Period | None) -> Period | None:
        """The days of `period` until today."""
        return None if period is None else Period(period.start, max(period.start, min(period.end, self.today())))


def analytics_call(ids: str, days: Period, group_by: str) -> Call:
    """A call for whole days of UTC: a bare date would be noon to Dub."""
    query: Pairs = (
        ("linkId", ids),
        ("groupBy", group_by),
        ("event", "clicks"),
        ("start", f"{days.start.isoformat()}T00:00:00.000Z"),
        ("end", f"{days.end.isoformat()}T23:59:59.999Z"),
        ("timezone", "UTC"),
    )
    return Call(
        _OPERATION, "GET", "/analytics", query, bucket=ANALYTICS, reads=Resource.STATISTICS, max_bytes=_MAX_BYTES
    )


def _day(value: object) -> date:
    return parse_moment(value).astimezone(UTC).date()


def read_name(value: object) -> str:
    """The name of a row.

    Raises:
        ValueError: it has none.
    """
    if not isinstance(value, str) or not value:
        raise ValueError("is not a name")
    return value
