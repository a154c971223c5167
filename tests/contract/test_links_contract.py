"""Whoever lists, finds or counts links does it so that the others would recognise it."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest

from harness.provider_bench import ALL_FIELDS, Bench, able, all_links, open_bench
from linkweave.errors import VendorError
from linkweave.models import (
    SERIES,
    TOTALS,
    Capability,
    Dimension,
    Link,
    LinkFilter,
    Period,
    StatsPart,
    StatsReport,
)
from linkweave.providers.read_capabilities import CanGetLinks, CanListLinks, CanReadStats, LinkOrder

HOSTILE = [
    "",
    " ",
    ".",
    "..",
    "/",
    "//",
    "a/b/c",
    "../../my/api/status",
    "%00",
    "\x00",
    "é" * 100,
    "x" * 5_000,
    "?a=b#c",
]

LISTERS = able(Capability.LIST_LINKS)
FINDERS = able(Capability.GET_LINK)
COUNTERS = able(Capability.LINK_STATS)


async def some_links(bench: Bench) -> list[Link]:
    """A few links, old and new, from every lane; of a provider without lists, those that its sandbox is known for."""
    if isinstance(bench.account.adapter, CanListLinks):
        return [link for lane in await all_links(bench) for link in (*lane[:2], *lane[-1:])]
    finder = bench.can(CanGetLinks)
    known = [("cutt.ly", "spring-sale"), ("cutt.ly", "lookbook"), ("go.brand-demo.example", "spring")]
    found = [await finder.find_link(domain, slug, ALL_FIELDS) for domain, slug in known]
    return [link for link in found if link is not None]


def comparable(link: Link) -> Link:
    return replace(link, fetched_at=datetime.min.replace(tzinfo=UTC), included=None)


@pytest.mark.parametrize("name", LISTERS)
async def test_lists_end_and_have_each_link_once(name: str) -> None:
    links = [link for lane in await all_links(open_bench(name)) for link in lane]
    assert len(links) > 50
    assert len({link.handle for link in links}) == len({link.short_url for link in links}) == len(links)


@pytest.mark.parametrize("name", LISTERS)
async def test_lists_that_are_newest_first_are(name: str) -> None:
    bench = open_bench(name)
    adapter = bench.can(CanListLinks)
    lanes = await all_links(bench)
    times = [[link.created_at for link in lane] for lane in lanes]
    if adapter.link_order is LinkOrder.AS_LISTED:
        assert {at for lane in times for at in lane} == {None}
    else:
        assert all(at is not None for lane in times for at in lane)
        assert all(lane == sorted(lane, key=str, reverse=True) for lane in times)


@pytest.mark.parametrize("name", LISTERS)
async def test_lists_keep_within_the_vendors_limits(name: str) -> None:
    bench = open_bench(name)
    await all_links(bench)
    assert {call.status for call in bench.calls} == {200}


@pytest.mark.parametrize("name", FINDERS)
async def test_a_link_is_complete(name: str) -> None:
    for link in await some_links(open_bench(name)):
        parts = urlsplit(link.short_url)
        assert parts.scheme in {"http", "https"}
        assert link.domain == parts.hostname
        assert link.slug == parts.path.strip("/")
        assert urlsplit(link.destination).hostname
        assert link.fetched_at.tzinfo is not None
        assert link.created_at is None or link.created_at.utcoffset() == timedelta(0)


@pytest.mark.parametrize("name", FINDERS)
async def test_a_link_is_found_again_by_its_handle(name: str) -> None:
    bench = open_bench(name)
    links = await some_links(bench)
    assert len(links) > 2
    for link in links:
        found = await bench.can(CanGetLinks).get_links([link.handle], ALL_FIELDS)
        assert list(found) == [link.handle]
        again = found[link.handle]
        assert isinstance(again, Link)
        assert comparable(again) == comparable(link)


@pytest.mark.parametrize("name", FINDERS)
async def test_links_are_found_together_and_unknown_ones_are_left_out(name: str) -> None:
    bench = open_bench(name)
    links = (await some_links(bench))[:5]
    handles = [link.handle for link in links]
    unknown = f"{handles[0][:-1]}~"
    found = await bench.can(CanGetLinks).get_links([*handles, unknown, *handles[:1]], frozenset({"short_url"}))
    assert set(found) == set(handles)
    assert {link.short_url for link in found.values() if isinstance(link, Link)} == {link.short_url for link in links}


@pytest.mark.parametrize("name", FINDERS)
async def test_a_link_is_found_by_domain_and_slug(name: str) -> None:
    bench = open_bench(name)
    for link in await some_links(bench):
        assert link.domain is not None
        found = await bench.can(CanGetLinks).find_link(link.domain, link.slug, ALL_FIELDS)
        assert found is not None
        assert found.handle == link.handle
        assert await bench.can(CanGetLinks).find_link("nobodys.example", link.slug, ALL_FIELDS) is None
        assert await bench.can(CanGetLinks).find_link(link.domain, f"{link.slug}~", ALL_FIELDS) is None


@pytest.mark.parametrize("handle", HOSTILE)
@pytest.mark.parametrize("name", FINDERS)
async def test_no_handle_is_too_strange(name: str, handle: str) -> None:
    bench = open_bench(name)
    found = await bench.can(CanGetLinks).get_links([handle], ALL_FIELDS)
    assert not [link for link in found.values() if isinstance(link, Link)]


@pytest.mark.parametrize("slug", HOSTILE)
@pytest.mark.parametrize("name", FINDERS)
async def test_no_slug_is_too_strange(name: str, slug: str) -> None:
    bench = open_bench(name)
    domain = (await some_links(bench))[0].domain or ""
    found: Link | None = None
    with suppress(VendorError):
        found = await bench.can(CanGetLinks).find_link(domain, slug, ALL_FIELDS)
    assert found is None


@pytest.mark.parametrize("name", LISTERS)
async def test_a_filter_that_nothing_matches_ends_at_once(name: str) -> None:
    bench = open_bench(name)
    for wanted in (
        LinkFilter(search="nothing has this in it"),
        LinkFilter(tags_all=("no such tag",)),
        LinkFilter(domains=("nobodys.example",)),
        LinkFilter(external_id="nobody's"),
    ):
        lanes = await all_links(bench, wanted)
        assert not [link for lane in lanes for link in lane if "no such tag" in link.tags]
    assert len(bench.calls) < 40


async def read(bench: Bench, link: Link, period: Period, *parts: StatsPart) -> StatsReport:
    return await bench.can(CanReadStats).read_stats(link.handle, link, period, frozenset(parts))


def days_before(bench: Bench, days: int) -> Period:
    today = bench.account.adapter.today()
    return Period(today - timedelta(days=days - 1), today)


@pytest.mark.parametrize("name", COUNTERS)
async def test_days_add_up_to_the_totals(name: str) -> None:
    bench = open_bench(name)
    for link in await some_links(bench):
        report = await read(bench, link, days_before(bench, 30), TOTALS, SERIES)
        assert not report.failures
        for series, total in (
            ([day.clicks for day in report.series or ()], report.clicks),
            ([day.unique_clicks for day in report.series or ()], report.unique_clicks),
        ):
            known = [clicks for clicks in series if clicks is not None]
            if known and total is not None and report.covered is not None:
                assert sum(known) == total
        days = [day.day for day in report.series or ()]
        assert days == sorted(set(days))


@pytest.mark.parametrize("name", COUNTERS)
async def test_breakdowns_are_no_more_than_the_totals(name: str) -> None:
    bench = open_bench(name)
    adapter = bench.can(CanReadStats)
    parts = [StatsPart.of(dimension) for dimension in adapter.stats_dimensions]
    for link in (await some_links(bench))[-3:]:
        report = await read(bench, link, days_before(bench, 60), TOTALS, *parts)
        assert report.breakdowns.keys() <= adapter.stats_dimensions
        for dimension, rows in report.breakdowns.items():
            bots = dimension is Dimension.BOT
            since_it_exists = dimension in {Dimension.INTEREST, Dimension.BRAND_AFFINITY}
            for counted, total in (
                ([row.clicks for row in rows], report.bot_clicks if bots else report.clicks),
                ([row.unique_clicks for row in rows], report.unique_clicks),
            ):
                known = [clicks for clicks in counted if clicks is not None]
                assert all(clicks >= 0 for clicks in known)
                if known and total is not None and not since_it_exists:
                    assert sum(known) <= total, dimension


@pytest.mark.parametrize("name", COUNTERS)
async def test_only_measures_that_are_claimed_are_told(name: str) -> None:
    bench = open_bench(name)
    measures = bench.can(CanReadStats).measures
    for link in await some_links(bench):
        report = await read(bench, link, days_before(bench, 30), TOTALS, SERIES)
        assert report.measures == measures
        told = {"CLICKS": report.clicks, "UNIQUE_CLICKS": report.unique_clicks, "BOT_CLICKS": report.bot_clicks}
        assert {measure for measure, number in told.items() if number is not None} <= {each.value for each in measures}


@pytest.mark.parametrize("name", COUNTERS)
async def test_what_was_not_asked_is_not_told_where_it_costs_a_call(name: str) -> None:
    bench = open_bench(name)
    link = (await some_links(bench))[-1]
    report = await read(bench, link, days_before(bench, 10), TOTALS)
    assert report.clicks is not None
    calls = len(bench.calls)
    await read(bench, link, days_before(bench, 10), TOTALS)
    assert len(bench.calls) - calls <= 1


@pytest.mark.parametrize("name", COUNTERS)
async def test_the_days_that_are_covered_are_among_those_asked_for(name: str) -> None:
    bench = open_bench(name)
    for asked in (days_before(bench, 1), days_before(bench, 30), days_before(bench, 1_000)):
        for link in (await some_links(bench))[:2]:
            report = await read(bench, link, asked, SERIES)
            assert report.covered is None or asked.start <= report.covered.start <= report.covered.end <= asked.end
            assert all(asked.start <= day.day <= asked.end for day in report.series or ())


@pytest.mark.parametrize("name", COUNTERS)
async def test_days_to_come_have_no_clicks(name: str) -> None:
    bench = open_bench(name)
    today = bench.account.adapter.today()
    link = (await some_links(bench))[0]
    report = await read(bench, link, Period(today + timedelta(days=5), today + timedelta(days=9)), SERIES)
    assert not [day for day in report.series or () if day.clicks]
