"""PicSee: links by slug and by short URL, over the emulator."""

import json

import pytest

from harness.emulators import Bench, bench
from harness.picsee_vendor import SEEDED, adapter_of, links_of
from linkweave.context.deadline import use_deadline
from linkweave.models import Link

OVERVIEW = frozenset({"destination", "created_at"})
TITLE = frozenset({"destination", "title"})


async def get(account: Bench, handle: str, fields: frozenset[str]) -> Link:
    return (await links_of(adapter_of(account), [handle], fields))[handle]


async def test_an_overview_is_one_call_and_has_no_title_tags_or_star() -> None:
    account = bench("picsee")
    seed = SEEDED[2]
    link = await get(account, seed.encode_id, OVERVIEW)
    assert [call.path for call in account.calls] == [f"/v1/links/{seed.encode_id}/overview"]
    assert (link.handle, link.slug, link.domain) == (seed.encode_id, seed.encode_id, "pse.is")
    assert link.short_url == f"https://pse.is/{seed.encode_id}"
    assert (link.destination, link.created_at, link.external_id) == (seed.url, seed.created_at, "20261111_campaign")
    assert link.included is not None
    assert (link.included.clicks, link.included.unique_clicks) == (seed.clicks, seed.unique_clicks)
    assert (link.title, link.tags, link.starred) == (None, (), None)


async def test_overviews_are_not_limited_and_each_link_is_one_call() -> None:
    account = bench("picsee")
    handles = [link.encode_id for link in SEEDED]
    links = await links_of(adapter_of(account), [*handles, handles[0]], OVERVIEW)
    assert list(links) == handles
    assert len(account.calls) == len(handles)
    assert account.clock.elapsed == 0


@pytest.mark.parametrize("handle", ["", ".", "..", "\ud800", "x" * 501, "../../v2/my/api/status", "a\\b", "a\x00"])
async def test_a_handle_that_can_be_no_slug_is_left_out_without_a_call(handle: str) -> None:
    account = bench("picsee")
    assert await links_of(adapter_of(account), [handle], OVERVIEW) == {}
    assert account.calls == []


@pytest.mark.parametrize(
    ("lists", "is_api", "is_star"), [(1, True, False), (2, True, True), (3, False, False), (4, False, True)]
)
@pytest.mark.parametrize("sandbox_account", [0, 1])
async def test_title_tags_and_star_are_looked_up_in_one_list_after_another(
    *, lists: int, is_api: bool, is_star: bool, sandbox_account: int
) -> None:
    account = bench("picsee", sandbox_account=sandbox_account)
    seed = next(link for link in SEEDED if (link.is_api, link.is_star) == (is_api, is_star))
    link = await get(account, seed.encode_id, TITLE)
    assert (link.title, link.tags, link.starred) == (seed.title, tuple(seed.tags), is_star)
    assert [call.path for call in account.calls].count("/v2/links/overview") == lists


async def test_the_advanced_plan_searches_for_one_link_by_its_slug() -> None:
    account = bench("picsee")
    await get(account, SEEDED[0].encode_id, TITLE)
    assert json.loads(account.calls[-1].body) == {"encodeId": SEEDED[0].encode_id}
    assert "startTime" not in account.calls[-1].query


async def test_the_basic_plan_lists_from_the_second_after_the_link_was_made() -> None:
    account = bench("picsee", sandbox_account=1)
    seed = SEEDED[0]
    await get(account, seed.encode_id, TITLE)
    assert seed.created_at.isoformat() == "2026-11-20T15:30:00+08:00"
    assert account.calls[-1].query["startTime"] == "2026-11-20T15:30:01"
    assert account.calls[-1].body == b""


@pytest.mark.parametrize("sandbox_account", [0, 1])
async def test_several_links_are_completed_from_the_page_that_holds_them(sandbox_account: int) -> None:
    account = bench("picsee", sandbox_account=sandbox_account)
    wanted = [link for link in SEEDED if link.is_api and not link.is_star][:20]
    links = await links_of(adapter_of(account), [link.encode_id for link in wanted], TITLE)
    assert [links[link.encode_id].title for link in wanted] == [link.title for link in wanted]
    assert len(account.calls) == 20 + 1


async def test_the_search_in_the_lists_ends_after_six_seconds_and_leaves_titles_null() -> None:
    account = bench("picsee", sandbox_account=1)
    # Made by hand and months apart: a page for each, twice, before the right list is reached.
    wanted = [link for link in SEEDED if not link.is_api][::4]
    with use_deadline(10, account.clock):
        links = await links_of(adapter_of(account), [link.encode_id for link in wanted], TITLE)
    assert set(links) == {link.encode_id for link in wanted}
    assert {link.title for link in links.values()} == {None}
    assert account.clock.elapsed <= 6


async def test_links_that_do_not_exist_are_left_out_and_looked_up_in_no_list() -> None:
    account = bench("picsee")
    assert await links_of(adapter_of(account), ["nothing"], TITLE) == {}
    assert await adapter_of(account).find_link("pse.is", "nothing", TITLE) is None
    assert len(account.calls) == 2
