"""Deleting links of tiny.cc, which keeps protected ones without a word, and forgetting clicks."""

import pytest

from harness.tinycc_vendor import DEFAULT, OK, OTHER, entry, refusal, scripted, server, urls
from linkweave.errors import AmbiguousError, NotFoundError, RejectedError, VendorError
from linkweave.providers.read_capabilities import Lane

LOYALTY = f"{OTHER}/card"
HANDLES = ["m.tiny.cc/h", "m.tiny.cc/g"]
DONE = {"error": OK}


async def test_many_links_are_deleted_by_two_calls_for_each_domain() -> None:
    tiny = server()
    handles = [f"{url.domain}/{url.hash}" for url in tiny.state.urls]
    protected = {f"{url.domain}/{url.hash}" for url in tiny.state.urls if url.protected}
    assert protected
    results = await tiny.adapter.delete_links(handles)
    assert list(results) == handles
    assert {handle for handle, error in results.items() if error is not None} == protected
    assert [(call.method, call.query["domain"]) for call in tiny.calls] == [
        ("DELETE", DEFAULT),
        ("GET", DEFAULT),
        ("DELETE", OTHER),
        ("GET", OTHER),
    ]
    assert len(tiny.calls[0].query["hashes"].split(",")) == 53
    assert {f"{url.domain}/{url.hash}" for url in tiny.state.urls} == protected


async def test_an_unknown_link_is_not_found_alone_and_deleted_among_others() -> None:
    tiny = server()
    with pytest.raises(NotFoundError):
        await tiny.adapter.delete_link(f"{OTHER}/nope")
    assert await tiny.adapter.delete_links([f"{OTHER}/nope", LOYALTY]) == {f"{OTHER}/nope": None, LOYALTY: None}


async def test_an_impossible_handle_is_not_found_without_a_call() -> None:
    tiny = server()
    results = await tiny.adapter.delete_links(["card", f"{DEFAULT}/", f"{DEFAULT}/a\tb"])
    assert {type(error) for error in results.values()} == {NotFoundError}
    assert {type(error) for error in (await tiny.adapter.reset_stats(["card"])).values()} == {NotFoundError}
    assert tiny.calls == []


async def test_a_slug_with_a_comma_deletes_one_link_and_no_other() -> None:
    tiny = server()
    before = [link.slug for link in (await tiny.adapter.list_links(Lane(DEFAULT, {"domain": DEFAULT}), None)).items]
    handle = f"{DEFAULT}/{before[0]},{before[1]}"
    await tiny.adapter.delete_links([handle])
    await tiny.adapter.reset_stats([handle])
    after = [link.slug for link in (await tiny.adapter.list_links(Lane(DEFAULT, {"domain": DEFAULT}), None)).items]
    assert after == before
    assert all("hashes" not in call.query for call in tiny.calls)


async def test_one_link_named_twice_is_deleted_once() -> None:
    tiny = server()
    results = await tiny.adapter.delete_links([LOYALTY, f"{OTHER.upper()}/card"])
    assert results == {LOYALTY: None, f"{OTHER.upper()}/card": None}
    assert [call.method for call in tiny.calls] == ["DELETE", "GET"]


async def test_a_link_that_still_exists_is_not_reported_as_deleted() -> None:
    answers = iter([DONE, urls(entry(hash="h"))])
    results = await scripted(lambda _: (200, next(answers))).delete_links(HANDLES)
    kept, gone = results[HANDLES[0]], results[HANDLES[1]]
    assert isinstance(kept, RejectedError)
    assert (kept.message, kept.field, gone) == ("print: the link still exists (delete links)", None, None)


@pytest.mark.parametrize("code", [1204, 1306])
async def test_a_host_that_refuses_to_show_a_missing_link_confirms_that_it_is_gone(code: int) -> None:
    answers = iter([(200, DONE), (404, refusal(code))])
    await scripted(lambda _: next(answers)).delete_link(HANDLES[0])


@pytest.mark.parametrize("look", [(404, refusal(1306)), (400, refusal(1303)), (500, {}), (200, {})])
async def test_when_the_check_fails_every_delete_is_ambiguous(look: tuple[int, object]) -> None:
    answers = iter([(200, DONE), look])
    results = await scripted(lambda _: next(answers)).delete_links(HANDLES)
    assert {type(error) for error in results.values()} == {AmbiguousError}


async def test_clicks_of_many_links_are_deleted_by_one_call_for_each_domain() -> None:
    tiny = server()
    handles = [f"{url.domain}/{url.hash}" for url in tiny.state.urls]
    assert await tiny.adapter.reset_stats(handles) == dict.fromkeys(handles)
    assert [(call.method, call.path, call.query["domain"]) for call in tiny.calls] == [
        ("DELETE", "/stats", DEFAULT),
        ("DELETE", "/stats", OTHER),
    ]
    assert {url.total_clicks for url in tiny.state.urls} == {0}


async def test_clicks_of_a_deleted_link_are_not_found() -> None:
    gone = f"{DEFAULT}/nope"
    error: VendorError | None = (await server().adapter.reset_stats([gone]))[gone]
    assert isinstance(error, NotFoundError)
