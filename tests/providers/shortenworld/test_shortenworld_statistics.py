"""ShortenWorld's statistics: everything from one answer, in whatever form its numbers come."""

from datetime import date, timedelta

import pytest

from harness.emulators import NOW, bench
from harness.shortenworld_vendor import STATISTICS, Answer, Vendor, account_of, adapter_of, good
from linkweave.errors import BadResponseError, NotFoundError, RejectedError
from linkweave.models import (
    SERIES,
    TOTALS,
    DayClicks,
    Dimension,
    Link,
    LinkFilter,
    Measure,
    Period,
    RawBucket,
    StatsPart,
    StatsReport,
)
from linkweave.providers.shortenworld import PROVIDER
from linkweave.providers.shortenworld.emulator import FREE_USERNAME

TODAY = NOW.date()
WEEK = Period(TODAY - timedelta(days=6), TODAY)
TWO_DAYS = Period(date(2026, 11, 1), date(2026, 11, 2))
COUNTRY, DEVICE, REFERRER, BOT = (
    StatsPart.of(each) for each in (Dimension.COUNTRY, Dimension.DEVICE, Dimension.REFERRER, Dimension.BOT)
)
EVERYTHING = frozenset({TOTALS, SERIES, *(StatsPart.of(each) for each in PROVIDER.stats_dimensions)})


async def told(metrics: object, *parts: StatsPart, period: Period = TWO_DAYS) -> StatsReport:
    adapter = adapter_of(account_of(Vendor({STATISTICS: good(metricsMap=metrics)})))
    return await adapter.read_stats("id-1", None, period, frozenset(parts))


def days(*values: object) -> list[dict[str, object]]:
    return [{"name": f"{number:02}/11/2026", "value": value} for number, value in enumerate(values, start=1)]


async def test_everything_is_one_call_with_days_as_the_vendor_writes_them() -> None:
    it = bench("shortenworld")

    report = await adapter_of(it.account).read_stats("65a10010", None, WEEK, EVERYTHING)

    (call,) = (call for call in it.calls if call.path == STATISTICS)
    assert dict(call.query) == {"linkId": "65a10010", "startTime": "14/11/2026", "endTime": "20/11/2026"}
    assert report.series is not None
    assert [day.day for day in report.series] == [WEEK.start + timedelta(days=each) for each in range(7)]
    assert report.clicks == sum(day.clicks or 0 for day in report.series) > 0
    assert (report.unique_clicks, report.covered, report.truncated) == (None, WEEK, False)
    assert report.fetched_at == NOW
    for dimension in PROVIDER.stats_dimensions - {Dimension.REFERRER, Dimension.BOT}:
        assert sum(bucket.clicks or 0 for bucket in report.breakdowns[dimension]) == report.clicks
    assert Dimension.REFERRER not in report.breakdowns
    assert report.failures == {}


async def test_only_what_was_asked_is_told() -> None:
    it = bench("shortenworld")
    adapter = adapter_of(it.account)

    totals = await adapter.read_stats("65a10010", None, WEEK, frozenset({TOTALS}))
    device = await adapter.read_stats("65a10010", None, WEEK, frozenset({DEVICE}))

    assert (totals.series, totals.breakdowns) == (None, {})
    assert totals.clicks is not None
    assert (device.clicks, device.bot_clicks, device.series) == (None, None, None)
    assert device.breakdowns.keys() == {Dimension.DEVICE}


async def test_robots_are_counted_apart_from_people() -> None:
    metrics = {"9": days(10, 5), "8": [{"name": "Googlebot", "value": 4}, {"name": "bingbot", "value": 3}]}

    report = await told(metrics, TOTALS, BOT)

    assert (report.clicks, report.bot_clicks) == (15, 7)
    assert report.measures == {Measure.CLICKS, Measure.BOT_CLICKS}
    assert report.breakdowns[Dimension.BOT] == (RawBucket("Googlebot", clicks=4), RawBucket("bingbot", clicks=3))


