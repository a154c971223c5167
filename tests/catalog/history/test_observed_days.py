"""Days from readings of totals: nothing is counted twice, nothing is lost, and what cannot be known is said."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkweave.catalog.history.observed_days import DayRow, Observation, Reading, observe_first, observe_next

TAIPEI = ZoneInfo("Asia/Taipei")
MONDAY = datetime(2026, 11, 16, tzinfo=UTC)


def at(days: float) -> datetime:
    return MONDAY + timedelta(days=days)


def day(number: int) -> date:
    return at(number).date()


def reading(days: float, clicks: int, unique: int | None = None) -> Reading:
    return Reading(at(days), clicks, unique)


KNOWN_FROM = day(-3)


@pytest.mark.parametrize(
    ("earlier", "later", "row"),
    [
        (reading(0.1, 5, 2), reading(0.9, 8, 3), DayRow(day(0), day(0), 3, 1)),
        (reading(0.9, 5), reading(1.1, 8), DayRow(day(1), day(1), 3)),
        (reading(0.9, 5), reading(8.1, 8), DayRow(day(1), day(8), 3)),
        (reading(0.1, 5, 2), reading(3, 5, 2), None),
        (reading(0.1, 5, 2), reading(0.2, 6, 1), DayRow(day(0), day(0), 1, None)),
        (reading(0.9, 5), reading(0.1, 8), DayRow(day(0), day(0), 3)),
    ],
    ids=[
        "the same day",
        "a day and the next one",
        "a gap of a week",
        "no clicks",
        "a fall of unique clicks",
        "a clock that goes back within a day",
    ],
)
def test_two_readings_tell_the_clicks_of_a_day_or_of_a_span(earlier: Reading, later: Reading, row: DayRow) -> None:
    assert observe_next(earlier, later, KNOWN_FROM, UTC) == Observation(KNOWN_FROM, row)


@pytest.mark.parametrize(
    ("earlier", "later", "unknown"),
    [
        (reading(0.1, 5), reading(0.2, 1), DayRow(day(0), day(0), None)),
        (reading(0.1, 5), reading(4, 1), DayRow(day(1), day(4), None)),
        (reading(400, 5), reading(1, 8), DayRow(day(1), day(1), None)),
    ],
    ids=["a reset", "a reset in a gap", "a clock that goes back to an earlier day"],
)
def test_days_are_known_again_from_the_day_after_a_total_that_says_nothing(
    earlier: Reading, later: Reading, unknown: DayRow
) -> None:
    again_from = unknown.last_day + timedelta(days=1)
    assert observe_next(earlier, later, KNOWN_FROM, UTC) == Observation(again_from, unknown)


@pytest.mark.parametrize(
    ("clicks", "created", "observation"),
    [
        (7, None, Observation(day(0))),
        (7, at(-5), Observation(day(0))),
        (7, at(0.2), Observation(day(0), DayRow(day(0), day(0), 7))),
        (0, at(-5), Observation(day(-5))),
        (0, None, Observation(day(0))),
        (7, at(2), Observation(day(0))),
    ],
    ids=[
        "a link of unknown age",
        "an old link",
        "a link that was made today",
        "an old link without clicks",
        "a link of unknown age without clicks",
        "a link that was made in the future",
    ],
)
def test_the_first_reading_tells_the_days_of_a_link_without_earlier_clicks(
    clicks: int, created: datetime | None, observation: Observation
) -> None:
    assert observe_first(reading(0.5, clicks), created, UTC) == observation


def test_days_are_those_of_the_vendors_zone() -> None:
    # 17:00 UTC is the next day in Taipei.
    assert observe_next(reading(0.5, 1), reading(17 / 24, 2), day(0), TAIPEI).row == DayRow(day(1), day(1), 1)


def test_a_day_with_a_part_that_is_not_known_stays_unknown() -> None:
    assert DayRow(day(0), day(0), 3, 1).plus(DayRow(day(0), day(0), None)) == DayRow(day(0), day(0), None)


def observed_rows(readings: Sequence[Reading]) -> list[DayRow]:
    """What the catalog has after all readings: a reading on the last day of a row adds to it."""
    rows: list[DayRow] = []
    for earlier, later in pairwise(readings):
        row = observe_next(earlier, later, KNOWN_FROM, UTC).row
        if row is not None and rows and rows[-1].last_day == row.last_day:
            rows[-1] = rows[-1].plus(row)
        elif row is not None:
            rows.append(row)
    return rows


HOURS = st.lists(st.integers(0, 24 * 30), min_size=2, max_size=25).map(sorted)


@given(st.lists(st.integers(0, 24 * 30), max_size=60), HOURS)
def test_every_click_between_the_first_and_the_last_reading_is_in_exactly_one_row(
    clicked: list[int], read: list[int]
) -> None:
    rows = observed_rows([reading(hour / 24, sum(click <= hour for click in clicked)) for hour in read])
    assert sum(row.clicks or 0 for row in rows) == sum(read[0] < click <= read[-1] for click in clicked)
    assert all(earlier.last_day < later.first_day for earlier, later in pairwise(rows))
    assert all(row.first_day <= row.last_day for row in rows)


@given(st.data(), HOURS)
def test_a_row_is_known_unless_the_total_fell_in_its_days(data: st.DataObject, read: list[int]) -> None:
    totals = data.draw(st.lists(st.integers(0, 9), min_size=len(read), max_size=len(read)))
    readings = [reading(hour / 24, total) for hour, total in zip(read, totals, strict=True)]
    falls = {later.at.date() for earlier, later in pairwise(readings) if later.clicks < earlier.clicks}
    rows = observed_rows(readings)
    assert {row.last_day for row in rows if row.clicks is None} == falls
