"""PicSee: which of its lists hold what, and how they are paged, over the emulator."""

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


async def read_lane(account: Bench, lane: Lane) -> list[Link]:
    links: list[Link] = []
    token: str | None = None
    while True:
        page = await adapter_of(account).list_links(lane, token)
        links.extend(page.items)
        token = page.next
        if token is None:
            return links


async def read_all(account: Bench, wanted: LinkFilter) -> list[Link]:
    plan = await adapter_of(account).plan_links(wanted)
    return [link for lane in plan.lanes for link in await read_lane(account, lane)]


def slugs(links: list[VendorLink]) -> set[str]:
    return {link.encode_id for link in links}


async def test_four_lists_hold_every_link_and_take_a_second_a_page() -> None:
    account = bench("picsee")
    links = await read_all(account, LinkFilter())
    assert {link.handle for link in links} == slugs(SEEDED)
    assert len(links) == len(SEEDED) == 120
    assert [call.path for call in account.calls] == ["/v2/links/overview"] * 5
    assert account.clock.elapsed == 4


async def test_a_notice_says_why_several_lists_take_their_time() -> None:
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


async def test_pages_have_the_largest_size_and_follow_the_smallest_map_id() -> None:
    account = bench("picsee")
    lane = Lane("api", {"isAPI": "true", "isStar": "false"})
    first = await adapter_of(account).list_links(lane, None)
    second = await adapter_of(account).list_links(lane, first.next)
    api = [link for link in SEEDED if link.is_api and not link.is_star]
    assert [len(first.items), len(second.items), second.next] == [50, len(api) - 50, None]
    assert first.next == str(api[49].map_id)
    assert dict(account.calls[0].query) == {"limit": "50", "isAPI": "true", "isStar": "false"}
    assert (account.calls[0].method, account.calls[0].body) == ("POST", b"")
    assert account.calls[1].query["prevMapId"] == first.next


async def test_a_listed_link_has_what_picsee_lists_and_nothing_else() -> None:
    account = bench("picsee")
    (first, *_) = await read_all(account, LinkFilter(origin=LinkOrigin.API, starred=False))
    seed = SEEDED[0]
    assert (first.handle, first.slug, first.domain) == (seed.encode_id, seed.encode_id, "go.example.com")
    assert first.short_url == f"https://go.example.com/{seed.encode_id}"
    assert (first.destination, first.title, first.tags) == (seed.url, seed.title, tuple(seed.tags))
    assert (first.created_at, first.created_at and first.created_at.tzinfo) == (seed.created_at, UTC)
    assert (first.starred, first.archived, first.note, first.expiry) == (False, None, None, None)
    assert first.included is not None
    assert (first.included.clicks, first.included.unique_clicks) == (seed.clicks, seed.unique_clicks)
    assert first.included.covered is None


async def test_picsee_filters_by_external_id() -> None:
    account = bench("picsee")
    wanted = LinkFilter(external_id="20261111_campaign", origin=LinkOrigin.API)
    plan = await adapter_of(account).plan_links(wanted)
    assert FilterField.EXTERNAL_ID in plan.handled
    links = await read_all(account, wanted)
    assert {link.handle for link in links} == slugs([link for link in SEEDED if link.external_id == wanted.external_id])
    assert {link.external_id for link in links} == {"20261111_campaign"}


@pytest.mark.parametrize(("microsecond", "start"), [(0, "2026-11-01T08:00:00"), (1, "2026-11-01T08:00:01")])
async def test_a_time_of_creation_narrows_the_list_and_is_left_to_the_gateway(microsecond: int, start: str) -> None:
    account = bench("picsee")
    before = datetime(2026, 11, 1, 0, 0, 0, microsecond, tzinfo=UTC)
    plan = await adapter_of(account).plan_links(LinkFilter(created_before=before))
    assert {lane.query["startTime"] for lane in plan.lanes} == {start}
    assert FilterField.CREATED not in plan.handled
    found = {link.handle for link in await read_all(account, LinkFilter(created_before=before))}
    assert found >= slugs([link for link in SEEDED if link.created_at < before])
    assert len(found) < len(SEEDED)


