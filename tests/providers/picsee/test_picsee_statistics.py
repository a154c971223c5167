"""PicSee: clicks and breakdowns, over the emulator."""

from datetime import date, timedelta

import pytest

from harness.emulators import Bench, bench
from harness.picsee_vendor import SEEDED, adapter_of, links_of
from linkweave.errors import NotFoundError, PlanRequiredError
from linkweave.models import SERIES, TOTALS, Dimension, Link, Measure, Period, StatsPart, StatsReport
from linkweave.providers.picsee import PROVIDER
from linkweave.providers.picsee.adapter import PicseeAdapter
from linkweave.providers.picsee.emulator.state import VendorLink

TODAY = date(2026, 11, 20)
WEEK = Period(TODAY - timedelta(days=6), TODAY)
COUNTRY, REFERRER, DEVICE = map(StatsPart.of, (Dimension.COUNTRY, Dimension.REFERRER, Dimension.DEVICE))
INTEREST, BRANDS = map(StatsPart.of, (Dimension.INTEREST, Dimension.BRAND_AFFINITY))
EVERY_PART = (TOTALS, SERIES, COUNTRY, REFERRER, DEVICE, INTEREST, BRANDS)

YOUNG, OLD = SEEDED[5], SEEDED[100]
# Made after midnight in Taipei, which is the day before in UTC.
NIGHT = next(link for link in SEEDED if link.created_at.hour < 8)


async def known(account: Bench, slug: str) -> Link:
    link = (await links_of(adapter_of(account), [slug], frozenset({"destination"})))[slug]
    account.calls.clear()
    return link


async def read(account: Bench, slug: str, period: Period, *parts: StatsPart, link: Link | None = None) -> StatsReport:
    return await adapter_of(account).read_stats(slug, link, period, frozenset(parts))


def details(account: Bench) -> list[str]:
    """The last segment of each path that was called."""
    return sorted(call.path.rpartition("/")[2] for call in account.calls)


def test_the_adapter_says_what_it_counts() -> None:
    assert PROVIDER.adapter.time_zone == "Asia/Taipei"
    assert {StatsPart.of(dimension) for dimension in PROVIDER.stats_dimensions} == {*EVERY_PART} - {TOTALS, SERIES}
    assert PicseeAdapter.measures == {Measure.CLICKS, Measure.UNIQUE_CLICKS}
    assert PicseeAdapter.bots_excluded is None


@pytest.mark.parametrize("parts", [(TOTALS, SERIES), (TOTALS,), (SERIES,)])
async def test_totals_and_days_come_from_one_call_and_only_the_wanted_ones_are_in_the_report(
    parts: tuple[StatsPart, ...],
) -> None:
    account = bench("picsee")
    report = await read(account, OLD.encode_id, WEEK, *parts)
    days = [entry for entry in OLD.days if WEEK.start <= entry.day <= WEEK.end]
    totals = (sum(entry.clicks for entry in days), sum(entry.unique_clicks for entry in days))
    series = [(entry.day, entry.clicks, entry.unique_clicks) for entry in days]
    assert details(account) == ["dailyClicks"]
    assert (report.clicks, report.unique_clicks) == (totals if TOTALS in parts else (None, None))
    assert report.series is None or [(day.day, day.clicks, day.unique_clicks) for day in report.series] == series
    assert (report.series is not None) is (SERIES in parts)
    assert (report.covered, report.truncated, report.failures) == (WEEK, False, {})


@pytest.mark.parametrize("seed", [OLD, NIGHT])
async def test_the_totals_of_a_whole_life_come_with_the_link(seed: VendorLink) -> None:
    account = bench("picsee")
    link = await known(account, seed.encode_id)
    report = await read(account, seed.encode_id, Period(seed.created_at.date(), TODAY), TOTALS, link=link)
    assert account.calls == []
    assert (report.clicks, report.unique_clicks) == (seed.clicks, seed.unique_clicks)
    assert (report.covered, report.truncated, report.fetched_at) == (None, False, link.fetched_at)


async def test_the_totals_of_a_whole_life_stay_the_same_beside_other_parts() -> None:
    account = bench("picsee")
    link = await known(account, YOUNG.encode_id)
    period = Period(YOUNG.created_at.date(), TODAY)
    report = await read(account, YOUNG.encode_id, period, TOTALS, SERIES, DEVICE, link=link)
    assert details(account) == ["dailyClicks", "platform"]
    assert (report.clicks, report.unique_clicks) == (YOUNG.clicks, YOUNG.unique_clicks)
    assert report.covered == period


@pytest.mark.parametrize(("later", "sooner"), [(1, 0), (0, 1)])
async def test_the_totals_of_less_than_a_whole_life_are_a_call(later: int, sooner: int) -> None:
    account = bench("picsee")
    link = await known(account, OLD.encode_id)
    period = Period(OLD.created_at.date() + timedelta(days=later), TODAY - timedelta(days=sooner))
    report = await read(account, OLD.encode_id, period, TOTALS, link=link)
    assert details(account) == ["dailyClicks"]
    assert report.covered == period


