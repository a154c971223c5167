"""Cutt.ly: clicks and breakdowns, over the emulator."""

from datetime import date, timedelta

import pytest

from harness.cuttly_vendor import SPRING_SALE, adapter_of, get
from harness.emulators import NOW, Bench, bench
from linkweave.errors import NotFoundError, PlanRequiredError
from linkweave.models import TOTALS, Dimension, Link, Measure, Period, StatsPart, StatsReport
from linkweave.providers.cuttly import PROVIDER
from linkweave.providers.cuttly.emulator import SINGLE_KEY
from linkweave.providers.emulator_seed import marketing_links

TODAY = NOW.date()
LAST_WEEK = Period(TODAY - timedelta(days=6), TODAY)
DEFAULT = Period(TODAY - timedelta(days=29), TODAY)
PARTS = frozenset({TOTALS, StatsPart.of(Dimension.COUNTRY), StatsPart.of(Dimension.BOT)})

# What the emulator starts with. Its links 3 and 10 come without a title, 5 and 12 without bots, 0 without clicks.
SEEDS = marketing_links("cuttly", 15, NOW)


async def read(account: Bench, handle: str, period: Period, link: Link | None = None) -> StatsReport:
    return await adapter_of(account).read_stats(handle, link, period, PARTS)


def handle_of(place: int) -> str:
    slug = {6: "spring-sale", 7: "spring", 8: "lookbook"}.get(place, SEEDS[place].slug)
    return f"{'go.brand-demo.example' if place % 3 == 1 else 'cutt.ly'}/{slug}"


async def test_statistics_of_a_period_are_one_call_with_its_days() -> None:
    account = bench("cuttly")
    link = await get(adapter_of(account), SPRING_SALE)
    account.calls.clear()
    week = await read(account, SPRING_SALE, LAST_WEEK, link)
    assert (week.covered, week.fetched_at, week.truncated) == (LAST_WEEK, NOW, False)
    assert [(call.query["date_from"], call.query["date_to"]) for call in account.calls] == [
        ("2026-11-14", "2026-11-20")
    ]
    assert link.included is not None
    assert week.clicks is not None
    assert link.included.clicks is not None
    assert 0 < week.clicks < link.included.clicks


async def test_the_default_period_of_a_link_that_was_just_read_costs_no_call() -> None:
    account = bench("cuttly")
    link = await get(adapter_of(account), SPRING_SALE)
    assert await read(account, SPRING_SALE, DEFAULT, link) is link.included
    assert len(account.calls) == 1


async def test_clicks_of_a_whole_life_come_without_dates() -> None:
    account = bench("cuttly")
    link = (await adapter_of(account).get_links([SPRING_SALE], frozenset({"clicks"})))[SPRING_SALE]
    assert isinstance(link, Link)
    report = await adapter_of(account).read_stats(SPRING_SALE, link, None, frozenset({TOTALS}))
    unknown = await adapter_of(account).read_stats(SPRING_SALE, None, None, frozenset({TOTALS}))
    assert report is link.included
    assert report.clicks == unknown.clicks == SEEDS[6].clicks
    assert ["date_from" in call.query for call in account.calls] == [False, False]


async def test_all_breakdowns_come_with_one_call_and_count_clicks() -> None:
    account = bench("cuttly")
    report = await read(account, SPRING_SALE, DEFAULT)
    assert len(account.calls) == 1
    assert set(report.breakdowns) == PROVIDER.stats_dimensions
    for dimension, buckets in report.breakdowns.items():
        total = report.bot_clicks if dimension is Dimension.BOT else report.clicks
        assert sum(bucket.clicks or 0 for bucket in buckets) == total
        assert {bucket.unique_clicks for bucket in buckets} == {None}
    assert (report.unique_clicks, report.series) == (None, None)
    assert report.measures == {Measure.CLICKS, Measure.BOT_CLICKS}
    names = {dimension: [bucket.name for bucket in buckets] for dimension, buckets in report.breakdowns.items()}
    assert names[Dimension.SOCIAL] == ["facebook", "twitter", "linkedin", "rest"]
    assert names[Dimension.BOT] == ["Googlebot", "bingbot", "Twitterbot"]
    # Countries alone have a code: the vendor's abbreviation.
    assert [bucket.code for bucket in report.breakdowns[Dimension.COUNTRY]][:2] == ["TW", "US"]
    assert {bucket.code for bucket in report.breakdowns[Dimension.LANGUAGE]} == {None}


@pytest.mark.parametrize("place", range(15))
async def test_every_way_in_which_php_writes_an_answer_is_read(place: int) -> None:
    link = await get(adapter_of(bench("cuttly")), handle_of(place))
    assert link.included is not None
    period = SEEDS[place].between(DEFAULT.start, DEFAULT.end)
    assert link.included.clicks == (0 if place == 0 else sum(day.clicks for day in period))
    assert (link.title is None) == (place % 7 == 3)


@pytest.mark.parametrize(("handle", "calls"), [("cutt.ly/nobody-has-this", 1), ("cutt.ly", 0)])
async def test_a_link_that_does_not_exist_has_no_statistics(handle: str, calls: int) -> None:
    account = bench("cuttly")
    with pytest.raises(NotFoundError, match="cuttly: no such link"):
        await read(account, handle, DEFAULT)
    assert len(account.calls) == calls


async def test_statistics_of_a_period_need_a_subscription_that_has_them() -> None:
    account = bench("cuttly", api_key=SINGLE_KEY)
    link = await get(adapter_of(account), SPRING_SALE)
    with pytest.raises(PlanRequiredError) as caught:
        await read(account, SPRING_SALE, DEFAULT, link)
    assert caught.value.provider_code == "Insufficient subscription level"
    assert len(account.calls) == 3


async def test_today_is_the_day_in_utc() -> None:
    account = bench("cuttly")
    account.clock.advance(13.75 * 3600)
    link = await get(adapter_of(account), SPRING_SALE)
    assert link.included is not None
    assert link.included.covered == Period(date(2026, 10, 23), date(2026, 11, 21))
    assert adapter_of(account).time_zone is None
