"""ShortenWorld's statistics: nine metrics in one answer.

The document numbers the metrics and does not describe their form. Understood are a list of rows, the same as an object
with "0", "1", … for keys, and an object of names and values. Values are numbers or digits.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from types import MappingProxyType
from typing import Annotated, Final, TypeVar

from pydantic import BeforeValidator, Field

from linkweave.errors import VendorError
from linkweave.models import (
    BOT_TOTALS,
    SERIES,
    TOTALS,
    DayClicks,
    Dimension,
    Link,
    Measure,
    Period,
    RawBucket,
    StatsPart,
    StatsReport,
)
from linkweave.providers.shortenworld import inferred
from linkweave.providers.shortenworld.calls import make_call
from linkweave.providers.shortenworld.inferred import DAYS_METRIC, DIMENSION_METRICS, NAME, SOURCES_METRIC, VALUE
from linkweave.providers.shortenworld.link_reader import LinkReader
from linkweave.providers.shortenworld.wire import AnalyticsReply, day_text, parse_day_text
from linkweave.providers.wire import Wire, parse_count

T = TypeVar("T")

MEASURES: Final = frozenset({Measure.CLICKS, Measure.BOT_CLICKS})
DIMENSIONS: Final = frozenset({*DIMENSION_METRICS, Dimension.REFERRER})
_OPERATION: Final = "read statistics"
_PARTS: Final = frozenset({TOTALS, BOT_TOTALS, SERIES, *map(StatsPart.of, DIMENSIONS)})


class StatisticsReader(LinkReader):
    """LINK_STATS."""

    async def read_stats(
        self, handle: str, link: Link | None, period: Period | None, parts: frozenset[StatsPart]
    ) -> StatsReport:
        """One call for all parts. Totals of a whole life come with the link, or are those since the day it was made.

        Raises:
            NotFoundError: the vendor does not have the link.
            UnsupportedError: the list does not say when the link was made, so that its whole life is not known.
            VendorError: no part could be read.
        """
        known = None if link is None else self.known_stats(link, period, parts)
        if known is not None:
            return known
        parts &= _PARTS
        period = period or await self._life(handle, link)
        if not parts:
            return StatsReport(MEASURES, self.clock.now(), covered=period)
        query = (("linkId", handle), ("startTime", day_text(period.start)), ("endTime", day_text(period.end)))
        call = make_call(inferred.READ_STATISTICS, query)

        def report(answer: AnalyticsReply, at: datetime) -> StatsReport:
            return stats_report(
                answer.metrics,
                period,
                parts,
                at,
                partial(self.bad_response, call),
                partial(self.unsupported, call.operation),
            )

        answer, fetched = await self.fetch(AnalyticsReply, call, lambda answer: report(answer, self.clock.now()))
        return report(answer, fetched.at)

    def known_stats(self, link: Link, period: Period | None, parts: frozenset[StatsPart]) -> StatsReport | None:
        """The totals of a link's whole life that came with its list, where `period` certainly holds this life.

        The vendor's time zone is not documented. So the link must be made after the end of the first day.
        """
        if parts & _PARTS != {TOTALS} or link.included is None or period is None:
            return link.included if period is None and parts & _PARTS == {TOTALS} else None
        if link.created_at is None or not period.start < link.created_at.date() <= self.today() <= period.end:
            return None
        return replace(link.included, covered=period)

    async def _life(self, handle: str, link: Link | None) -> Period:
        """The days since the link was made, and one more at the start: the vendor's zone is not documented."""
        if link is None:
            link = (await self.get_links([handle], frozenset())).get(handle)
        if link is None:
            raise self.not_found(_OPERATION)
        if link.created_at is None:
            raise self.unsupported(_OPERATION, "does not say when this link was made, so its whole life is not known")
        return Period(link.created_at.date() - timedelta(days=1), self.today())


def _count_or_none(value: object) -> int | None:
    try:
        return parse_count(value)
    except ValueError:
        return None


class NoSourcesError(ValueError):
    """A metric that should have the sources of clicks has their days."""


class MetricRow(Wire):
    """One row of a metric."""

    name: str = Field(alias=NAME)
    value: Annotated[int | None, BeforeValidator(_count_or_none)] = Field(default=None, alias=VALUE)


