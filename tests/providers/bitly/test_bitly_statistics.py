"""Bitly counts clicks: by rankings, by names, by days, and of a whole group."""

import json
from datetime import timedelta

import httpx2
import pytest

from harness.bitly_answers import LIST, MONTH, TODAY, all_links, answering, by_path, clicks_of, links_of, stored, update
from harness.bitly_vendor import FREE, adapter_over, bitly
from harness.emulators import NOW
from harness.failure_cases.bitly import HANDLE, LINK, PAGE
from linkweave.errors import (
    BadResponseError,
    ForbiddenError,
    PlanRequiredError,
    TooManyCallsError,
    UnsupportedError,
)
from linkweave.models import SERIES, TOTALS, Dimension, Link, Period, StatsPart, StatsReport
from linkweave.models.changes import LinkPatch
from linkweave.providers.bitly import PROVIDER
from linkweave.providers.bitly.emulator.seed import MAIN_GROUP
from linkweave.testing.bench import account_table
from linkweave.testing.gateway import open_gateway

COUNTRY, DEVICE = StatsPart.of(Dimension.COUNTRY), StatsPart.of(Dimension.DEVICE)


async def test_totals_of_all_links_take_one_call_but_for_links_that_the_ranking_does_not_tell() -> None:
    vendor = bitly()
    links = [link for link in await all_links(vendor.adapter) if link.short_url.endswith(link.handle)]
    listed = len(vendor.calls)
    for period in (None, MONTH):
        totals = await vendor.adapter.read_totals(links, period)
        for link in links:
            report = totals[link.handle]
            assert isinstance(report, StatsReport)
            assert report.clicks == clicks_of(stored(vendor, link.handle), period)
    asked = [line.partition("/bitlinks")[2] for line in vendor.asked()[listed:]]
    assert asked.count("/clicks") == 2
    assert len(asked) < len(links)


async def test_the_clicks_of_a_link_are_those_of_all_its_names() -> None:
    vendor = bitly()
    two = next(link for link in await all_links(vendor.adapter) if len(stored(vendor, link.handle).back_halves) == 2)
    link = stored(vendor, two.handle)
    life = await vendor.adapter.read_stats(two.handle, two, None, frozenset({TOTALS}))
    days = await vendor.adapter.read_stats(two.handle, None, MONTH, frozenset({TOTALS, SERIES, COUNTRY}))
    assert life.clicks == clicks_of(link) > link.days.total()
    assert days.clicks == clicks_of(link, MONTH) == sum(row.clicks or 0 for row in days.breakdowns[Dimension.COUNTRY])
    assert "" in {row.name for row in days.breakdowns[Dimension.COUNTRY]}
    assert [day.day for day in days.series or ()] == sorted({day.day for day in days.series or ()})


async def test_days_are_asked_for_as_units_back_from_their_end() -> None:
    vendor = bitly()
    link = (await all_links(vendor.adapter))[-1]
    past = Period(TODAY - timedelta(days=9), TODAY - timedelta(days=3))
    await vendor.adapter.read_stats(link.handle, link, past, frozenset({COUNTRY}))
    await vendor.adapter.read_stats(link.handle, link, MONTH, frozenset({SERIES}))
    countries, series = (dict(call.query) for call in vendor.calls[-2:])
    assert countries == {"unit": "day", "units": "7", "unit_reference": f"{past.end}T23:59:59+0000", "size": "100"}
    assert series == {"unit": "day", "units": "31", "unit_reference": NOW.strftime("%Y-%m-%dT%H:%M:%S+0000")}


async def test_days_beyond_the_lookback_are_unsupported_but_for_young_links() -> None:
    vendor = bitly(plan="core")
    links = await all_links(vendor.adapter)
    young, old = links[1], links[-1]
    before = Period(TODAY - timedelta(days=60), TODAY - timedelta(days=40))
    long = Period(TODAY - timedelta(days=60), TODAY)
    parts = frozenset({TOTALS, SERIES, DEVICE})
    whole, cut, none = [
        await vendor.adapter.read_stats(link.handle, link, period, parts)
        for link, period in ((young, long), (old, long), (old, before))
    ]
    assert (whole.truncated, whole.failures, whole.covered) == (False, {}, long)
    assert whole.clicks == clicks_of(stored(vendor, young.handle))
    assert (cut.truncated, set(cut.failures), cut.covered) == (True, {TOTALS, DEVICE}, MONTH)
    assert all(day.day >= MONTH.start for day in cut.series or ())
    assert (none.truncated, none.covered) == (True, None)
    assert none.failures.keys() == parts
    assert all(isinstance(failure, UnsupportedError) for failure in none.failures.values())
    together = await vendor.adapter.read_totals([young, old], long)
    of_young, of_old = together[young.handle], together[old.handle]
    assert isinstance(of_young, StatsReport)
    assert isinstance(of_old, StatsReport)
    assert (of_young.clicks, of_old.clicks, set(of_old.failures)) == (whole.clicks, None, {TOTALS})


async def test_more_links_than_can_be_counted_one_by_one_are_not_counted() -> None:
    row = {**LINK, "custom_bitlinks": ["https://go.example.com/promo"]}
    adapter, asked = answering({**PAGE, "links": [{**row, "id": f"bit.ly/{n}"} for n in range(101)]})
    links = (await adapter.list_links(LIST, None)).items
    totals = await adapter.read_totals(links, None)
    assert {type(error) for error in totals.values()} == {TooManyCallsError}
    assert len(asked) == 1


