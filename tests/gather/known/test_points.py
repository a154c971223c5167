"""Series of days, weeks and months from days and spans of several days."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from linkweave.catalog.reads.questions.clicks import DaySpan
from linkweave.gather.known.points import Interval, points
from linkweave.models import Period

FIRST = date(2026, 1, 1)
days = st.integers(0, 100).map(lambda number: FIRST + timedelta(days=number))
periods = st.tuples(days, days).map(lambda pair: Period(min(pair), max(pair)))
intervals = st.sampled_from(Interval)


@st.composite
def touching(draw: st.DrawFn, longest: int) -> tuple[Period, list[DaySpan]]:
    """A period, and spans that touch it, without an overlap."""
    period, found = draw(periods), []
    day = period.start - timedelta(days=draw(st.integers(0, longest - 1)))
    while day <= period.end:
        last = day + timedelta(days=draw(st.integers(0, longest - 1)))
        if last >= period.start and draw(st.booleans()):
            found.append(DaySpan(day, last, draw(st.integers(0, 9)), None))
        day = last + timedelta(days=draw(st.integers(1, 9)))
    return period, found


def _key(day: date, interval: Interval) -> tuple[int, ...]:
    if interval is Interval.MONTH:
        return day.year, day.month
    return day.isocalendar()[:2] if interval is Interval.WEEK else (day.toordinal(),)


@given(touching(longest=1), intervals)
def test_each_day_counts_in_its_own_day_week_or_month(
    example: tuple[Period, list[DaySpan]], interval: Interval
) -> None:
    period, spans = example
    told = points(spans, period, interval, unique_clicks=False)
    counted = {
        _key(point.day, interval): sum(
            span.clicks or 0 for span in spans if _key(span.first_day, interval) == _key(point.day, interval)
        )
        for point in told
    }
    assert [(point.clicks, point.unique_clicks) for point in told] == [(count, None) for count in counted.values()]
    assert sum(counted.values()) == sum(span.clicks or 0 for span in spans)


@given(periods, intervals)
def test_there_is_a_point_for_each_day_week_or_month_that_begins_in_the_period(
    period: Period, interval: Interval
) -> None:
    every_day = [period.start + timedelta(days=number) for number in range((period.end - period.start).days + 1)]
    first_days = {_key(day, interval): day for day in reversed(every_day)}
    assert [point.day for point in points((), period, interval)] == sorted(first_days.values())


@given(touching(longest=20), intervals)
def test_a_span_counts_only_in_a_point_that_holds_it_and_makes_the_others_unknown(
    example: tuple[Period, list[DaySpan]], interval: Interval
) -> None:
    period, spans = example
    for point in points(spans, period, interval):
        mine = [
            span
            for span in spans
            if any(
                _key(day, interval) == _key(point.day, interval)
                for day in _days_of(max(span.first_day, period.start), min(span.last_day, period.end))
            )
        ]
        held = all(
            period.start <= span.first_day
            and span.last_day <= period.end
            and _key(span.first_day, interval) == _key(span.last_day, interval)
            for span in mine
        )
        assert point.clicks == (sum(span.clicks or 0 for span in mine) if held else None)


def _days_of(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
