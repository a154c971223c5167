"""Short.io counts clicks of a link, of many links, and of a domain."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest

from harness.failure_cases.shortio import DOMAIN, HANDLE, LINK, REPORT
from harness.shortio_answers import answering, links_of
from harness.shortio_vendor import adapter_over, shortio
from harness.whole_lists import listed
from linkweave.errors import (
    BadResponseError,
    UnsupportedError,
)
from linkweave.models import (
    BOT_TOTALS,
    SERIES,
    TOTALS,
    Dimension,
    Period,
    RawBucket,
    StatsPart,
    StatsReport,
)
from linkweave.models.changes import NewLink
from linkweave.providers.shortio.emulator.seed import MAIN_DOMAIN
from linkweave.providers.shortio.wire import LinksAnswer
from linkweave.providers.tolerant_reader import read_tolerantly

BY_COUNTRY, BY_SOCIAL = StatsPart.of(Dimension.COUNTRY), StatsPart.of(Dimension.SOCIAL)


DAYS = Period(date(2026, 9, 24), date(2026, 9, 25))


async def test_clicks_of_people_and_of_bots_are_those_of_the_days() -> None:
    vendor = shortio()
    stored, today = vendor.store.links[100], vendor.clock.now().date()
    period = Period(today - timedelta(days=6), today)
    report = await vendor.adapter.read_stats(stored.id, None, period, frozenset({TOTALS, SERIES, BOT_TOTALS}))
    humans, bots = (
        {day: n for day, n in days.items() if n and period.start <= day} for days in (stored.humans, stored.bots)
    )
    assert {day.day: day.clicks for day in report.series or ()} == humans
    assert (report.clicks, report.bot_clicks, report.covered) == (sum(humans.values()), sum(bots.values()), period)
    assert report.failures == {}


@pytest.mark.parametrize(
    ("changes", "part", "error"),
    [
        ({"clickStatistics": {"datasets": [{"data": [{"x": "2026-09-25", "y": 42}]}]}}, SERIES, UnsupportedError),
        ({"clickStatistics": [{"x": "2026-09-25T00:00:00.000Z", "y": "8"}]}, SERIES, None),
        ({"clickStatistics": [{"x": "soon", "y": 8}]}, SERIES, BadResponseError),
        ({"clickStatistics": 5}, SERIES, BadResponseError),
        ({"country": [{"score": 9, "country": "US"}]}, BY_COUNTRY, UnsupportedError),
        ({"country": [{"score": 1, "country": 5}]}, BY_COUNTRY, BadResponseError),
        ({"social": [{"score": 1, "social": None}]}, BY_SOCIAL, None),
        ({"totalClicks": 7}, BOT_TOTALS, BadResponseError),
    ],
)
async def test_a_part_that_contradicts_the_total_or_cannot_be_read_fails_alone(
    changes: Mapping[str, object], part: StatsPart, error: type[Exception] | None
) -> None:
    adapter = adapter_over(answering({f"GET /statistics/link/{HANDLE}": {**REPORT, **changes}}))
    report = await adapter.read_stats(HANDLE, None, DAYS, frozenset({TOTALS, BY_COUNTRY, part}))
    assert report.clicks == 8
    assert {failed: type(failure) for failed, failure in report.failures.items()} == ({part: error} if error else {})
    if part != BY_COUNTRY:
        assert report.breakdowns[Dimension.COUNTRY] == (RawBucket("United States", "US", 4),)


async def test_totals_of_many_links_take_a_call_for_each_hundred_of_a_domain() -> None:
    vendor = shortio()
    stored, today = vendor.store.links, vendor.clock.now().date()
    links = await listed(vendor.adapter)
    before = len(vendor.calls)
    totals = await vendor.adapter.read_totals(links, Period(today, today))
    assert len([call for call in vendor.calls[before:] if call.path.endswith("/link_clicks")]) == 2 + 1 + 1
    clicks = {handle: report.clicks for handle, report in totals.items() if isinstance(report, StatsReport)}
    assert clicks == {link.id: link.humans[today] for link in stored}
    ahead = Period(today + timedelta(days=1), today + timedelta(days=2))
    assert (await vendor.adapter.read_totals(links[:1], ahead))[links[0].handle] == await vendor.adapter.read_stats(
        links[0].handle, links[0], ahead, frozenset({TOTALS})
    )


async def test_a_link_that_short_io_does_not_count_has_the_error_in_its_place() -> None:
    clicks = "/statistics/domain/123456/link_clicks"
    adapter = adapter_over(answering({"GET /api/domains": [DOMAIN], f"GET {clicks}": {HANDLE: 4}}))
    link = read_tolerantly(LinksAnswer, {"links": [LINK]}).links[0].to_link(shortio().clock.now())
    other = read_tolerantly(LinksAnswer, {"links": [{**LINK, "idString": "lnk_a_b"}]}).links[0].to_link(link.fetched_at)
    foreign = read_tolerantly(
        LinksAnswer, {"links": [{**LINK, "idString": "lnk_c_d", "secureShortURL": "https://x.example/a"}]}
    ).links[0]
    found = await adapter.read_totals([link, other, foreign.to_link(link.fetched_at)], None)
    assert [type(each) for each in found.values()] == [StatsReport, BadResponseError, UnsupportedError]


@pytest.mark.parametrize(("links", "expected"), [(9, None), (10, UnsupportedError)])
async def test_a_path_that_another_link_had_is_counted_by_link_or_not_at_all(
    links: int, expected: type[Exception] | None
) -> None:
    vendor = shortio()
    gone = vendor.store.links[100]
    others = [link for link in vendor.store.links[:50] if link.domain is gone.domain][:links]
    await vendor.adapter.delete_link(gone.id)
    heir = (await vendor.adapter.create_link(NewLink("https://www.example.com/new", slug=gone.path))).link
    counted = [heir, *(await links_of(vendor, *others))]
    today = vendor.clock.now().date()
    month = Period(today - timedelta(days=29), today)
    reports = await vendor.adapter.read_sums(counted, month, frozenset({SERIES}))
    assert {type(report) for report in reports} == {StatsReport if expected is None else expected}
    if expected is None:
        series = sum(day.clicks or 0 for each in reports if isinstance(each, StatsReport) for day in each.series or ())
        assert series == sum(each.humans[day] for each in others for day in each.humans if day >= month.start)


async def test_sums_over_links_of_another_domain_or_without_an_answer_have_an_error() -> None:
    vendor = shortio(domains=(MAIN_DOMAIN,))
    (link,) = await links_of(vendor, vendor.store.links[0])
    foreign = replace(link, domain="elsewhere.example")
    ahead = Period(DAYS.end + timedelta(days=900), DAYS.end + timedelta(days=901))
    assert [type(each) for each in await vendor.adapter.read_sums([foreign], DAYS, frozenset({SERIES}))] == [
        UnsupportedError
    ]
    (nothing,) = await vendor.adapter.read_sums([link], ahead, frozenset({SERIES}))
    assert isinstance(nothing, StatsReport)
    assert nothing.series == ()
    domains = {"GET /api/domains": [{"id": 1, "hostname": link.domain}]}
    for broken in ({"GET /statistics/domain/1/link_clicks": {link.handle: 1}, "POST /statistics/domain/1": []}, {}):
        silent = adapter_over(answering({**domains, "GET /statistics/domain/1/link_clicks": {}, **broken}))
        (error,) = await silent.read_sums([link], DAYS, frozenset({SERIES}))
        assert isinstance(error, BadResponseError)
