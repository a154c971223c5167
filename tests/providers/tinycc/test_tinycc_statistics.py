"""Statistics of tiny.cc: totals for nothing, days where a host tells them."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest

from harness.tinycc_vendor import DEFAULT, Server, canned, refusal, server
from linkweave.errors import BadResponseError, NotFoundError, QuotaExhaustedError, UnavailableError, UnsupportedError
from linkweave.models import SERIES, TOTALS, DayClicks, Dimension, Link, Measure, Period, StatsPart
from linkweave.providers.tinycc import PROVIDER
from linkweave.providers.tinycc.link_wire import totals

PERIOD = Period(date(2026, 11, 1), date(2026, 11, 20))
HANDLE = f"{DEFAULT}/card"


async def known(tiny: Server) -> Link:
    """The link as a list gives it; the call for it is forgotten."""
    link = await tiny.adapter.find_link(DEFAULT, "card", frozenset())
    assert link is not None
    tiny.calls.clear()
    return link


async def test_the_whole_life_of_a_known_link_costs_no_call() -> None:
    tiny = server()
    report = await tiny.adapter.read_stats(HANDLE, await known(tiny), None, frozenset({TOTALS}))
    assert (report.clicks, report.unique_clicks) == (12, 9)
    assert tiny.calls == []


async def test_the_whole_life_of_an_unknown_link_costs_one_call_that_names_the_domain() -> None:
    tiny = server()
    report = await tiny.adapter.read_stats("m.shopdemo.example/card", None, None, frozenset({TOTALS}))
    assert (report.clicks, report.unique_clicks, report.covered) == (31, 22, None)
    (call,) = tiny.calls
    assert (call.path, call.query) == ("/stats/card", {"domain": "m.shopdemo.example"})


@pytest.mark.parametrize(("parts", "paths"), [({TOTALS}, []), ({TOTALS, SERIES}, ["/stats/card"])])
async def test_days_at_a_host_that_sends_none_are_unsupported(parts: set[StatsPart], paths: list[str]) -> None:
    tiny = server()
    report = await tiny.adapter.read_stats(HANDLE, await known(tiny), PERIOD, frozenset(parts))
    assert (report.clicks, report.unique_clicks, report.series, report.covered) == (None, None, None, None)
    assert report.failures.keys() == parts
    assert {type(failure) for failure in report.failures.values()} == {UnsupportedError}
    assert report.measures == {Measure.CLICKS, Measure.UNIQUE_CLICKS}
    assert tiny.paths == paths


async def test_a_host_that_sends_no_days_is_asked_once_a_day() -> None:
    tiny = server()
    handles = [f"{DEFAULT}/{url.hash}" for url in tiny.state.urls if url.domain == DEFAULT and url.total_clicks][:20]

    async def read_all() -> int:
        tiny.calls.clear()
        questions = (tiny.adapter.read_stats(each, None, PERIOD, frozenset({SERIES})) for each in handles)
        assert {report.series for report in await asyncio.gather(*questions)} == {None}
        return len(tiny.calls)

    assert await read_all() == 1
    tiny.clock.advance(23 * 3600)
    assert await read_all() == 0
    tiny.clock.advance(3600)
    tiny.state.sends_days = True
    questions = (tiny.adapter.read_stats(each, None, PERIOD, frozenset({SERIES})) for each in handles)
    assert None not in {report.series for report in await asyncio.gather(*questions)}
    assert len(tiny.calls) == 20


@pytest.mark.parametrize("parts", [{TOTALS, SERIES}, {TOTALS}])
async def test_a_link_without_clicks_has_none_on_any_day_without_a_call(parts: set[StatsPart]) -> None:
    tiny = server()
    link = replace(await known(tiny), included=totals(0, 0, tiny.clock.now()))
    report = await tiny.adapter.read_stats(HANDLE, link, PERIOD, frozenset(parts))
    assert (report.clicks, report.unique_clicks, report.covered, report.failures) == (0, 0, PERIOD, {})
    assert report.series == (() if SERIES in parts else None)
    assert tiny.calls == []


async def test_an_unclicked_link_teaches_nothing_about_its_host() -> None:
    tiny = server()
    tiny.state.url(DEFAULT, "card").daily = {}
    for _ in range(2):
        await tiny.adapter.read_stats(HANDLE, None, PERIOD, frozenset({SERIES}))
    assert len(tiny.calls) == 2


async def test_days_in_the_period_come_in_order_with_their_sums_in_one_call() -> None:
    tiny = server()
    tiny.state.sends_days = True
    card = tiny.state.url(DEFAULT, "card")
    card.daily = {PERIOD.end + timedelta(days=shift): (5, 3) for shift in (1, 0, -1, -19, -20)}
    report = await tiny.adapter.read_stats(HANDLE, await known(tiny), PERIOD, frozenset({TOTALS, SERIES}))
    assert report.series == tuple(DayClicks(date(2026, 11, day), 5, 3) for day in (1, 19, 20))
    assert (report.clicks, report.unique_clicks, report.covered) == (15, 9, PERIOD)
    assert len(tiny.calls) == 1
    # The host is now known to send days.
    totals_alone = await tiny.adapter.read_stats(HANDLE, await known(tiny), PERIOD, frozenset({TOTALS}))
    assert totals_alone.clicks == 15


STATS = {"hash": "card", "total_clicks": 22, "unique_clicks": 20}


@pytest.mark.parametrize(
    ("told", "clicks", "covered", "days"),
    [
        # All clicks are in the days.
        ({"2026-11-05": (12, 8), "2026-10-01": (10, 4)}, 12, PERIOD, 1),
        ({"2026-11-05": (22, 8)}, 22, PERIOD, 1),
        # Some are not, but the days before the period are told.
        ({"2026-11-05": (12, 8), "2026-11-01": (1, 1)}, 13, PERIOD, 2),
        # Some are not, and may be of the first days of the period.
        ({"2026-11-05": (12, 8)}, None, Period(date(2026, 11, 5), PERIOD.end), 1),
        ({"2026-11-25": (12, 8)}, None, None, None),
        ({}, None, None, None),
    ],
)
async def test_sums_need_every_day_of_the_period(
    told: dict[str, tuple[int, int]], clicks: int | None, covered: Period | None, days: int | None
) -> None:
    daily: object = {day: {"total": total, "unique": unique} for day, (total, unique) in told.items()} or []
    adapter = canned({"stats": [{**STATS, "daily_clicks": daily}]})
    report = await adapter.read_stats(HANDLE, None, PERIOD, frozenset({TOTALS, SERIES}))
    assert (report.clicks, report.covered, report.truncated) == (clicks, covered, clicks is None)
    assert (None if report.series is None else len(report.series)) == days
    assert (TOTALS in report.failures, SERIES in report.failures) == (clicks is None, days is None)


async def test_a_day_that_cannot_be_read_fails_the_days_and_not_the_whole_life() -> None:
    daily: dict[str, object] = {"2026-11-05": {"total": 12, "unique": 8}, "2026-11-06": {"total": "many", "unique": 8}}
    adapter = canned({"stats": [{**STATS, "daily_clicks": daily}]})
    with pytest.raises(BadResponseError):
        await adapter.read_stats(HANDLE, None, PERIOD, frozenset({TOTALS, SERIES}))
    assert (await adapter.read_stats(HANDLE, None, None, frozenset({TOTALS}))).clicks == 22


async def test_a_breakdown_is_unknown_and_costs_no_call() -> None:
    tiny = server()
    parts = frozenset({StatsPart.of(Dimension.COUNTRY)})
    link = await known(tiny)
    assert (await tiny.adapter.read_stats(HANDLE, link, PERIOD, parts)).breakdowns == {}
    report = await tiny.adapter.read_stats(HANDLE, None, PERIOD, parts)
    assert (report.clicks, report.breakdowns, report.fetched_at) == (None, {}, tiny.clock.now())
    assert tiny.calls == []
    assert PROVIDER.stats_dimensions == frozenset()


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
        await server().adapter.read_stats(f"{DEFAULT}/nope", None, None, frozenset({TOTALS}))
    with pytest.raises(NotFoundError):
        await canned(refusal(1204), 400).read_stats(HANDLE, None, None, frozenset({TOTALS}))


async def test_statistics_of_an_impossible_handle_are_not_found_without_a_call() -> None:
    tiny = server()
    with pytest.raises(NotFoundError):
        await tiny.adapter.read_stats("card", None, None, frozenset({TOTALS}))
    assert tiny.calls == []


async def test_a_hash_is_percent_encoded_in_the_path() -> None:
    tiny = server()
    url = tiny.state.url(DEFAULT, "card")
    url.hash = "a/b?c#d%2F"
    report = await tiny.adapter.read_stats(f"{DEFAULT}/{url.hash}", None, None, frozenset({TOTALS}))
    assert report.clicks == 12
