"""PicSee: clicks and breakdowns, over the emulator."""

from datetime import date, timedelta

import pytest

from harness.emulators import Bench, bench
from harness.picsee_vendor import SEEDED, adapter_of, links_of
from linkweave.errors import NotFoundError, PlanRequiredError, UnsupportedError
from linkweave.models import SERIES, TOTALS, Dimension, Link, Measure, Period, StatsPart, StatsReport
from linkweave.providers.picsee import PROVIDER
from linkweave.providers.picsee.adapter import PicseeAdapter
from linkweave.providers.picsee.emulator.state import VendorLink

TODAY = date(2026, 11, 20)
WEEK = Period(TODAY - timedelta(days=6), TODAY)
COUNTRY, REFERRER, DEVICE, OS = (
    StatsPart.of(each) for each in (Dimension.COUNTRY, Dimension.REFERRER, Dimension.DEVICE, Dimension.OS)
)
INTEREST, BRANDS = map(StatsPart.of, (Dimension.INTEREST, Dimension.BRAND_AFFINITY))
EVERY_PART = (TOTALS, SERIES, COUNTRY, REFERRER, DEVICE, OS, INTEREST, BRANDS)

YOUNG, OLD = SEEDED[5], SEEDED[100]
# Made after midnight in Taipei, which is the day before in UTC.
NIGHT = next(link for link in SEEDED if link.created_at.hour < 8)


async def known(account: Bench, slug: str) -> Link:
    link = (await links_of(adapter_of(account), [slug], frozenset({"destination"})))[slug]
    account.calls.clear()
    return link


async def read(
    account: Bench, slug: str, period: Period | None, *parts: StatsPart, link: Link | None = None
) -> StatsReport:
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
@pytest.mark.parametrize("period", [None, Period(date(2026, 8, 1), TODAY)])
async def test_the_totals_of_a_whole_life_come_with_the_link(seed: VendorLink, period: Period | None) -> None:
    account = bench("picsee")
    link = await known(account, seed.encode_id)
    report = await read(account, seed.encode_id, period, TOTALS, link=link)
    assert account.calls == []
    assert (report.clicks, report.unique_clicks) == (seed.clicks, seed.unique_clicks)
    assert (report.covered, report.truncated, report.fetched_at) == (period, False, link.fetched_at)


async def test_the_totals_of_the_life_of_an_unknown_link_are_its_overview() -> None:
    account = bench("picsee")
    assert (await read(account, OLD.encode_id, None, TOTALS)).clicks == OLD.clicks
    assert details(account) == ["overview"]
    with pytest.raises(NotFoundError):
        await read(account, "nothing", None, TOTALS)


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


async def test_devices_and_systems_are_one_call_about_platforms() -> None:
    account = bench("picsee")
    report = await read(account, OLD.encode_id, WEEK, DEVICE, OS)
    assert details(account) == ["platform"]
    assert report.breakdowns[Dimension.OS] == report.breakdowns[Dimension.DEVICE]


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


LIFE = Period(date(2026, 8, 1), TODAY)


@pytest.mark.parametrize("parts", [(INTEREST, BRANDS), (BRANDS,)])
async def test_audience_labels_are_one_call_where_the_period_holds_the_whole_life(parts: tuple[StatsPart, ...]) -> None:
    account = bench("picsee")
    report = await read(account, OLD.encode_id, LIFE, *parts, link=await known(account, OLD.encode_id))
    first = {StatsPart.of(dimension): rows[0].name for dimension, rows in report.breakdowns.items()}
    assert details(account) == ["audienceLabels"]
    assert first == {part: name for part, name in ((INTEREST, "12"), (BRANDS, "PICSEE")) if part in parts}
    assert (report.covered, report.truncated, report.failures) == (LIFE, False, {})


async def test_audience_labels_of_less_than_a_whole_life_are_unsupported() -> None:
    account = bench("picsee")
    report = await read(account, OLD.encode_id, WEEK, TOTALS, INTEREST, BRANDS)
    assert {type(failure) for failure in report.failures.values()} == {UnsupportedError}
    assert report.failures.keys() == {INTEREST, BRANDS}
    assert details(account) == ["dailyClicks", "overview"]


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
    report = await read(account, OLD.encode_id, WEEK, StatsPart.of(Dimension.BROWSER))
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