async def test_the_whole_group_is_counted_by_one_call_for_each_part() -> None:
    gateway = open_gateway(providers={"bitly": PROVIDER}, accounts=[account_table(PROVIDER)], deadline_seconds=60)
    countries = "breakdown(by: COUNTRY, first: 50) { buckets { clicks } }"
    query = f"{{ stats {{ links complete series {{ clicks }} by: {countries} }} }}"
    stats = (await gateway.data(query))["stats"]
    total = sum(day["clicks"] for day in stats["series"])
    assert (stats["links"], stats["complete"]) == (140, True)
    assert sum(bucket["clicks"] for bucket in stats["by"]["buckets"]) == total > 0
    asked = [call for call in gateway.calls()["bitly"] if not call.endswith("/bitlinks")]
    assert sorted(asked) == [f"GET /v4/groups/{MAIN_GROUP}/clicks", f"GET /v4/groups/{MAIN_GROUP}/countries"]


async def test_small_plans_lack_devices_and_days_of_the_group() -> None:
    vendor = bitly(**FREE)
    link = (await all_links(vendor.adapter))[0]
    report = await vendor.adapter.read_stats(link.handle, link, MONTH, frozenset({TOTALS, DEVICE}))
    assert isinstance(report.failures[DEVICE], PlanRequiredError)
    assert report.clicks is not None
    assert vendor.adapter.links_per_call(SERIES, whole_account=True) == 1
    with pytest.raises(PlanRequiredError):
        await update(vendor, link.handle, LinkPatch(destination="https://www.example.com/elsewhere"))


@pytest.mark.parametrize(
    ("period", "covered", "failed"),
    [
        (Period(TODAY - timedelta(days=500), TODAY), Period(TODAY - timedelta(days=364), TODAY), {COUNTRY}),
        (Period(TODAY - timedelta(days=500), TODAY - timedelta(days=400)), None, {COUNTRY, SERIES}),
        (Period(TODAY + timedelta(days=1), TODAY + timedelta(days=2)), Period(*[TODAY + timedelta(days=1)] * 2), set()),
    ],
)
async def test_a_group_is_counted_within_the_lookback_of_its_plan(
    period: Period, covered: Period | None, failed: set[StatsPart]
) -> None:
    day = {"ts": f"{TODAY}T00:00:00+0000", "count": 3}
    http, asked = by_path({f"/groups/{MAIN_GROUP}/clicks": {"data": [day, {**day, "ts": "2020-01-01T00:00:00+0000"}]}})
    (report,) = await adapter_over(http).read_sums((), period, frozenset({SERIES, COUNTRY}), whole_account=True)
    assert isinstance(report, StatsReport)
    assert (report.covered, set(report.failures)) == (covered, failed)
    counted = [TODAY] if period.start <= TODAY <= period.end else []
    assert [each.day for each in report.series or ()] == counted
    assert len(asked) == len(counted)


async def test_a_group_of_which_one_part_cannot_be_read_has_the_others() -> None:
    http, _ = by_path({f"/groups/{MAIN_GROUP}/clicks": {"data": [{"ts": "soon", "count": 3}]}})
    (report,) = await adapter_over(http).read_sums((), MONTH, frozenset({SERIES, COUNTRY}), whole_account=True)
    assert isinstance(report, StatsReport)
    assert {part: type(error) for part, error in report.failures.items()} == {
        SERIES: BadResponseError,
        COUNTRY: ForbiddenError,
    }


LATELY = Period(TODAY - timedelta(days=20), TODAY)


@pytest.mark.parametrize("count", [0, 5])
async def test_a_plan_without_the_clicks_of_a_group_has_the_sum_of_its_links(count: int) -> None:
    vendor = bitly(**FREE)
    links = (await links_of(vendor))[:count]
    (report,) = await vendor.adapter.read_sums(links, LATELY, frozenset({TOTALS}), whole_account=True)
    assert isinstance(report, StatsReport)
    told = (await vendor.adapter.read_totals(links, LATELY)).values()
    clicks = [each.clicks or 0 for each in told if isinstance(each, StatsReport)]
    assert (report.clicks, len(clicks)) == (sum(clicks), count)
    assert bool(report.clicks) is bool(count)


async def test_a_sum_of_links_that_cannot_be_read_is_their_error() -> None:
    def respond(request: httpx2.Request) -> httpx2.Response:
        is_of_group = request.url.path.endswith(f"/groups/{MAIN_GROUP}/clicks")
        status, code = (402, "UPGRADE_REQUIRED") if is_of_group else (403, "FORBIDDEN")
        body = httpx2.ByteStream(json.dumps({"message": code}).encode())
        return httpx2.Response(status, stream=body, request=request)

    http = httpx2.AsyncClient(transport=httpx2.MockTransport(respond))
    link = Link(HANDLE, f"https://{HANDLE}", "2Qj2niP", "https://example.com/", NOW)
    (report,) = await adapter_over(http).read_sums((link,), LATELY, frozenset({TOTALS}), whole_account=True)
    assert isinstance(report, StatsReport)
    assert isinstance(report.failures[TOTALS], ForbiddenError)


async def test_a_ranking_that_may_be_cut_does_not_say_that_a_link_has_no_clicks() -> None:
    rows = [{"id": f"bit.ly/{n}", "clicks": 1} for n in range(50)]
    http, asked = by_path({"/bitlinks/clicks": {"sorted_links": rows}, "/clicks/summary": {"total_clicks": 7}})
    adapter = adapter_over(http)
    link = Link(HANDLE, f"https://{HANDLE}", "2Qj2niP", "https://example.com/", NOW)
    assert (await adapter.read_stats(HANDLE, link, None, frozenset({TOTALS}))).clicks == 7
    assert len(asked) == 2
    gone, _ = by_path({})
    assert isinstance((await adapter_over(gone).read_totals([link], None))[HANDLE], ForbiddenError)