@pytest.mark.parametrize("before", [NOW + timedelta(days=1), datetime.max.replace(tzinfo=UTC)])
async def test_a_time_of_creation_to_come_does_not_narrow_the_list(before: datetime) -> None:
    plan = await adapter_of(bench("picsee")).plan_links(LinkFilter(created_before=before))
    assert all("startTime" not in lane.query for lane in plan.lanes)


@pytest.mark.parametrize(
    ("wanted", "notice"),
    [
        (LinkFilter(archived=True), "PicSee does not report which links are archived"),
        (LinkFilter(archived=False), "PicSee does not report which links are archived"),
        (LinkFilter(team_ids=("1",)), "PicSee has no teams"),
        (LinkFilter(campaign_ids=("1",)), "PicSee has no campaigns"),
        (LinkFilter(external_id=""), "PicSee has no empty external ids"),
    ],
)
async def test_a_filter_that_no_link_can_match_costs_no_call(wanted: LinkFilter, notice: str) -> None:
    account = bench("picsee")
    plan = await adapter_of(account).plan_links(wanted)
    assert (plan.lanes, plan.notice, account.calls) == ((), notice, [])


@pytest.mark.parametrize(
    ("wanted", "search"),
    [
        (LinkFilter(search="Podcast"), {"keyword": "Podcast"}),
        (LinkFilter(search="ab"), {}),
        (LinkFilter(search="x" * 31), {}),
        (LinkFilter(search=""), {}),
        (LinkFilter(tags_all=("podcast",)), {"tag": "podcast"}),
        (LinkFilter(tags_any=("podcast",)), {"tag": "podcast"}),
        (LinkFilter(tags_all=("xy", "podcast")), {"tag": "podcast"}),
        # As the account spells it; as the caller does where the account does not list it.
        (LinkFilter(tags_any=("PODCAST",)), {"tag": "podcast"}),
        (LinkFilter(tags_any=("Brand new",)), {"tag": "Brand new"}),
        (LinkFilter(tags_any=("podcast", "sale")), {}),
        (LinkFilter(tags_none=("podcast",)), {}),
        (LinkFilter(tags_any=("xy",)), {}),
        (LinkFilter(tags_all=("x" * 31,)), {}),
        # PicSee ignores a keyword beside a tag.
        (LinkFilter(search="podcast", tags_any=("audio",)), {"tag": "audio"}),
    ],
)
async def test_the_advanced_plan_searches_for_a_tag_or_a_keyword_and_leaves_the_rest_to_the_gateway(
    wanted: LinkFilter, search: dict[str, str]
) -> None:
    account = bench("picsee")
    plan = await adapter_of(account).plan_links(replace(wanted, origin=LinkOrigin.API, starred=False))
    (lane,) = plan.lanes
    assert {key: value for key, value in lane.query.items() if key not in {"isAPI", "isStar"}} == search
    assert (FilterField.SEARCH in plan.handled) is ("keyword" in search)
    assert FilterField.TAGS not in plan.handled
    assert [call.path for call in account.calls] == ["/v4/my/api/tags"] * ("tag" in search)


@pytest.mark.parametrize(
    ("wanted", "body"),
    [
        (LinkFilter(search="Podcast"), {"keyword": "Podcast"}),
        (LinkFilter(tags_all=("podcast",)), {"tag": "podcast"}),
    ],
)
async def test_the_search_is_the_body_of_the_call(wanted: LinkFilter, body: dict[str, str]) -> None:
    account = bench("picsee")
    links = await read_all(account, replace(wanted, origin=LinkOrigin.API, starred=False))
    assert json.loads(account.calls[-1].body) == body
    assert links
    assert all("podcast" in f"{link.title} {link.destination} {link.tags}".lower() for link in links)


async def test_the_basic_plan_does_not_search() -> None:
    account = bench("picsee", sandbox_account=1)
    wanted = LinkFilter(search="podcast", tags_any=("audio",), origin=LinkOrigin.API, starred=True)
    plan = await adapter_of(account).plan_links(wanted)
    assert plan.handled == {FilterField.ORIGIN, FilterField.STARRED}
    assert len(await read_all(account, wanted)) == 6
    assert [call.body for call in account.calls] == [b""]
