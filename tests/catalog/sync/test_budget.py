"""Small plans survive the syncer: it makes a fifth of an even part of their calls."""

from datetime import UTC, date, datetime, timedelta
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkweave.catalog.sync.budget import DailyBudget, daily_budget, next_day
from linkweave.models import Quota
from linkweave.providers.call_quotas import CallQuota
from linkweave.providers.discovery import discover

NOW = datetime(2026, 11, 20, 18, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("plans", "told", "calls"),
    [
        ((), (), inf),
        ((CallQuota(800, 365),), (), 0.2 * 800 / 365),
        ((CallQuota(1_000, 30),), (), 0.2 * 1_000 / 30),
        ((), (Quota("apiCallsToday", 200, 1_000, NOW + DAY / 4),), 160),
        ((), (Quota("apiCallsThisMonth", 0, 1_000, NOW + 10 * DAY),), 20),
        ((), (Quota("apiCallsThisMonth", 1_000, 1_000),), 0),
        ((), (Quota("apiCallsThisYear", 0, 3_650),), 2),
        ((), (Quota("apiCallsToday", 5, None), Quota("links", 5, 10)), inf),
        ((CallQuota(100, 1),), (Quota("apiCallsToday", 0, 50),), 10),
        ((), (Quota("apiCallsThisMonth", 0, 300, NOW - DAY),), 2),
    ],
)
def test_a_budget_is_a_share_of_the_smallest_limit_for_each_day(
    plans: tuple[CallQuota, ...], told: tuple[Quota, ...], calls: float
) -> None:
    assert daily_budget(0.2, plans, told, NOW).calls_a_day == pytest.approx(calls)


@given(st.floats(0, 500), st.integers(1, 400))
def test_the_calls_of_any_days_are_those_of_so_many_average_days(calls: float, days: int) -> None:
    budget = DailyBudget(calls)
    made = sum(budget.limit(date(2026, 1, 1) + number * DAY) or 0 for number in range(days))
    assert abs(made - calls * days) <= 1


def test_what_was_used_of_a_budget_is_not_left() -> None:
    budget, today = DailyBudget(10), NOW.date()
    assert [budget.left(today, used) for used in (0, 4, 10, 12)] == [10, 6, 0, 0]
    assert DailyBudget().left(today, 10**9) == inf
    assert DailyBudget().limit(today) is None


def test_a_budget_begins_again_at_midnight_of_utc() -> None:
    assert next_day(NOW) == datetime(2026, 11, 21, tzinfo=UTC)


def test_the_free_plan_of_picsee_keeps_four_fifths_of_its_year() -> None:
    provider = discover()["picsee"]
    (free, paid) = (
        provider.settings.model_validate({"key": "one", "provider": "picsee", "token": "t" * 20, "plan": plan})
        for plan in ("free", "advanced")
    )
    budget = daily_budget(0.2, provider.call_quotas(free), (), NOW)
    assert sum(budget.limit(NOW.date() + number * DAY) or 0 for number in range(365)) == 160
    assert not daily_budget(0.2, provider.call_quotas(paid), (), NOW).is_limited
