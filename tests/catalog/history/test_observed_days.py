"""Days from readings of totals: nothing is counted twice, nothing is lost, and what cannot be known is said."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkweave.catalog.history.observed_days import ObservedClicks, Reading, observe

TAIPEI = ZoneInfo("Asia/Taipei")
MONDAY = date(2026, 11, 16)


def day(number: int) -> date:
    return MONDAY + timedelta(days=number)


def reading(days: float, clicks: int, unique: int | None = None) -> Reading:
    return Reading(datetime(2026, 11, 16, tzinfo=UTC) + timedelta(days=days), clicks, unique)


@pytest.mark.parametrize(
    ("earlier", "later", "observed"),
    [
        (reading(0.1, 5, 2), reading(0.9, 8, 3), ObservedClicks(day(0), day(0), 3, 1)),
        (reading(0.9, 5), reading(1.1, 8), ObservedClicks(day(1), day(1), 3)),
        (reading(0.9, 5), reading(8.1, 8), ObservedClicks(day(1), day(8), 3)),
        (reading(0.1, 5, 2), reading(3, 5, 2), None),
        (reading(0.1, 5, 2), reading(0.2, 6, 1), ObservedClicks(day(0), day(0), 1, None)),
        (reading(0.1, 5), reading(0.2, 1), ObservedClicks(day(0), day(0), None)),
        (reading(0.1, 5), reading(4, 1), ObservedClicks(day(1), day(4), None)),
        (reading(0.9, 5), reading(0.1, 8), ObservedClicks(day(0), day(0), 3)),
        (reading(400, 5), reading(1, 8), ObservedClicks(day(1), day(1), None)),
    ],
    ids=[
        "the same day",
        "a day and the next one",
        "a gap of a week",
        "no clicks",
        "a fall of unique clicks",
        "a reset",
        "a reset in a gap",
        "a clock that goes back within a day",
        "a clock that goes back to an earlier day",
    ],
)
def test_two_readings_tell_the_clicks_of_a_day_or_of_a_span(
    earlier: Reading, later: Reading, observed: ObservedClicks | None
) -> None:
    assert observe(earlier, later, UTC) == observed


def test_days_are_those_of_the_vendors_zone() -> None:
    # 17:00 UTC is the next day in Taipei.
    assert observe(reading(0.5, 1), reading(17 / 24, 2), TAIPEI) == ObservedClicks(day(1), day(1), 1)


def test_a_day_with_a_part_that_is_not_known_stays_unknown() -> None:
    known = ObservedClicks(day(0), day(0), 3, 1)
    assert known.plus(ObservedClicks(day(0), day(0), None)) == ObservedClicks(day(0), day(0), None)


def observed_rows(readings: Sequence[Reading]) -> list[ObservedClicks]:
    """What the catalog has after all readings: a reading on the last day of a row adds to it."""
    rows: list[ObservedClicks] = []
    for earlier, later in pairwise(readings):
        found = observe(earlier, later, UTC)
        if found is None:
            continue
        if rows and rows[-1].last_day == found.last_day:
            rows[-1] = rows[-1].plus(found)
        else:
            rows.append(found)
    return rows


HOURS = st.lists(st.integers(0, 24 * 30), min_size=2, max_size=25)


@given(st.lists(st.integers(0, 24 * 30), max_size=60), HOURS.map(sorted))
def test_every_click_between_the_first_and_the_last_reading_is_in_exactly_one_row(
    clicked: list[int], read: list[int]
) -> None:
    rows = observed_rows([reading(hour / 24, sum(click <= hour for click in clicked)) for hour in read])
    assert sum(row.clicks or 0 for row in rows) == sum(read[0] < click <= read[-1] for click in clicked)
    assert all(earlier.last_day < later.first_day for earlier, later in pairwise(rows))
    assert all(row.first_day <= row.last_day for row in rows)


@given(st.data(), HOURS.map(sorted))
def test_a_row_is_known_unless_the_total_fell_in_its_days(data: Any, read: list[int]) -> None:
    totals = data.draw(st.lists(st.integers(0, 9), min_size=len(read), max_size=len(read)))
    readings = [reading(hour / 24, total) for hour, total in zip(read, totals, strict=True)]
    falls = {later.at.date() for earlier, later in pairwise(readings) if later.clicks < earlier.clicks}
    rows = observed_rows(readings)
    assert {row.last_day for row in rows if row.clicks is None} == falls
