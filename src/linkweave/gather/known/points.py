"""Clicks per day, week or month, from the days and spans that the catalog knows."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import Protocol

from linkweave.models import DayClicks, Period


class Interval(Enum):
    """The length of time of one point of a series."""

    DAY = "DAY"
    WEEK = "WEEK"
    MONTH = "MONTH"


class Span(Protocol):
    """The clicks from `first_day` to `last_day`, which may be the same day."""

    @property
    def first_day(self) -> date: ...  # noqa: D102
    @property
    def last_day(self) -> date: ...  # noqa: D102
    @property
    def clicks(self) -> int | None: ...  # noqa: D102
    @property
    def unique_clicks(self) -> int | None: ...  # noqa: D102


@dataclass(slots=True)
class _Point:
    clicks: int = 0
    unique_clicks: int = 0
    is_unknown: bool = False


def points(
    spans: Iterable[Span],
    period: Period,
    interval: Interval = Interval.DAY,
    *,
    clicks: bool = True,
    unique_clicks: bool = True,
) -> tuple[DayClicks, ...]:
    """Returns a point for each day, week or month of `period`, oldest first. Its day is the first in the period.

    A point without a span has 0 clicks. A span that reaches beyond a point tells none of the clicks of that point: they
    are None. So is a measure that is not told at all, as `clicks` and `unique_clicks` say.
    """
    found = {start: _Point() for start in _starts(period, interval, period.start)}
    for span in spans:
        touched = list(_starts(_cut(span, period), interval, period.start))
        inside = len(touched) == 1 and period.start <= span.first_day and span.last_day <= period.end
        for start in touched:
            point = found[start]
            point.is_unknown |= not inside
            point.clicks += span.clicks or 0
            point.unique_clicks += span.unique_clicks or 0
    return tuple(
        DayClicks(
            start,
            point.clicks if clicks and not point.is_unknown else None,
            point.unique_clicks if unique_clicks and not point.is_unknown else None,
        )
        for start, point in found.items()
    )


def _cut(span: Span, period: Period) -> Period:
    return Period(max(span.first_day, period.start), min(span.last_day, period.end))


def _starts(period: Period, interval: Interval, earliest: date) -> Iterator[date]:
    """The first days of the points that `period` touches. A point begins on no day before `earliest`."""
    day = _start_of(period.start, interval)
    while day <= period.end:
        yield max(day, earliest)
        day = _next(day, interval)


def _start_of(day: date, interval: Interval) -> date:
    if interval is Interval.WEEK:
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if interval is Interval.MONTH else day


def _next(day: date, interval: Interval) -> date:
    if interval is Interval.MONTH:
        return (day + timedelta(days=32)).replace(day=1)
    return day + timedelta(days=7 if interval is Interval.WEEK else 1)
