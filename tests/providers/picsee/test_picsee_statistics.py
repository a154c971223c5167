"""PicSee: clicks and breakdowns, over the emulator."""

from datetime import date, timedelta

import pytest

from harness.emulators import Bench, bench
from harness.picsee_vendor import SEEDED, adapter_of, links_of
from linkweave.errors import NotFoundError, PlanRequiredError
from linkweave.models import SERIES, TOTALS, Dimension, Link, Measure, Period, RawBucket, StatsPart, StatsReport
from linkweave.providers.picsee import PROVIDER
from linkweave.providers.picsee.adapter import PicseeAdapter

TODAY = date(2026, 11, 20)
WEEK = Period(TODAY - timedelta(days=6), TODAY)
COUNTRY, REFERRER, DEVICE = map(StatsPart.of, (Dimension.COUNTRY, Dimension.REFERRER, Dimension.DEVICE))
INTEREST, BRANDS = map(StatsPart.of, (Dimension.INTEREST, Dimension.BRAND_AFFINITY))
EVERY_PART = frozenset({TOTALS, SERIES, COUNTRY, REFERRER, DEVICE, INTEREST, BRANDS})

YOUNG, OLD = SEEDED[5], SEEDED[100]
OVERVIEW = frozenset({"destination"})


async def known(account: Bench, slug: str) -> Link:
    link = (await links_of(adapter_of(account), [slug], OVERVIEW))[slug]
    account.calls.clear()
    return link


async def read(account: Bench, slug: str, period: Period, *parts: StatsPart, link: Link | None = None) -> StatsReport:
    return await adapter_of(account).read_stats(slug, link, period, frozenset(parts))


def paths(account: Bench) -> list[str]:
    return sorted(call.path.rpartition("/")[2] for call in account.calls)


def test_what_is_counted_is_said() -> None:
    assert PROVIDER.adapter.time_zone == "Asia/Taipei"
    assert PROVIDER.stats_dimensions == {
        Dimension.COUNTRY,
        Dimension.REFERRER,
        Dimension.DEVICE,
        Dimension.INTEREST,
        Dimension.BRAND_AFFINITY,
    }
    assert PicseeAdapter.measures == {Measure.CLICKS, Measure.UNIQUE_CLICKS}
    assert PicseeAdapter.bots_excluded is None


async def test_totals_and_days_come_from_one_call() -> None:
    account = bench("picsee")
    report = await read(account, OLD.encode_id, WEEK, TOTALS, SERIES)
    days = [entry for entry in OLD.days if WEEK.start <= entry.day <= WEEK.end]
    assert paths(account) == ["dailyClicks"]
    assert report.series is not None
    assert [(day.day, day.clicks, day.unique_clicks) for day in report.series] == [
        (entry.day, entry.clicks, entry.unique_clicks) for entry in days
    ]
    assert report.clicks == sum(entry.clicks for entry in days)
    assert report.unique_clicks == sum(entry.unique_clicks for entry in days)
    assert (report.covered, report.truncated, report.failures) == (WEEK, False, {})


@pytest.mark.parametrize(("part", "has_totals"), [(TOTALS, True), (SERIES, False)])
async def test_only_what_is_asked_for_is_told(part: StatsPart, *, has_totals: bool) -> None:
    report = await read(bench("picsee"), OLD.encode_id, WEEK, part)
    assert (report.clicks is not None, report.unique_clicks is not None) == (has_totals, has_totals)
    assert (report.series is None) is has_totals


async def test_the_totals_of_a_whole_life_came_with_the_link() -> None:
    account = bench("picsee")
    link = await known(account, OLD.encode_id)
    report = await read(account, OLD.encode_id, Period(OLD.created_at.date(), TODAY), TOTALS, link=link)
    assert account.calls == []
    assert (report.clicks, report.unique_clicks) == (OLD.clicks, OLD.unique_clicks)
    assert (report.covered, report.truncated, report.fetched_at) == (None, False, link.fetched_at)


