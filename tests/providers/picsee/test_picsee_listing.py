"""PicSee: which of its lists hold what, and how they are walked, over the emulator."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from harness.emulators import NOW, Bench, bench
from harness.picsee_vendor import SEEDED, adapter_of
from linkweave.models import Link, LinkFilter, LinkOrigin
from linkweave.providers.picsee.emulator.state import VendorLink
from linkweave.providers.read_capabilities import FilterField, Lane

ALL = {"api", "api-starred", "dashboard", "dashboard-starred"}


async def walk(account: Bench, lane: Lane) -> list[Link]:
    links: list[Link] = []
    token: str | None = None
    while True:
        page = await adapter_of(account).list_links(lane, token)
        links.extend(page.items)
        token = page.next
        if token is None:
            return links


async def everything(account: Bench, wanted: LinkFilter) -> list[Link]:
    plan = await adapter_of(account).plan_links(wanted)
    return [link for lane in plan.lanes for link in await walk(account, lane)]


def slugs(links: list[VendorLink]) -> set[str]:
    return {link.encode_id for link in links}


async def test_without_a_filter_the_four_lists_hold_every_link_once() -> None:
    account = bench("picsee")
    links = await everything(account, LinkFilter())
    assert len(links) == len(SEEDED) == 120
    assert {link.handle for link in links} == slugs(SEEDED)


async def test_four_lists_and_their_second_pages_take_a_second_each_and_are_never_refused() -> None:
    account = bench("picsee")
    await everything(account, LinkFilter())
    assert [call.path for call in account.calls] == ["/v2/links/overview"] * 5
    assert account.clock.elapsed == 4


async def test_the_reader_is_told_why_several_lists_take_their_time() -> None:
    adapter = adapter_of(bench("picsee"))
    assert (await adapter.plan_links(LinkFilter())).notice == "PicSee keeps 4 lists and answers one call a second"
    one = await adapter.plan_links(LinkFilter(origin=LinkOrigin.API, starred=False))
    assert one.notice is None


@pytest.mark.parametrize(
    ("wanted", "lanes"),
    [
        (LinkFilter(), ALL),
        (LinkFilter(origin=LinkOrigin.API), {"api", "api-starred"}),
        (LinkFilter(origin=LinkOrigin.DASHBOARD), {"dashboard", "dashboard-starred"}),
        (LinkFilter(starred=True), {"api-starred", "dashboard-starred"}),
        (LinkFilter(starred=False), {"api", "dashboard"}),
        (LinkFilter(origin=LinkOrigin.DASHBOARD, starred=True), {"dashboard-starred"}),
    ],
)
async def test_origin_and_star_choose_the_lists(wanted: LinkFilter, lanes: set[str]) -> None:
    account = bench("picsee")
    plan = await adapter_of(account).plan_links(wanted)
    assert {lane.name for lane in plan.lanes} == lanes
    assert plan.handled >= {FilterField.ORIGIN, FilterField.STARRED}
    assert account.calls == []


async def test_starred_dashboard_links_are_exactly_those() -> None:
    links = await everything(bench("picsee"), LinkFilter(origin=LinkOrigin.DASHBOARD, starred=True))
    assert {link.handle for link in links} == slugs([link for link in SEEDED if link.is_star and not link.is_api])
    assert {link.starred for link in links} == {True}


async def test_every_list_is_newest_first_in_utc() -> None:
    account = bench("picsee")
    for lane in (await adapter_of(account).plan_links(LinkFilter())).lanes:
        made = [link.created_at or NOW for link in await walk(account, lane)]
        assert made == sorted(made, reverse=True)
        assert {moment.tzinfo for moment in made} == {UTC}


async def test_pages_have_the_largest_size_and_follow_the_smallest_map_id() -> None:
    account = bench("picsee")
    lane = Lane("api", {"isAPI": "true", "isStar": "false"})
    first = await adapter_of(account).list_links(lane, None)
    second = await adapter_of(account).list_links(lane, first.next)
    api = [link for link in SEEDED if link.is_api and not link.is_star]
    assert [len(first.items), len(second.items)] == [50, len(api) - 50]
    assert first.next == str(api[49].map_id)
    assert dict(account.calls[0].query) == {"limit": "50", "isAPI": "true", "isStar": "false"}
    assert account.calls[1].query["prevMapId"] == first.next


async def test_a_page_shorter_than_the_limit_ends_the_list() -> None:
    page = await adapter_of(bench("picsee")).list_links(Lane("x", {"isAPI": "true", "isStar": "true"}), None)
    assert (len(page.items), page.next) == (6, None)


async def test_a_list_without_a_search_is_asked_for_without_a_body() -> None:
    account = bench("picsee")
    await adapter_of(account).list_links(Lane("x", {"isAPI": "true", "isStar": "true"}), None)
    assert (account.calls[0].method, account.calls[0].body) == ("POST", b"")


async def test_a_listed_link_tells_what_the_vendor_tells_and_nothing_else() -> None:
    account = bench("picsee")
    (first, *_) = await everything(account, LinkFilter(origin=LinkOrigin.API, starred=False))
    seed = SEEDED[0]
    assert (first.handle, first.slug, first.domain) == (seed.encode_id, seed.encode_id, "go.example.com")
    assert first.short_url == f"https://go.example.com/{seed.encode_id}"
    assert (first.destination, first.title, first.tags) == (seed.url, seed.title, tuple(seed.tags))
    assert first.created_at == seed.created_at
    assert (first.starred, first.archived, first.note, first.expiry) == (False, None, None, None)
    assert first.included is not None
    assert (first.included.clicks, first.included.unique_clicks) == (seed.clicks, seed.unique_clicks)
    assert first.included.covered is None


async def test_an_external_id_is_asked_of_the_vendor() -> None:
    account = bench("picsee")
    wanted = LinkFilter(external_id="20261111_campaign", origin=LinkOrigin.API)
    plan = await adapter_of(account).plan_links(wanted)
    assert FilterField.EXTERNAL_ID in plan.handled
    links = await everything(account, wanted)
    expected = [link for link in SEEDED if link.external_id == "20261111_campaign"]
    assert {link.handle for link in links} == slugs(expected)
    assert {link.external_id for link in links} == {"20261111_campaign"}


async def test_links_without_an_external_id_say_so() -> None:
    links = await everything(bench("picsee"), LinkFilter(origin=LinkOrigin.DASHBOARD))
    assert {link.external_id for link in links} == {None}


@pytest.mark.parametrize(
    ("microsecond", "asked"),
    [(0, "2026-11-01T08:00:00"), (1, "2026-11-01T08:00:01")],
)
async def test_creation_before_a_time_narrows_the_list_and_is_checked_again(microsecond: int, asked: str) -> None:
    account = bench("picsee")
    before = datetime(2026, 11, 1, 0, 0, 0, microsecond, tzinfo=UTC)
    plan = await adapter_of(account).plan_links(LinkFilter(created_before=before))
    assert {lane.query["startTime"] for lane in plan.lanes} == {asked}
    assert FilterField.CREATED not in plan.handled
    found = {link.handle for link in await everything(account, LinkFilter(created_before=before))}
    assert found >= slugs([link for link in SEEDED if link.created_at < before])
    assert len(found) < len(SEEDED)


async def test_creation_before_a_time_to_come_asks_for_everything() -> None:
    for before in (NOW + timedelta(days=1), datetime.max.replace(tzinfo=UTC)):
        plan = await adapter_of(bench("picsee")).plan_links(LinkFilter(created_before=before))
        assert all("startTime" not in lane.query for lane in plan.lanes)


@pytest.mark.parametrize(
    ("wanted", "notice"),
    [
        (LinkFilter(archived=True), "PicSee does not tell which links are archived"),
        (LinkFilter(archived=False), "PicSee does not tell which links are archived"),
        (LinkFilter(team_ids=("1",)), "PicSee has no teams"),
        (LinkFilter(campaign_ids=("1",)), "PicSee has no campaigns"),
        (LinkFilter(external_id=""), "PicSee has no empty external ids"),
    ],
)
async def test_what_no_link_can_match_is_answered_without_a_call(wanted: LinkFilter, notice: str) -> None:
    account = bench("picsee")
    plan = await adapter_of(account).plan_links(wanted)
    assert (plan.lanes, plan.notice, account.calls) == ((), notice, [])


async def test_a_keyword_is_searched_by_the_vendor_on_the_advanced_plan() -> None:
    account = bench("picsee")
    wanted = LinkFilter(search="Podcast", origin=LinkOrigin.API, starred=False)
    plan = await adapter_of(account).plan_links(wanted)
    assert FilterField.SEARCH in plan.handled
    links = await everything(account, wanted)
    assert {json.loads(call.body)["keyword"] for call in account.calls} == {"Podcast"}
    assert links
    assert all("podcast" in f"{link.title} {link.destination}".lower() for link in links)


@pytest.mark.parametrize("search", ["ab", "x" * 31, ""])
async def test_a_keyword_that_the_vendor_does_not_take_is_left_to_the_gateway(search: str) -> None:
    plan = await adapter_of(bench("picsee")).plan_links(LinkFilter(search=search))
    assert FilterField.SEARCH not in plan.handled
    assert all("keyword" not in lane.query for lane in plan.lanes)


@pytest.mark.parametrize(
    "wanted",
    [LinkFilter(tags_all=("podcast",)), LinkFilter(tags_any=("podcast",)), LinkFilter(tags_all=("xy", "podcast"))],
)
async def test_one_tag_that_must_be_there_narrows_the_list_and_is_checked_again(wanted: LinkFilter) -> None:
    account = bench("picsee")
    only = replace(wanted, origin=LinkOrigin.API, starred=False)
    plan = await adapter_of(account).plan_links(only)
    assert FilterField.TAGS not in plan.handled
    (lane,) = plan.lanes
    links = await walk(account, lane)
    assert json.loads(account.calls[-1].body) == {"tag": "podcast"}
    assert links
    assert all("podcast" in link.tags for link in links)


@pytest.mark.parametrize(
    "wanted",
    [
        LinkFilter(tags_any=("podcast", "sale")),
        LinkFilter(tags_none=("podcast",)),
        LinkFilter(tags_any=("xy",)),
        LinkFilter(tags_all=("x" * 31,)),
    ],
)
async def test_tags_that_the_vendor_cannot_be_asked_for_are_left_to_the_gateway(wanted: LinkFilter) -> None:
    account = bench("picsee")
    plan = await adapter_of(account).plan_links(wanted)
    assert all("tag" not in lane.query for lane in plan.lanes)
    assert account.calls == []


async def test_a_tag_is_searched_for_as_the_account_spells_it() -> None:
    account = bench("picsee")
    plan = await adapter_of(account).plan_links(LinkFilter(tags_any=("PODCAST",)))
    assert {lane.query["tag"] for lane in plan.lanes} == {"podcast"}
    assert [call.path for call in account.calls] == ["/v4/my/api/tags"]


async def test_a_tag_that_the_account_does_not_list_is_searched_for_as_given() -> None:
    plan = await adapter_of(bench("picsee")).plan_links(LinkFilter(tags_any=("Brand new",)))
    assert {lane.query["tag"] for lane in plan.lanes} == {"Brand new"}


async def test_a_keyword_beside_a_tag_is_left_to_the_gateway_because_the_vendor_would_ignore_it() -> None:
    plan = await adapter_of(bench("picsee")).plan_links(LinkFilter(search="podcast", tags_any=("audio",)))
    assert {(lane.query["tag"], lane.query.get("keyword")) for lane in plan.lanes} == {("audio", None)}
    assert FilterField.SEARCH not in plan.handled


async def test_below_the_advanced_plan_the_gateway_searches() -> None:
    account = bench("picsee", sandbox_account=1)
    wanted = LinkFilter(search="podcast", tags_any=("audio",), origin=LinkOrigin.API, starred=True)
    plan = await adapter_of(account).plan_links(wanted)
    assert plan.handled == {FilterField.ORIGIN, FilterField.STARRED}
    assert len(await everything(account, wanted)) == 6
    assert [call.body for call in account.calls] == [b""]
