"""Statistics of tiny.cc: totals for nothing, days where a host tells them."""

from datetime import date, timedelta

import pytest

from harness.tinycc_vendor import DEFAULT, Server, canned, refusal, server
from linkweave.errors import NotFoundError, QuotaExhaustedError, UnavailableError
from linkweave.models import SERIES, TOTALS, DayClicks, Dimension, Link, Measure, Period, StatsPart
from linkweave.providers.tinycc import PROVIDER

PERIOD = Period(date(2026, 11, 1), date(2026, 11, 20))
HANDLE = f"{DEFAULT}/card"


async def known(tiny: Server) -> Link:
    """The link as a list gives it; the call for it is forgotten."""
    link = await tiny.adapter.find_link(DEFAULT, "card", frozenset())
    assert link is not None
    tiny.calls.clear()
    return link


async def test_totals_of_a_known_link_cost_no_call() -> None:
    tiny = server()
    report = await tiny.adapter.read_stats(HANDLE, await known(tiny), PERIOD, frozenset({TOTALS}))
    assert (report.clicks, report.unique_clicks) == (12, 9)
    assert tiny.calls == []


async def test_totals_of_an_unknown_link_cost_one_call_that_names_the_domain() -> None:
    tiny = server()
    report = await tiny.adapter.read_stats("m.shopdemo.example/card", None, PERIOD, frozenset({TOTALS}))
    assert (report.clicks, report.unique_clicks) == (31, 22)
    (call,) = tiny.calls
    assert (call.path, call.query) == ("/stats/card", {"domain": "m.shopdemo.example"})


async def test_totals_are_of_the_links_whole_life_whatever_the_period_is() -> None:
    report = await server().adapter.read_stats(HANDLE, None, PERIOD, frozenset({TOTALS}))
    assert (report.covered, report.truncated) == (None, False)
    assert report.measures == {Measure.CLICKS, Measure.UNIQUE_CLICKS}
    assert report.bot_clicks is None


async def test_the_series_is_null_at_a_host_that_sends_no_days() -> None:
    tiny = server()
    report = await tiny.adapter.read_stats(HANDLE, await known(tiny), PERIOD, frozenset({SERIES}))
    assert report.series is None
    assert report.failures == {}
    assert tiny.paths == ["/stats/card"]


async def test_days_in_the_period_come_in_order_with_the_totals_in_one_call() -> None:
    tiny = server()
    tiny.state.sends_days = True
    card = tiny.state.url(DEFAULT, "card")
    card.daily = {PERIOD.end + timedelta(days=shift): (5, 3) for shift in (1, 0, -1, -19, -20)}
    report = await tiny.adapter.read_stats(HANDLE, await known(tiny), PERIOD, frozenset({TOTALS, SERIES}))
    assert report.series == tuple(DayClicks(date(2026, 11, day), 5, 3) for day in (1, 19, 20))
    assert (report.clicks, report.unique_clicks) == (25, 15)
    assert len(tiny.calls) == 1


async def test_a_breakdown_is_unknown_and_costs_no_call() -> None:
    tiny = server()
    parts = frozenset({StatsPart.of(Dimension.COUNTRY)})
    link = await known(tiny)
    assert (await tiny.adapter.read_stats(HANDLE, link, PERIOD, parts)).breakdowns == {}
    report = await tiny.adapter.read_stats(HANDLE, None, PERIOD, parts)
    assert (report.clicks, report.breakdowns, report.fetched_at) == (None, {}, tiny.clock.now())
    assert tiny.calls == []
    assert PROVIDER.stats_dimensions == frozenset()


async def test_when_the_days_fail_the_known_totals_are_returned() -> None:
    tiny = server()
    link = await known(tiny)
    tiny.state.call_limit = 0
    report = await tiny.adapter.read_stats(HANDLE, link, PERIOD, frozenset({TOTALS, SERIES}))
    assert (report.clicks, report.series) == (12, None)
    assert isinstance(report.failures[SERIES], QuotaExhaustedError)


async def test_when_no_part_can_be_read_the_report_is_an_error() -> None:
    tiny = server()
    link = await known(tiny)
    tiny.state.call_limit = 0
    with pytest.raises(QuotaExhaustedError):
        await tiny.adapter.read_stats(HANDLE, link, PERIOD, frozenset({SERIES}))
    with pytest.raises(UnavailableError):
        await canned({}, 500).read_stats(HANDLE, None, PERIOD, frozenset({TOTALS, SERIES}))


async def test_statistics_of_a_deleted_link_are_not_found() -> None:
    with pytest.raises(NotFoundError):
        await server().adapter.read_stats(f"{DEFAULT}/nope", None, PERIOD, frozenset({TOTALS}))
    with pytest.raises(NotFoundError):
        await canned(refusal(1204), 400).read_stats(HANDLE, None, PERIOD, frozenset({TOTALS}))


async def test_statistics_of_an_impossible_handle_are_not_found_without_a_call() -> None:
    tiny = server()
    with pytest.raises(NotFoundError):
        await tiny.adapter.read_stats("card", None, PERIOD, frozenset({TOTALS}))
    assert tiny.calls == []


async def test_a_hash_is_percent_encoded_in_the_path() -> None:
    tiny = server()
    url = tiny.state.url(DEFAULT, "card")
    url.hash = "a/b?c#d%2F"
    report = await tiny.adapter.read_stats(f"{DEFAULT}/{url.hash}", None, PERIOD, frozenset({TOTALS}))
    assert report.clicks == 12
