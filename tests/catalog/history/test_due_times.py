"""Busy links are read often and silent ones rarely, within the bounds."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkweave.catalog.history.due_times import Bounds, due_at, statistics_interval

BOUNDS = Bounds(300, 86_400)
NOW = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("clicks", "seconds", "interval"),
    [
        (1_000, 600, 300),
        (2, 3_600, 1_800),
        (0, 3_600, 7_200),
        (0, 80_000, 86_400),
        (0, 10, 300),
        (5, None, 5_091),
        (5, -10, 5_091),
    ],
)
def test_a_link_is_read_about_once_for_each_of_its_clicks(clicks: int, seconds: float | None, interval: float) -> None:
    assert round(statistics_interval(clicks, seconds, BOUNDS)) == interval


@given(st.integers(0, 10**9), st.one_of(st.none(), st.floats(-1e9, 1e9)), st.floats(1, 1e5), st.floats(1, 1e6))
def test_an_interval_is_always_within_the_bounds(
    clicks: int, seconds: float | None, minimum: float, more: float
) -> None:
    bounds = Bounds(minimum, minimum + more)
    assert minimum <= statistics_interval(clicks, seconds, bounds) <= minimum + more


def test_a_silent_link_is_read_once_in_the_longest_interval_in_the_end() -> None:
    seconds = 300.0
    for _ in range(20):
        seconds = statistics_interval(0, seconds, BOUNDS)
    assert seconds == BOUNDS.max_seconds


@pytest.mark.parametrize(
    ("last", "due"),
    [(None, 0), (-30, 30), (-90, 0), (90, 0)],
    ids=["never done", "not yet due", "overdue", "done at a time in the future"],
)
def test_what_was_never_done_or_done_by_a_wrong_clock_is_due_now(last: float | None, due: float) -> None:
    done = None if last is None else NOW + timedelta(seconds=last)
    assert due_at(done, 60, NOW) == NOW + timedelta(seconds=due)