async def test_the_free_plan_is_not_told_of_robots_which_is_no_failure() -> None:
    it = bench("shortenworld", username=FREE_USERNAME)

    report = await adapter_of(it.account).read_stats("65a10010", None, WEEK, frozenset({TOTALS, BOT}))

    assert report.clicks is not None
    assert report.bot_clicks is None
    assert Dimension.BOT not in report.breakdowns
    assert report.failures == {}


@pytest.mark.parametrize(
    "metric",
    [
        [{"name": "Chrome", "value": 3}, {"name": "Safari", "value": 2}],
        [{"name": "Chrome", "value": "3", "more": []}, {"name": "Safari", "value": 2.0}],
        {"0": {"name": "Chrome", "value": 3}, "1": {"name": "Safari", "value": "2"}},
        {"Chrome": 3, "Safari": "2"},
    ],
)
async def test_a_metric_may_be_a_list_a_numbered_object_or_names_with_values(metric: object) -> None:
    report = await told({"4": metric}, StatsPart.of(Dimension.BROWSER))

    assert report.breakdowns == {
        Dimension.BROWSER: (RawBucket("Chrome", clicks=3), RawBucket("Safari", clicks=2)),
    }


@pytest.mark.parametrize("metric", [[], {}])
async def test_a_metric_without_rows_is_an_empty_breakdown(metric: object) -> None:
    assert (await told({"7": metric}, COUNTRY)).breakdowns == {Dimension.COUNTRY: ()}


async def test_days_are_sorted_and_rows_of_one_day_added_up() -> None:
    metric = [*reversed(days(1, 2)), {"name": "2/11/2026", "value": "40"}]

    report = await told({"9": metric}, SERIES, TOTALS)

    assert report.series == (DayClicks(TWO_DAYS.start, 1), DayClicks(TWO_DAYS.end, 42))
    assert report.clicks == 43


async def test_sources_that_are_named_after_days_are_no_referrers() -> None:
    assert (await told({"1": days(3, 4)}, REFERRER)).breakdowns == {}
    assert (await told({"1": []}, REFERRER)).breakdowns == {}
    assert (await told({"1": [*days(1), {"name": "facebook.com", "value": 3}]}, REFERRER)).breakdowns == {}


async def test_sources_that_have_names_of_their_own_are_referrers() -> None:
    report = await told({"1": [{"name": "facebook.com", "value": 3}]}, REFERRER)

    assert report.breakdowns == {Dimension.REFERRER: (RawBucket("facebook.com", clicks=3),)}


async def test_a_metric_that_is_missing_is_not_told_and_no_failure() -> None:
    report = await told({}, *EVERYTHING)

    assert (report.clicks, report.series, report.breakdowns, report.failures) == (None, None, {}, {})


STRANGE = [
    None,
    7,
    "many",
    [None],
    [{"name": "TW"}],
    [{"value": 3}],
    [{"name": None, "value": 3}],
    [{"name": "TW", "value": None}],
    [{"name": "TW", "value": -1}],
    [{"name": "TW", "value": 1.5}],
    [{"name": "TW", "value": True}],
    [{"name": "TW", "value": "1e3"}],
    [{"name": "TW", "value": "9" * 5000}],
    [{"name": "TW", "value": 10**19}],
    [{"name": ["TW"], "value": 1}],
    {"TW": {"value": 3}},
    {"TW": None},
    {"0": {"name": "TW", "value": 3}, "1": 4},
]


@pytest.mark.parametrize("metric", STRANGE)
async def test_a_strange_metric_fails_its_own_part_only(metric: object) -> None:
    report = await told({"7": metric, "2": {"Mobile": 4}}, COUNTRY, DEVICE)

    failure = report.failures[COUNTRY]
    assert isinstance(failure, BadResponseError)
    assert str(failure) == "sw: COUNTRY has an unexpected shape (read statistics)"
    assert report.breakdowns == {Dimension.DEVICE: (RawBucket("Mobile", clicks=4),)}


@pytest.mark.parametrize("metric", [*STRANGE, [{"name": "32/11/2026", "value": 1}], [{"name": "Monday", "value": 1}]])
async def test_strange_days_fail_totals_and_days(metric: object) -> None:
    report = await told({"9": metric, "2": {"Mobile": 4}}, TOTALS, SERIES, DEVICE)

    assert report.failures.keys() == {TOTALS, SERIES}
    assert (report.clicks, report.series) == (None, None)


