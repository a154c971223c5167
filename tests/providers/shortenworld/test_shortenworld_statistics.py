"""ShortenWorld: clicks and breakdowns of one answer, in whatever form its numbers come."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from harness.emulators import NOW, bench
from harness.shortenworld_vendor import STATISTICS, adapter_answering, adapter_of, good
from linkweave.errors import BadResponseError, NotFoundError, UnsupportedError
from linkweave.models import (
    BOT_TOTALS,
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

TODAY = NOW.date()
WEEK = Period(TODAY - timedelta(days=6), TODAY)
TWO_DAYS = Period(date(2026, 11, 1), date(2026, 11, 2))
LINK = "65a10010"
COUNTRY, DEVICE, REFERRER, BOT = (
    StatsPart.of(each) for each in (Dimension.COUNTRY, Dimension.DEVICE, Dimension.REFERRER, Dimension.BOT)
)
EVERYTHING = frozenset({TOTALS, BOT_TOTALS, SERIES, *(StatsPart.of(each) for each in PROVIDER.stats_dimensions)})


async def report_of(metrics: object, *parts: StatsPart) -> StatsReport:
    adapter = adapter_answering({STATISTICS: good(metricsMap=metrics)})
    return await adapter.read_stats("id-1", None, TWO_DAYS, frozenset(parts))


def days(*values: object) -> list[dict[str, object]]:
    return [{"name": f"{number:02}/11/2026", "value": value} for number, value in enumerate(values, start=1)]


async def test_all_parts_are_one_call_with_days_as_the_vendor_writes_them() -> None:
    it = bench("shortenworld")
    report = await adapter_of(it).read_stats(LINK, None, WEEK, EVERYTHING)
    (call,) = (call for call in it.calls if call.path == STATISTICS)
    assert dict(call.query) == {"linkId": LINK, "startTime": "14/11/2026", "endTime": "20/11/2026"}
    assert report.series is not None
    assert [day.day for day in report.series] == [WEEK.start + timedelta(days=each) for each in range(7)]
    assert report.clicks == sum(day.clicks or 0 for day in report.series) > 0
    assert (report.unique_clicks, report.covered, report.truncated) == (None, WEEK, False)
    assert (report.fetched_at, set(report.failures)) == (NOW, {REFERRER})
    assert isinstance(report.failures[REFERRER], UnsupportedError)
    assert report.breakdowns.keys() == PROVIDER.stats_dimensions - {Dimension.REFERRER}
    for dimension in report.breakdowns.keys() - {Dimension.BOT}:
        assert sum(bucket.clicks or 0 for bucket in report.breakdowns[dimension]) == report.clicks


async def test_only_wanted_parts_are_in_the_report() -> None:
    adapter = adapter_of(bench("shortenworld"))
    totals = await adapter.read_stats(LINK, None, WEEK, frozenset({TOTALS}))
    device = await adapter.read_stats(LINK, None, WEEK, frozenset({DEVICE}))
    assert (totals.series, totals.breakdowns) == (None, {})
    assert totals.clicks is not None
    assert (device.clicks, device.bot_clicks, device.series) == (None, None, None)
    assert device.breakdowns.keys() == {Dimension.DEVICE}


async def test_bots_are_counted_apart_from_people() -> None:
    metrics = {"9": days(10, 5), "8": [{"name": "Googlebot", "value": 4}, {"name": "bingbot", "value": 3}]}
    report = await report_of(metrics, TOTALS, BOT_TOTALS, BOT)
    assert (report.clicks, report.bot_clicks) == (15, 7)
    assert report.measures == {Measure.CLICKS, Measure.BOT_CLICKS}
    assert report.breakdowns[Dimension.BOT] == (RawBucket("Googlebot", clicks=4), RawBucket("bingbot", clicks=3))


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
    report = await report_of({"4": metric}, StatsPart.of(Dimension.BROWSER))
    assert report.breakdowns == {Dimension.BROWSER: (RawBucket("Chrome", clicks=3), RawBucket("Safari", clicks=2))}


@pytest.mark.parametrize("metric", [[], {}])
async def test_a_metric_without_rows_is_an_empty_breakdown(metric: object) -> None:
    assert (await report_of({"7": metric}, COUNTRY)).breakdowns == {Dimension.COUNTRY: ()}


async def test_days_are_sorted_and_rows_of_one_day_added_up() -> None:
    report = await report_of({"9": [*reversed(days(1, 2)), {"name": "2/11/2026", "value": "40"}]}, SERIES, TOTALS)
    assert report.series == (DayClicks(TWO_DAYS.start, 1), DayClicks(TWO_DAYS.end, 42))
    assert report.clicks == 43


@pytest.mark.parametrize(
    ("rows", "referrers"),
    [
        ([], None),
        ([{"name": "facebook.com", "value": 3}], (RawBucket("facebook.com", clicks=3),)),
        (
            {"01/11/2026": {"facebook.com": 3, "direct": 1}, "02/11/2026": {"direct": 2}},
            (RawBucket("facebook.com", clicks=3), RawBucket("direct", clicks=3)),
        ),
        (days([{"name": "direct", "value": 1}], [{"name": "direct", "value": 2}]), (RawBucket("direct", clicks=3),)),
    ],
)
async def test_sources_are_referrers_added_up_over_days(rows: object, referrers: object) -> None:
    assert (await report_of({"1": rows}, REFERRER)).breakdowns.get(Dimension.REFERRER) == referrers


@pytest.mark.parametrize(
    "rows",
    [days(3, 4), [*days(1), {"name": "facebook.com", "value": 3}], {"01/11/2026": 4}, dict(enumerate(days(3, 4)))],
)
async def test_days_in_place_of_sources_are_unsupported_and_not_nothing(rows: object) -> None:
    with pytest.raises(UnsupportedError, match="in place of their sources"):
        await report_of({"1": rows}, REFERRER)


async def test_a_missing_metric_is_null_and_no_failure() -> None:
    report = await report_of({}, *EVERYTHING)
    assert (report.clicks, report.series, report.breakdowns, report.failures) == (None, None, {}, {})


STRANGE: list[object] = [
    None,
    7,
    "many",
    [None],
    [{"value": 3}],
    [{"name": None, "value": 3}],
    [{"name": ["TW"], "value": 1}],
    {"TW": {"value": 3}},
    {"0": {"name": "TW", "value": 3}, "1": 4},
]


@pytest.mark.parametrize("value", [None, -1, 1.5, True, "1e3", "9" * 5000, 10**19, [1]])
async def test_a_value_that_cannot_be_read_is_null_and_fails_the_totals(value: object) -> None:
    report = await report_of({"7": [{"name": "TW", "value": value}], "9": days(3, value)}, COUNTRY, TOTALS, SERIES)
    assert report.breakdowns == {Dimension.COUNTRY: (RawBucket("TW"),)}
    assert report.series == (DayClicks(TWO_DAYS.start, 3), DayClicks(TWO_DAYS.end))
    assert (report.clicks, set(report.failures)) == (None, {TOTALS})


@pytest.mark.parametrize("metric", STRANGE)
async def test_a_strange_metric_fails_its_own_part_only(metric: object) -> None:
    report = await report_of({"7": metric, "2": {"Mobile": 4}}, COUNTRY, DEVICE)
    assert isinstance(report.failures[COUNTRY], BadResponseError)
    assert str(report.failures[COUNTRY]) == "sw: COUNTRY has an unexpected shape (read statistics)"
    assert report.breakdowns == {Dimension.DEVICE: (RawBucket("Mobile", clicks=4),)}


@pytest.mark.parametrize("metric", [*STRANGE, [{"name": "32/11/2026", "value": 1}], [{"name": "Monday", "value": 1}]])
async def test_strange_days_fail_totals_and_days_only(metric: object) -> None:
    report = await report_of({"9": metric, "2": {"Mobile": 4}}, TOTALS, SERIES, DEVICE)
    assert report.failures.keys() == {TOTALS, SERIES}
    assert (report.clicks, report.series) == (None, None)


@pytest.mark.parametrize("day", ["31/10/2026", "03/11/2026"])
async def test_a_day_outside_the_period_is_a_bad_response(day: str) -> None:
    with pytest.raises(BadResponseError):
        await report_of({"9": [{"name": day, "value": 1}]}, TOTALS)


async def test_when_every_part_fails_the_read_fails() -> None:
    with pytest.raises(BadResponseError):
        await report_of({"7": None, "2": None}, COUNTRY, DEVICE)


@pytest.mark.parametrize("bots", [None, [{"name": "Googlebot", "value": 2}, {"name": "bingbot", "value": None}]])
async def test_strange_bots_do_not_spoil_the_totals(bots: object) -> None:
    report = await report_of({"9": days(2), "8": bots}, TOTALS)
    assert (report.clicks, report.bot_clicks, report.failures) == (2, None, {})


async def test_a_day_of_the_first_century_has_four_digits_in_its_year() -> None:
    it = bench("shortenworld")
    await adapter_of(it).read_stats(LINK, None, Period(date.min, TODAY), frozenset({TOTALS}))
    assert it.calls[-1].query["startTime"] == "01/01/0001"


async def test_parts_that_the_vendor_does_not_count_cost_no_call() -> None:
    it = bench("shortenworld")
    report = await adapter_of(it).read_stats(LINK, None, WEEK, frozenset({StatsPart.of(Dimension.SOCIAL)}))
    assert (report.breakdowns, report.failures, it.calls) == ({}, {}, [])


async def link_of_some_days() -> tuple[Link, Period]:
    """A link of the emulator, and a period that holds its whole life."""
    adapter = adapter_of(bench("shortenworld"))
    (lane, _) = (await adapter.plan_links(LinkFilter())).lanes
    link = (await adapter.list_links(lane, None)).items[5]
    assert link.created_at is not None
    assert link.created_at.date() < TODAY
    return link, Period(link.created_at.date() - timedelta(days=1), TODAY)


async def test_the_totals_of_a_whole_life_come_with_the_link() -> None:
    link, life = await link_of_some_days()
    it = bench("shortenworld")
    adapter = adapter_of(it)
    report = await adapter.read_stats(link.handle, link, None, frozenset({TOTALS}))
    assert report is link.included
    assert it.calls == []
    assert report.clicks == (await adapter.read_stats(link.handle, None, life, frozenset({TOTALS}))).clicks


async def test_the_totals_of_a_link_whose_list_has_no_clicks_are_those_since_the_day_it_was_made() -> None:
    link, life = await link_of_some_days()
    assert link.included is not None
    it = bench("shortenworld")
    report = await adapter_of(it).read_stats(link.handle, replace(link, included=None), None, frozenset({TOTALS}))
    assert (report.clicks, report.covered) == (link.included.clicks, life)
    unknown = await adapter_of(it).read_stats(link.handle, None, None, frozenset({TOTALS}))
    assert unknown.clicks == link.included.clicks


async def test_the_totals_of_a_link_of_unknown_age_are_unsupported() -> None:
    link, _ = await link_of_some_days()
    ageless = replace(link, included=None, created_at=None)
    with pytest.raises(UnsupportedError, match="does not say when this link was made"):
        await adapter_of(bench("shortenworld")).read_stats(link.handle, ageless, None, frozenset({TOTALS}))
    with pytest.raises(NotFoundError):
        await adapter_of(bench("shortenworld")).read_stats("nowhere", None, None, frozenset({TOTALS}))


@pytest.mark.parametrize(("later", "sooner"), [(1, 0), (0, 1), (0, 0)])
async def test_the_totals_of_days_are_a_call_that_counts_bots_too(later: int, sooner: int) -> None:
    link, life = await link_of_some_days()
    period = Period(life.start + timedelta(days=later), life.end - timedelta(days=sooner))
    wanted = frozenset({TOTALS, BOT_TOTALS})
    report = await adapter_of(bench("shortenworld")).read_stats(link.handle, link, period, wanted)
    assert report.covered == period
    assert report.bot_clicks is not None


@pytest.mark.parametrize(("later", "calls"), [(0, 0), (1, 1)])
async def test_clicks_of_days_that_hold_the_whole_life_come_with_the_link(later: int, calls: int) -> None:
    link, life = await link_of_some_days()
    assert link.included is not None
    it = bench("shortenworld")
    period = Period(life.start + timedelta(days=later), life.end)
    report = await adapter_of(it).read_stats(link.handle, link, period, frozenset({TOTALS}))
    assert (report.clicks, report.covered) == (link.included.clicks, period)
    assert [call.path for call in it.calls].count(STATISTICS) == calls