async def test_they_stay_the_same_when_more_is_asked() -> None:
    account = bench("picsee")
    link = await known(account, YOUNG.encode_id)
    period = Period(YOUNG.created_at.date(), TODAY)
    report = await read(account, YOUNG.encode_id, period, TOTALS, SERIES, DEVICE, link=link)
    assert paths(account) == ["dailyClicks", "platform"]
    assert (report.clicks, report.unique_clicks) == (YOUNG.clicks, YOUNG.unique_clicks)
    assert report.covered == period


@pytest.mark.parametrize("days", [(1, 0), (0, 1)])
async def test_less_than_a_whole_life_is_asked_for(days: tuple[int, int]) -> None:
    account = bench("picsee")
    link = await known(account, OLD.encode_id)
    later, sooner = map(timedelta, days)
    period = Period(OLD.created_at.date() + later, TODAY - sooner)
    report = await read(account, OLD.encode_id, period, TOTALS, link=link)
    assert paths(account) == ["dailyClicks"]
    assert report.covered == period


async def test_the_day_a_link_was_made_is_taipeis() -> None:
    account = bench("picsee")
    # Made after midnight in Taipei, which is the day before in UTC.
    seed = next(link for link in SEEDED if link.created_at.hour < 8)
    link = await known(account, seed.encode_id)
    await read(account, seed.encode_id, Period(seed.created_at.date(), TODAY), TOTALS, link=link)
    assert account.calls == []


async def test_each_breakdown_is_one_call_and_counts_unique_clicks() -> None:
    account = bench("picsee")
    report = await read(account, OLD.encode_id, WEEK, COUNTRY, REFERRER, DEVICE)
    assert paths(account) == ["platform", "referrers", "regions"]
    unique = sum(entry.unique_clicks for entry in OLD.days if WEEK.start <= entry.day <= WEEK.end)
    for buckets in report.breakdowns.values():
        assert sum(bucket.unique_clicks or 0 for bucket in buckets) == unique
        assert {bucket.clicks for bucket in buckets} == {None}
    assert report.breakdowns[Dimension.COUNTRY][0].code == "TW"
    assert report.breakdowns[Dimension.REFERRER][0].name == "direct"
    assert report.breakdowns[Dimension.DEVICE][0].name == "iphone"
    assert report.clicks is None


async def test_unknown_countries_keep_their_name_and_have_no_code() -> None:
    period = Period(TODAY - timedelta(days=59), TODAY)
    report = await read(bench("picsee"), OLD.encode_id, period, COUNTRY)
    (others,) = [bucket for bucket in report.breakdowns[Dimension.COUNTRY] if bucket.name == "Others"]
    assert others == RawBucket("Others", None, unique_clicks=others.unique_clicks)


async def test_both_kinds_of_audience_labels_are_one_call_about_the_whole_life() -> None:
    account = bench("picsee")
    report = await read(account, OLD.encode_id, WEEK, INTEREST, BRANDS)
    assert paths(account) == ["audienceLabels"]
    assert report.breakdowns[Dimension.INTEREST][0].name == "12"
    assert report.breakdowns[Dimension.BRAND_AFFINITY][0].name == "PICSEE"
    assert (report.covered, report.truncated) == (None, False)


async def test_only_the_kind_of_label_that_is_asked_for_is_told() -> None:
    report = await read(bench("picsee"), OLD.encode_id, WEEK, BRANDS)
    assert set(report.breakdowns) == {Dimension.BRAND_AFFINITY}


async def test_few_visitors_have_no_labels() -> None:
    seed = next(link for link in SEEDED if link.unique_clicks <= 100)
    report = await read(bench("picsee"), seed.encode_id, WEEK, INTEREST, BRANDS)
    assert report.breakdowns == {Dimension.INTEREST: (), Dimension.BRAND_AFFINITY: ()}


async def test_labels_below_the_advanced_plan_fail_alone_and_without_a_call() -> None:
    account = bench("picsee", sandbox_account=1)
    report = await read(account, OLD.encode_id, WEEK, TOTALS, INTEREST, BRANDS)
    assert report.clicks is not None
    assert set(report.failures) == {INTEREST, BRANDS}
    assert {type(error) for error in report.failures.values()} == {PlanRequiredError}
    assert paths(account) == ["dailyClicks"]