BASIC_LOOKBACK = Period(TODAY - timedelta(days=29), TODAY)


async def test_a_period_that_reaches_back_too_far_has_its_last_days_and_no_totals() -> None:
    account = bench("picsee", sandbox_account=1)
    report = await read(account, OLD.encode_id, Period(date(2024, 1, 1), TODAY), TOTALS, SERIES, COUNTRY)
    assert details(account) == ["dailyClicks", "overview"]
    assert (report.covered, report.truncated) == (BASIC_LOOKBACK, True)
    assert (report.clicks, report.unique_clicks, report.breakdowns) == (None, None, {})
    assert {part: type(failure) for part, failure in report.failures.items()} == {
        TOTALS: UnsupportedError,
        COUNTRY: UnsupportedError,
    }
    whole = await read(account, OLD.encode_id, BASIC_LOOKBACK, TOTALS, SERIES)
    assert (whole.truncated, whole.series) == (False, report.series)
    assert whole.clicks is not None


@pytest.mark.parametrize("is_known", [True, False])
@pytest.mark.parametrize("sandbox_account", [0, 1])
async def test_days_before_a_link_was_made_are_no_loss(sandbox_account: int, is_known: bool) -> None:
    account = bench("picsee", sandbox_account=sandbox_account)
    link = await known(account, YOUNG.encode_id) if is_known else None
    period = Period(date(2024, 1, 1), TODAY)
    report = await read(account, YOUNG.encode_id, period, TOTALS, SERIES, link=link)
    assert (report.covered, report.truncated, report.failures) == (period, False, {})
    assert (report.clicks, sum(day.clicks or 0 for day in report.series or ())) == (YOUNG.clicks, YOUNG.clicks)


async def test_a_link_had_no_clicks_before_it_was_made() -> None:
    account = bench("picsee")
    link = await known(account, YOUNG.encode_id)
    period = Period(date(2024, 1, 1), date(2024, 1, 31))
    report = await read(account, YOUNG.encode_id, period, TOTALS, SERIES, COUNTRY, link=link)
    assert (report.clicks, report.unique_clicks, report.series) == (0, 0, ())
    assert (report.breakdowns, report.covered, report.failures) == ({Dimension.COUNTRY: ()}, period, {})
    mixed = await read(account, YOUNG.encode_id, period, TOTALS, INTEREST, link=link)
    assert (mixed.clicks, mixed.covered, set(mixed.failures)) == (0, period, {INTEREST})
    assert account.calls == []


@pytest.mark.parametrize(
    "period",
    [
        Period(TODAY - timedelta(days=60), TODAY - timedelta(days=40)),
        Period(TODAY + timedelta(days=1), TODAY + timedelta(days=2)),
    ],
)
async def test_a_period_out_of_reach_has_no_numbers_and_says_so(period: Period) -> None:
    account = bench("picsee", sandbox_account=1)
    link = await known(account, OLD.encode_id)
    parts = {*EVERY_PART} - {INTEREST, BRANDS}
    report = await read(account, OLD.encode_id, period, *parts, link=link)
    assert account.calls == []
    assert (report.covered, report.truncated) == (None, True)
    assert (report.clicks, report.unique_clicks, report.series, report.breakdowns) == (None, None, None, {})
    assert report.failures.keys() == parts
    assert {type(failure) for failure in report.failures.values()} == {UnsupportedError}
    assert "counts clicks from 2026-10-22 to 2026-11-20 only" in str(report.failures[TOTALS])


@pytest.mark.parametrize(("handle", "calls"), [("nothing", 2), ("..", 0)])
async def test_a_link_that_does_not_exist_has_no_statistics(handle: str, calls: int) -> None:
    account = bench("picsee")
    with pytest.raises(NotFoundError, match="picsee-main: "):
        await read(account, handle, WEEK, TOTALS, COUNTRY)
    assert len(account.calls) == calls
