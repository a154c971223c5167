"""From the nine metrics of one analytics answer to a report.

The document numbers the metrics and says nothing of their form. Understood are: a list of rows, the same as an
object with "0", "1", … for keys, and an object of names and values; values are numbers or digits.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from types import MappingProxyType
from typing import Final, TypeVar

from linkweave.errors import VendorError
from linkweave.models import (
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
from linkweave.providers.shortenworld.days import day_from
from linkweave.providers.shortenworld.inferred import (
    DAYS_METRIC,
    DIMENSION_METRICS,
    NAME,
    SOURCES_METRIC,
    VALUE,
)
from linkweave.providers.shortenworld.wire import MetricRow

T = TypeVar("T")

MEASURES: Final = frozenset({Measure.CLICKS, Measure.BOT_CLICKS})
DIMENSIONS: Final = frozenset({*DIMENSION_METRICS, Dimension.REFERRER})
PARTS: Final = frozenset({TOTALS, SERIES, *map(StatsPart.of, DIMENSIONS)})


def lifetime_totals(link: Link, period: Period, parts: frozenset[StatsPart], today: date) -> StatsReport | None:
    """The totals that came with `link`, where nothing else is asked and `period` is certain to hold its whole life.

    The vendor's time zone is not documented: a link counts as made within the period only if it was made after
    the first day's end.
    """
    if parts != {TOTALS} or link.included is None or link.created_at is None:
        return None
    whole = period.start < link.created_at.date() and today <= period.end
    return link.included if whole else None


def report(
    metrics: Mapping[str, object],
    period: Period,
    parts: frozenset[StatsPart],
    fetched_at: datetime,
    complain: Callable[[str], VendorError],
) -> StatsReport:
    """What `metrics` tell of `parts`. A metric of a strange form spoils only the parts that are read from it.

    Raises:
        VendorError: made by `complain`, when not one part can be told because of that.
    """
    failures: dict[StatsPart, Exception] = {}

    def tell(part: StatsPart, read: Callable[[], T]) -> T | None:
        try:
            return read() if part in parts else None
        except ValueError:
            failures[part] = complain(f"{part.name} has an unexpected shape")
            return None

    totals = tell(TOTALS, partial(_days, metrics, period))
    series = tell(SERIES, partial(_days, metrics, period))
    rows = {each: tell(StatsPart.of(each), partial(_buckets, metrics, each)) for each in DIMENSIONS}
    if failures and failures.keys() == parts:
        raise next(iter(failures.values()))
    return StatsReport(
        measures=MEASURES,
        fetched_at=fetched_at,
        covered=period,
        clicks=None if totals is None else sum(totals.values()),
        bot_clicks=_bots(metrics) if TOTALS in parts else None,
        series=None if series is None else tuple(DayClicks(day, series[day]) for day in sorted(series)),
        breakdowns=MappingProxyType({each: told for each, told in rows.items() if told is not None}),
        failures=MappingProxyType(failures),
    )


def rows_of(metric: object) -> tuple[MetricRow, ...]:
    """The rows of one metric, in any of the forms that are understood.

    Raises:
        ValueError: it has another form.
    """
    if isinstance(metric, dict):
        rows = list(metric.values())
        if not all(isinstance(row, dict) for row in rows):
            rows = [{NAME: name, VALUE: value} for name, value in metric.items()]
    elif isinstance(metric, list):
        rows = metric
    else:
        raise ValueError("is no list")  # noqa: TRY004 - a strange form is a ValueError, as pydantic's errors are
    return tuple(MetricRow.model_validate(row) for row in rows)


def _days(metrics: Mapping[str, object], period: Period) -> Mapping[date, int] | None:
    """Clicks per day. A day that was not asked for is a ValueError: who ignores dates answers another question."""
    if DAYS_METRIC not in metrics:
        return None
    days: dict[date, int] = {}
    for row in rows_of(metrics[DAYS_METRIC]):
        day = _day(row.name)
        if day is None or not period.start <= day <= period.end:
            raise ValueError("is not a day that was asked for")
        days[day] = days.get(day, 0) + row.value
    return days


def _buckets(metrics: Mapping[str, object], dimension: Dimension) -> tuple[RawBucket, ...] | None:
    number = DIMENSION_METRICS.get(dimension, SOURCES_METRIC)
    if number not in metrics:
        return None
    rows = rows_of(metrics[number])
    if number == SOURCES_METRIC and not _are_sources(rows):
        return None
    return tuple(RawBucket(name=row.name, clicks=row.value) for row in rows)


def _are_sources(rows: Sequence[MetricRow]) -> bool:
    """DOC: "Source of clicks by date". Rows that are named after days do not say which source; no rows say nothing."""
    return bool(rows) and all(_day(row.name) is None for row in rows)


def _bots(metrics: Mapping[str, object]) -> int | None:
    """Clicks of bots, never part of the others; None where they are not told, as on the free plan (DOC)."""
    try:
        rows = _buckets(metrics, Dimension.BOT)
    except ValueError:
        return None
    return None if rows is None else sum(row.clicks or 0 for row in rows)


def _day(name: str) -> date | None:
    try:
        return day_from(name)
    except ValueError:
        return None