@pytest.mark.parametrize("day", ["31/10/2026", "03/11/2026"])
async def test_days_that_were_not_asked_for_are_another_answer_than_the_one_wanted(day: str) -> None:
    with pytest.raises(BadResponseError):
        await told({"9": [{"name": day, "value": 1}]}, TOTALS)


async def test_when_every_part_fails_the_reading_fails() -> None:
    with pytest.raises(BadResponseError):
        await told({"7": None, "2": None}, COUNTRY, DEVICE)


async def test_strange_robots_do_not_spoil_the_totals() -> None:
    report = await told({"9": days(2), "8": None}, TOTALS)

    assert (report.clicks, report.bot_clicks, report.failures) == (2, None, {})


@pytest.mark.parametrize("answer", [good(), good(metricsMap=None), good(metricsMap=[]), (200, [])])
async def test_an_answer_without_metrics_is_a_bad_response(answer: Answer) -> None:
    adapter = adapter_of(account_of(Vendor({STATISTICS: answer})))

    with pytest.raises(BadResponseError, match="read statistics"):
        await adapter.read_stats("id-1", None, WEEK, frozenset({TOTALS}))


async def test_an_unknown_link_is_not_found() -> None:
    with pytest.raises(NotFoundError):
        await adapter_of(bench("shortenworld").account).read_stats("no such link", None, WEEK, frozenset({TOTALS}))


async def test_a_day_of_the_first_century_has_four_digits_in_its_year() -> None:
    it = bench("shortenworld")

    await adapter_of(it.account).read_stats("65a10010", None, Period(date.min, TODAY), frozenset({TOTALS}))

    assert it.calls[-1].query["startTime"] == "01/01/0001"


async def test_parts_that_the_vendor_has_no_numbers_for_cost_no_call() -> None:
    it = bench("shortenworld")
    social = frozenset({StatsPart.of(Dimension.SOCIAL)})

    report = await adapter_of(it.account).read_stats("65a10010", None, WEEK, social)

    assert (report.breakdowns, report.failures, it.calls) == ({}, {}, [])


async def a_link_of_five_days() -> tuple[Link, Period]:
    it = bench("shortenworld")
    adapter = adapter_of(it.account)
    (lane, _) = (await adapter.plan_links(LinkFilter())).lanes
    for link in (await adapter.list_links(lane, None)).items:
        assert link.created_at is not None
        if link.created_at.date() <= TODAY - timedelta(days=4):
            return link, Period(link.created_at.date() - timedelta(days=1), TODAY)
    raise AssertionError


async def test_totals_of_a_whole_life_come_with_the_link() -> None:
    link, life = await a_link_of_five_days()
    it = bench("shortenworld")
    adapter = adapter_of(it.account)

    report = await adapter.read_stats(link.handle, link, life, frozenset({TOTALS}))
    counted = await adapter.read_stats(link.handle, None, life, frozenset({TOTALS}))

    assert report is link.included
    assert report.clicks == counted.clicks
    assert len(it.calls) == 2


async def test_totals_that_the_link_does_not_answer_are_asked_for() -> None:
    link, life = await a_link_of_five_days()
    adapter = adapter_of(bench("shortenworld").account)
    later = Period(life.start + timedelta(days=1), life.end)
    earlier = Period(life.start, life.end - timedelta(days=1))

    for period, parts in ((later, {TOTALS}), (earlier, {TOTALS}), (life, {TOTALS, SERIES})):
        report = await adapter.read_stats(link.handle, link, period, frozenset(parts))
        assert report.covered == period


async def test_a_vendor_that_refuses_the_dates_is_heard() -> None:
    vendor = Vendor({STATISTICS: (200, {"status": {"code": 3, "message": "startTime is wrong", "timestamp": 1}})})

    with pytest.raises(RejectedError, match="startTime is wrong") as refusal:
        await adapter_of(account_of(vendor)).read_stats("id-1", None, WEEK, frozenset({TOTALS}))

    assert refusal.value.provider_code == "3"