async def test_when_nothing_else_is_asked_for_their_failure_is_raised() -> None:
    account = bench("picsee", sandbox_account=1)
    with pytest.raises(PlanRequiredError, match="picsee-basic: audience labels need PicSee's advanced plan"):
        await read(account, OLD.encode_id, WEEK, INTEREST)
    assert account.calls == []


async def test_what_picsee_cannot_tell_is_left_out_without_a_call() -> None:
    account = bench("picsee")
    report = await read(account, OLD.encode_id, WEEK, StatsPart.of(Dimension.OS))
    assert (account.calls, report.breakdowns, report.failures) == ([], {}, {})


@pytest.mark.parametrize(("sandbox_account", "seconds"), [(0, 0), (1, 3)])
async def test_details_share_the_limit_of_the_plan(sandbox_account: int, seconds: int) -> None:
    account = bench("picsee", sandbox_account=sandbox_account)
    report = await read(account, OLD.encode_id, WEEK, TOTALS, COUNTRY, REFERRER, DEVICE)
    assert len(account.calls) == 4
    assert report.failures == {}
    assert account.clock.elapsed == seconds


async def test_days_are_asked_for_in_taipeis_time_and_never_into_the_future() -> None:
    account = bench("picsee")
    await read(account, OLD.encode_id, Period(WEEK.start, date.max), COUNTRY)
    (call,) = account.calls
    assert dict(call.query) == {"startTime": "2026-11-14T00:00:00", "endTime": "2026-11-20T18:30:00"}


async def test_a_day_that_is_over_is_asked_for_to_its_end() -> None:
    account = bench("picsee")
    report = await read(account, OLD.encode_id, Period(WEEK.start, WEEK.start), TOTALS, SERIES)
    assert account.calls[0].query["endTime"] == "2026-11-14T23:59:59"
    assert report.series is not None
    assert [day.day for day in report.series] == [WEEK.start]


@pytest.mark.parametrize(("sandbox_account", "days"), [(0, 365), (1, 30)])
async def test_a_period_that_reaches_back_too_far_is_cut_and_says_so(sandbox_account: int, days: int) -> None:
    account = bench("picsee", sandbox_account=sandbox_account)
    report = await read(account, OLD.encode_id, Period(date(2024, 1, 1), TODAY), TOTALS)
    assert report.covered == Period(TODAY - timedelta(days=days - 1), TODAY)
    assert report.truncated
    whole = await read(account, OLD.encode_id, Period(TODAY - timedelta(days=days - 1), TODAY), TOTALS)
    assert (whole.truncated, whole.clicks) == (False, report.clicks)


async def test_nothing_is_lost_of_a_link_that_is_younger_than_the_lookback() -> None:
    account = bench("picsee", sandbox_account=1)
    link = await known(account, YOUNG.encode_id)
    report = await read(account, YOUNG.encode_id, Period(date(2024, 1, 1), TODAY), SERIES, link=link)
    assert not report.truncated


@pytest.mark.parametrize(
    "period",
    [Period(date(2024, 1, 1), date(2024, 1, 31)), Period(TODAY + timedelta(days=1), TODAY + timedelta(days=2))],
)
async def test_a_period_of_which_nothing_can_be_told_costs_no_call(period: Period) -> None:
    account = bench("picsee")
    report = await adapter_of(account).read_stats(OLD.encode_id, None, period, EVERY_PART)
    assert account.calls == []
    assert (report.covered, report.truncated) == (period, True)
    assert (report.clicks, report.unique_clicks, report.series, report.breakdowns) == (None, None, None, {})


async def test_an_unknown_link_has_no_statistics() -> None:
    with pytest.raises(NotFoundError):
        await read(bench("picsee"), "nothing", WEEK, TOTALS, COUNTRY)


async def test_what_can_be_no_slug_has_none_either_and_costs_no_call() -> None:
    account = bench("picsee")
    with pytest.raises(NotFoundError, match="picsee-main: no such link"):
        await read(account, "..", WEEK, TOTALS)
    assert account.calls == []
