"""PicSee: links by slug and by short URL, over the emulator."""

import json

import pytest

from harness.emulators import Bench, bench
from harness.picsee_vendor import SEEDED, adapter_of, links_of
from linkweave.models import Link
from linkweave.providers.picsee.emulator.state import VendorLink
from linkweave.transport.context.deadline import deadline

OVERVIEW = frozenset({"destination", "created_at"})
TITLE = frozenset({"destination", "title"})

HALVES = [(True, False), (True, True), (False, False), (False, True)]


def first_of(*, is_api: bool, is_star: bool) -> VendorLink:
    return next(link for link in SEEDED if (link.is_api, link.is_star) == (is_api, is_star))


async def get(account: Bench, handle: str, fields: frozenset[str]) -> Link:
    return (await links_of(adapter_of(account), [handle], fields))[handle]


async def test_an_overview_tells_the_link_in_one_call() -> None:
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


async def test_overviews_are_not_limited() -> None:
    account = bench("picsee")
    handles = [link.encode_id for link in SEEDED]
    links = await links_of(adapter_of(account), handles, OVERVIEW)
    assert list(links) == handles
    assert len(account.calls) == len(handles)
    assert account.clock.elapsed == 0


async def test_a_handle_given_twice_is_asked_for_once() -> None:
    account = bench("picsee")
    slug = SEEDED[0].encode_id
    assert list(await links_of(adapter_of(account), [slug, slug], OVERVIEW)) == [slug]
    assert len(account.calls) == 1


async def test_unknown_slugs_are_left_out() -> None:
    account = bench("picsee")
    links = await links_of(adapter_of(account), ["nothing", SEEDED[0].encode_id], OVERVIEW)
    assert list(links) == [SEEDED[0].encode_id]


@pytest.mark.parametrize("handle", ["", ".", "..", "\ud800", "x" * 501])
async def test_what_can_be_no_slug_is_left_out_without_a_call(handle: str) -> None:
    account = bench("picsee")
    assert await links_of(adapter_of(account), [handle], OVERVIEW) == {}
    assert account.calls == []


async def test_a_slug_never_leads_to_another_path() -> None:
    account = bench("picsee")
    assert await links_of(adapter_of(account), ["../../v2/my/api/status"], OVERVIEW) == {}
    (call,) = account.calls
    assert call.path == "/v1/links/../../v2/my/api/status/overview"


@pytest.mark.parametrize(("is_api", "is_star"), HALVES)
@pytest.mark.parametrize("sandbox_account", [0, 1])
async def test_what_only_the_list_tells_is_looked_up_there(
    *, is_api: bool, is_star: bool, sandbox_account: int
) -> None:
    account = bench("picsee", sandbox_account=sandbox_account)
    seed = first_of(is_api=is_api, is_star=is_star)
    link = await get(account, seed.encode_id, TITLE)
    assert (link.title, link.tags, link.starred) == (seed.title, tuple(seed.tags), is_star)
    lists = [call for call in account.calls if call.path == "/v2/links/overview"]
    assert len(lists) == HALVES.index((is_api, is_star)) + 1


async def test_one_link_is_searched_for_by_its_slug_on_the_advanced_plan() -> None:
    account = bench("picsee")
    await get(account, SEEDED[0].encode_id, TITLE)
    assert json.loads(account.calls[-1].body) == {"encodeId": SEEDED[0].encode_id}
    assert "startTime" not in account.calls[-1].query


async def test_below_it_a_link_is_looked_for_from_the_second_after_it_was_made() -> None:
    account = bench("picsee", sandbox_account=1)
    seed = SEEDED[0]
    await get(account, seed.encode_id, TITLE)
    assert seed.created_at.isoformat() == "2026-11-20T15:30:00+08:00"
    assert account.calls[-1].query["startTime"] == "2026-11-20T15:30:01"
    assert account.calls[-1].body == b""


@pytest.mark.parametrize("sandbox_account", [0, 1])
async def test_several_links_are_completed_from_the_pages_that_hold_them(sandbox_account: int) -> None:
    account = bench("picsee", sandbox_account=sandbox_account)
    wanted = [link for link in SEEDED if link.is_api and not link.is_star][:20]
    links = await links_of(adapter_of(account), [link.encode_id for link in wanted], TITLE)
    assert [links[link.encode_id].title for link in wanted] == [link.title for link in wanted]
    assert len(account.calls) == 20 + 1


async def test_looking_in_the_list_leaves_time_for_the_rest() -> None:
    account = bench("picsee", sandbox_account=1)
    # Made by hand and months apart: a page for each, twice, before the right list is reached.
    wanted = [link for link in SEEDED if not link.is_api][::4]
    with deadline(10, account.clock):
        links = await links_of(adapter_of(account), [link.encode_id for link in wanted], TITLE)
    assert set(links) == {link.encode_id for link in wanted}
    assert {link.title for link in links.values()} == {None}
    assert account.clock.elapsed <= 6


async def test_nothing_is_looked_up_for_links_that_do_not_exist() -> None:
    account = bench("picsee")
    assert await links_of(adapter_of(account), ["nothing"], TITLE) == {}
    assert len(account.calls) == 1


async def test_a_short_url_is_found_by_its_slug() -> None:
    account = bench("picsee")
    seed = SEEDED[0]
    link = await adapter_of(account).find_link("GO.example.com", seed.encode_id, TITLE)
    assert link is not None
    assert (link.handle, link.title) == (seed.encode_id, seed.title)


async def test_a_slug_that_lives_on_another_domain_is_not_the_link() -> None:
    account = bench("picsee")
    assert await adapter_of(account).find_link("pse.is", SEEDED[0].encode_id, TITLE) is None
    assert len(account.calls) == 1


async def test_an_unknown_short_url_is_nobodys() -> None:
    assert await adapter_of(bench("picsee")).find_link("pse.is", "nothing", TITLE) is None
