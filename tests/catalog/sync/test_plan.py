"""The plan of the next step: nothing starves, no step is early, and a budget is never exceeded."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkweave.catalog.sync.budget import DailyBudget
from linkweave.catalog.sync.plan import Intervals, NextStep, Standing, Step, next_step

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
INTERVALS = Intervals(newest=60, walk=21_600)
WALKED = Standing(
    can_list=True,
    can_list_newest=True,
    calls_left=100,
    newest_at=NOW,
    walk_started_at=NOW,
    was_walked=True,
    statistics_due_at=NOW + 9 * MINUTE,
)


@pytest.mark.parametrize(
    ("standing", "expected"),
    [
        (WALKED, NextStep(Step.NEWEST, NOW + MINUTE)),
        (replace(WALKED, newest_at=NOW - MINUTE), NextStep(Step.NEWEST, NOW)),
        (replace(WALKED, can_list_newest=False), NextStep(Step.STATISTICS, NOW + 9 * MINUTE)),
        (replace(WALKED, statistics_due_at=NOW), NextStep(Step.STATISTICS, NOW)),
        (replace(WALKED, walk_started_at=NOW - 360 * MINUTE), NextStep(Step.WALK, NOW)),
        (replace(WALKED, is_walking=True, statistics_due_at=NOW), NextStep(Step.WALK, NOW)),
        (
            replace(WALKED, is_walking=True, statistics_due_at=NOW, last_step=Step.WALK),
            NextStep(Step.STATISTICS, NOW),
        ),
        (
            replace(WALKED, is_walking=True, was_walked=False, statistics_due_at=NOW, last_step=Step.WALK),
            NextStep(Step.WALK, NOW),
        ),
        (replace(WALKED, calls_left=0, is_walking=True), NextStep(None, datetime(2026, 11, 21, tzinfo=UTC))),
        (Standing(can_list=False, can_list_newest=False, calls_left=1), NextStep(None, NOW + 360 * MINUTE)),
        (
            Standing(can_list=False, can_list_newest=False, calls_left=1, statistics_due_at=NOW),
            NextStep(Step.STATISTICS, NOW),
        ),
    ],
    ids=[
        "nothing is due",
        "new links come first",
        "an account whose lists do not begin with the newest link",
        "statistics are due",
        "a full walk is due",
        "a walk goes on",
        "a walk takes turns with statistics",
        "the first walk comes before statistics",
        "the budget is used up",
        "an account that lists nothing and has no links",
        "an account that lists nothing",
    ],
)
def test_the_most_urgent_step_comes_next(standing: Standing, expected: NextStep) -> None:
    assert next_step(standing, INTERVALS, NOW) == expected


def test_a_small_budget_makes_walks_and_newest_pages_rare() -> None:
    assert INTERVALS.within(DailyBudget(9), newest_calls=1, walk_calls=6) == Intervals(28_800, 172_800)
    assert INTERVALS.within(DailyBudget(10**6), newest_calls=1, walk_calls=6) == INTERVALS
    assert INTERVALS.within(DailyBudget(), newest_calls=1, walk_calls=6) == INTERVALS
    assert INTERVALS.within(DailyBudget(0), newest_calls=1, walk_calls=6) == INTERVALS


@given(st.integers(1, 60), st.integers(1, 30), st.integers(1, 5))
def test_a_year_of_a_budget_has_full_walks_and_statistics(calls_a_day: int, walk_calls: int, newest_calls: int) -> None:
    """A third each goes to new links, to walks and to statistics, whatever they cost, in the long run."""
    intervals = INTERVALS.within(DailyBudget(calls_a_day), newest_calls, walk_calls)
    spent_a_day = 86_400 * (newest_calls / intervals.newest + walk_calls / intervals.walk)
    assert spent_a_day <= calls_a_day * 2 / 3 + 1e-6


@given(st.data())
def test_a_step_is_never_in_the_past_and_never_without_a_call_left(data: st.DataObject) -> None:
    moments = st.one_of(st.none(), st.integers(-(10**6), 10**6).map(lambda seconds: NOW + timedelta(seconds=seconds)))
    standing = Standing(
        can_list=data.draw(st.booleans()),
        can_list_newest=data.draw(st.booleans()),
        calls_left=data.draw(st.integers(0, 2)),
        newest_at=data.draw(moments),
        walk_started_at=data.draw(moments),
        is_walking=data.draw(st.booleans()),
        was_walked=data.draw(st.booleans()),
        statistics_due_at=data.draw(st.one_of(st.none(), st.integers(0, 10**6).map(lambda s: NOW + timedelta(0, s)))),
        last_step=data.draw(st.sampled_from([None, *Step])),
    )
    following = next_step(standing, INTERVALS, NOW)
    assert following.at >= NOW
    assert following.step is None or standing.calls_left
    assert following.step not in {Step.WALK, Step.NEWEST} or standing.can_list or standing.can_list_newest