def stats_report(
    metrics: Mapping[str, object],
    period: Period,
    parts: frozenset[StatsPart],
    fetched_at: datetime,
    bad_response: Callable[[str], VendorError],
    unsupported: Callable[[str], VendorError],
) -> StatsReport:
    """The wanted parts of `metrics`. A metric of a strange form fails only the parts that are read from it.

    Raises:
        VendorError: made by `bad_response`, when every part fails.
    """
    failures: dict[StatsPart, Exception] = {}

    def read_part(part: StatsPart, read: Callable[[], T]) -> T | None:
        try:
            return read() if part in parts else None
        except NoSourcesError:
            failures[part] = unsupported("the server tells the clicks of each day in place of their sources")
            return None
        except ValueError:
            failures[part] = bad_response(f"{part.name} has an unexpected shape")
            return None

    clicks = read_part(TOTALS, lambda: _total(_days(metrics, period)))
    series = read_part(SERIES, partial(_days, metrics, period))
    rows = {each: read_part(StatsPart.of(each), partial(_buckets, metrics, each)) for each in DIMENSIONS}
    if failures and failures.keys() == parts:
        raise next(iter(failures.values()))
    return StatsReport(
        measures=MEASURES,
        fetched_at=fetched_at,
        covered=period,
        clicks=clicks,
        bot_clicks=_bot_clicks(metrics) if BOT_TOTALS in parts else None,
        series=None if series is None else tuple(DayClicks(day, series[day]) for day in sorted(series)),
        breakdowns=MappingProxyType({each: found for each, found in rows.items() if found is not None}),
        failures=MappingProxyType(failures),
    )


def rows_of(metric: object) -> tuple[MetricRow, ...]:
    """The rows of one metric, in any of the forms that are understood. A value that cannot be read is None.

    Raises:
        ValueError: the metric has another form, or a row has no name.
    """
    if isinstance(metric, dict):
        rows: Sequence[object] = list(metric.values())
        if not any(isinstance(row, dict) for row in rows):
            rows = [{NAME: name, VALUE: value} for name, value in metric.items()]
    elif isinstance(metric, list):
        rows = metric
    else:
        raise ValueError("is no list")  # noqa: TRY004 - a strange form is a ValueError, as pydantic's errors are
    return tuple(MetricRow.model_validate(row) for row in rows)


def _days(metrics: Mapping[str, object], period: Period) -> Mapping[date, int | None] | None:
    """Clicks per day, None where those of a day cannot be read.

    Raises:
        ValueError: a day is outside `period`. A vendor that ignores the dates answers another question.
    """
    if DAYS_METRIC not in metrics:
        return None
    days: dict[date, int | None] = {}
    for row in rows_of(metrics[DAYS_METRIC]):
        day = _day_or_none(row.name)
        if day is None or not period.start <= day <= period.end:
            raise ValueError("is not a day of the period")
        earlier = days.get(day, 0)
        days[day] = None if row.value is None or earlier is None else earlier + row.value
    return days


def _total(days: Mapping[date, int | None] | None) -> int | None:
    if days is None:
        return None
    if None in days.values():
        raise ValueError("lacks the clicks of a day, so that the sum would be too small")
    return sum(clicks for clicks in days.values() if clicks is not None)


def _buckets(metrics: Mapping[str, object], dimension: Dimension) -> tuple[RawBucket, ...] | None:
    number = DIMENSION_METRICS.get(dimension, SOURCES_METRIC)
    if number not in metrics:
        return None
    if number == SOURCES_METRIC:
        # No rows say nothing: the metric may be the one of days.
        sources = rows_of(_by_source(metrics[number]))
        return tuple(RawBucket(name=row.name, clicks=row.value) for row in sources) or None
    rows = rows_of(metrics[number])
    return tuple(RawBucket(name=row.name, clicks=row.value) for row in rows)


def _by_name(metric: object) -> Mapping[str, object]:
    """The values of rows by their names, for rows whose values may be rows themselves."""
    rows = list(metric.values()) if isinstance(metric, dict) else metric
    if isinstance(rows, list) and any(isinstance(row, dict) and NAME in row for row in rows):
        return {str(row[NAME]): row.get(VALUE) for row in rows if isinstance(row, dict) and NAME in row}
    return {str(name): value for name, value in metric.items()} if isinstance(metric, dict) else {}


def _by_source(metric: object) -> object:
    """The sources of metric 1, which is "Source of clicks by date" (DOC): of all days, where each day has its own.

    Raises:
        NoSourcesError: the rows are named after days and have no sources in them.
    """
    days = _by_name(metric)
    if not any(_day_or_none(day) for day in days):
        return metric
    if not all(isinstance(sources, dict | list) for sources in days.values()):
        raise NoSourcesError
    totals: dict[str, int | None] = {}
    for sources in days.values():
        for row in rows_of(sources):
            earlier = totals.get(row.name, 0)
            totals[row.name] = None if row.value is None or earlier is None else earlier + row.value
    return totals


def _bot_clicks(metrics: Mapping[str, object]) -> int | None:
    """Clicks of bots, never part of the others; None where the vendor does not send them, as on the free plan (DOC)."""
    try:
        buckets = _buckets(metrics, Dimension.BOT)
    except ValueError:
        return None
    counts = None if buckets is None else [bucket.clicks for bucket in buckets]
    return None if counts is None or None in counts else sum(count for count in counts if count is not None)


def _day_or_none(name: str) -> date | None:
    try:
        return parse_day_text(name)
    except ValueError:
        return None