async def test_each_breakdown_is_one_call_and_counts_unique_clicks() -> None:
    account = bench("picsee")
    report = await read(account, OLD.encode_id, WEEK, COUNTRY, REFERRER, DEVICE)
    assert details(account) == ["platform", "referrers", "regions"]
    unique = sum(entry.unique_clicks for entry in OLD.days if WEEK.start <= entry.day <= WEEK.end)
    for buckets in report.breakdowns.values():
        assert sum(bucket.unique_clicks or 0 for bucket in buckets) == unique
        assert {bucket.clicks for bucket in buckets} == {None}
    assert report.breakdowns[Dimension.COUNTRY][0].code == "TW"
    assert report.breakdowns[Dimension.REFERRER][0].name == "direct"
    assert report.breakdowns[Dimension.DEVICE][0].name == "iphone"
    assert report.clicks is None


@pytest.mark.parametrize("parts", [(INTEREST, BRANDS), (BRANDS,)])
async def test_audience_labels_are_one_call_about_the_whole_life(parts: tuple[StatsPart, ...]) -> None:
    account = bench("picsee")
    report = await read(account, OLD.encode_id, WEEK, *parts)
    first = {StatsPart.of(dimension): rows[0].name for dimension, rows in report.breakdowns.items()}
    assert details(account) == ["audienceLabels"]
    assert first == {part: name for part, name in ((INTEREST, "12"), (BRANDS, "PICSEE")) if part in parts}
    assert (report.covered, report.truncated) == (None, False)


async def test_labels_below_the_advanced_plan_fail_alone_and_without_a_call() -> None:
    account = bench("picsee", sandbox_account=1)
    with pytest.raises(PlanRequiredError, match="picsee-basic: audience labels need PicSee's advanced plan"):
        await read(account, OLD.encode_id, WEEK, INTEREST)
    assert account.calls == []
    report = await read(account, OLD.encode_id, WEEK, TOTALS, INTEREST, BRANDS)
    assert report.clicks is not None
    failures = {part: type(error) for part, error in report.failures.items()}
    assert failures == {INTEREST: PlanRequiredError, BRANDS: PlanRequiredError}
    assert details(account) == ["dailyClicks"]


async def test_a_part_that_picsee_does_not_have_is_left_out_without_a_call() -> None:
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


@pytest.mark.parametrize(("end", "sent"), [(date.max, "2026-11-20T18:30:00"), (WEEK.start, "2026-11-14T23:59:59")])
async def test_days_are_sent_in_taipeis_time_and_end_with_their_last_second_or_now(end: date, sent: str) -> None:
    account = bench("picsee")
    report = await read(account, OLD.encode_id, Period(WEEK.start, end), SERIES)
    assert dict(account.calls[0].query) == {"startTime": "2026-11-14T00:00:00", "endTime": sent}
    assert report.series is not None
    assert [day.day for day in report.series][-1] == min(end, TODAY)


@pytest.mark.parametrize(("sandbox_account", "days"), [(0, 365), (1, 30)])
async def test_a_period_that_reaches_back_too_far_is_truncated(sandbox_account: int, days: int) -> None:
    account = bench("picsee", sandbox_account=sandbox_account)
    lookback = Period(TODAY - timedelta(days=days - 1), TODAY)
    report = await read(account, OLD.encode_id, Period(date(2024, 1, 1), TODAY), TOTALS)
    assert (report.covered, report.truncated) == (lookback, True)
    whole = await read(account, OLD.encode_id, lookback, TOTALS)
    assert (whole.truncated, whole.clicks) == (False, report.clicks)


async def test_a_link_younger_than_the_lookback_is_not_truncated() -> None:
    account = bench("picsee", sandbox_account=1)
    link = await known(account, YOUNG.encode_id)
    report = await read(account, YOUNG.encode_id, Period(date(2024, 1, 1), TODAY), SERIES, link=link)
    assert not report.truncated


@pytest.mark.parametrize(
    "period",
    [Period(date(2024, 1, 1), date(2024, 1, 31)), Period(TODAY + timedelta(days=1), TODAY + timedelta(days=2))],
)
async def test_a_period_out_of_reach_costs_no_call_and_has_no_numbers(period: Period) -> None:
    account = bench("picsee")
    report = await read(account, OLD.encode_id, period, *EVERY_PART)
    assert account.calls == []
    assert (report.covered, report.truncated) == (period, True)
    assert (report.clicks, report.unique_clicks, report.series, report.breakdowns) == (None, None, None, {})


@pytest.mark.parametrize(("handle", "calls"), [("nothing", 2), ("..", 0)])
async def test_a_link_that_does_not_exist_has_no_statistics(handle: str, calls: int) -> None:
    account = bench("picsee")
    with pytest.raises(NotFoundError, match="picsee-main: "):
        await read(account, handle, WEEK, TOTALS, COUNTRY)
    assert len(account.calls) == calls
