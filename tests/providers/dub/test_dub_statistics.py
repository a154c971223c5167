"""Dub counts clicks, and tells the plan and its counters."""

from datetime import date, datetime, timedelta

import pytest

from harness.dub_answers import a_link, answering
from harness.dub_vendor import adapter_over, dub
from harness.failure_cases.dub import HANDLE
from linkweave.errors import (
    BadResponseError,
    NotFoundError,
    PlanRequiredError,
)
from linkweave.models import (
    SERIES,
    TOTALS,
    AccountUsage,
    Dimension,
    Period,
    StatsPart,
)
from linkweave.providers.dub.billing_cycle import next_cycle_end
from linkweave.providers.dub.emulator.workspace import FREE_TOKEN

BY_COUNTRY = StatsPart.of(Dimension.COUNTRY)


async def test_days_are_exact_in_hours_in_days_and_over_years() -> None:
    vendor = dub()
    link = await a_link(vendor)
    today = vendor.clock.now().date()
    days = vendor.workspace.find(link.handle).days
    for length in (1, 2, 30, 400):
        period = Period(today - timedelta(days=length - 1), today)
        expected = {day: clicks for day, clicks in days.items() if clicks and period.start <= day <= today}
        report = await vendor.adapter.read_stats(link.handle, None, period, frozenset({TOTALS, SERIES, BY_COUNTRY}))
        assert {entry.day: entry.clicks for entry in report.series or () if entry.clicks} == expected
        total = sum(expected.values())
        assert (report.clicks, report.covered, report.failures) == (total, period, {})
        assert sum(row.clicks or 0 for row in report.breakdowns[Dimension.COUNTRY]) == total


async def test_the_clicks_of_a_whole_life_cost_no_statistics() -> None:
    vendor = dub(token=FREE_TOKEN)
    link = await a_link(vendor)
    today, clicks = vendor.clock.now().date(), vendor.workspace.find(link.handle).clicks
    life = await vendor.adapter.read_stats(link.handle, None, None, frozenset({TOTALS}))
    whole = await vendor.adapter.read_stats(link.handle, link, Period(date(2020, 1, 1), today), frozenset({TOTALS}))
    assert (life.clicks, whole.clicks) == (clicks, clicks)
    assert not [call for call in vendor.calls if call.path == "/analytics"]
    with pytest.raises(PlanRequiredError):
        await vendor.adapter.read_stats(link.handle, link, Period(today, today), frozenset({TOTALS}))


async def test_days_without_the_link_have_no_clicks_without_a_call() -> None:
    vendor = dub()
    link = await a_link(vendor)
    before = len(vendor.calls)
    report = await vendor.adapter.read_stats(
        link.handle, link, Period(date(2021, 1, 1), date(2021, 2, 1)), frozenset({TOTALS, SERIES, BY_COUNTRY})
    )
    assert (report.clicks, report.series, report.breakdowns) == (0, (), {Dimension.COUNTRY: ()})
    assert len(vendor.calls) == before


async def test_a_breakdown_without_one_of_its_rows_is_a_bad_response() -> None:
    answers = {"GET /analytics": (200, [{"country": "TW", "clicks": 3}, {"country": None, "clicks": 1}])}
    today = dub().clock.now().date()
    with pytest.raises(BadResponseError):
        await adapter_over(answering(answers)).read_stats(HANDLE, None, Period(today, today), frozenset({BY_COUNTRY}))


async def test_an_unknown_link_has_no_statistics() -> None:
    vendor = dub()
    today = vendor.clock.now().date()
    for period in (None, Period(today, today)):
        with pytest.raises(NotFoundError):
            await vendor.adapter.read_stats("link_unknown", None, period, frozenset({TOTALS}))


@pytest.mark.parametrize(
    ("told", "now", "expected"),
    [
        ("2026-11-28", "2026-11-30", "2026-12-28"),
        ("2026-12-28", "2026-11-30", "2026-12-28"),
        ("2026-11-30", "2026-11-30", "2026-12-30"),
        ("2025-08-31", "2026-02-27", "2026-02-28"),
        ("2025-08-31", "2026-02-28", "2026-03-31"),
        ("2025-12-15", "2026-12-20", "2027-01-15"),
    ],
)
def test_a_billing_cycle_that_is_over_has_begun_anew(told: str, now: str, expected: str) -> None:
    assert next_cycle_end(*(datetime.fromisoformat(f"{day}T00:00:00+00:00") for day in (told, now))) == (
        datetime.fromisoformat(f"{expected}T00:00:00+00:00")
    )


@pytest.mark.parametrize("days_later", [0, 8, 16, 24])
async def test_no_counter_goes_back_to_zero_in_the_past(days_later: int) -> None:
    vendor = dub()
    vendor.clock.advance(timedelta(days=days_later).total_seconds())
    usage = await vendor.adapter.usage()
    resets = [quota.resets_at for quota in usage.quotas if quota.resets_at is not None]
    assert resets
    assert min(resets) > vendor.clock.now()


async def test_the_plan_and_the_months_counters_are_told() -> None:
    usage = await dub().adapter.usage()
    assert isinstance(usage, AccountUsage)
    assert usage.plan is not None
    assert usage.plan.name == "advanced"
    assert [quota.name for quota in usage.quotas][:2] == ["linksThisMonth", "clicksThisMonth"]
