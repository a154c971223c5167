"""Links that tiny.cc has already and gives again: which are new is found out, as the answer does not tell."""

import httpx2
import pytest

from harness.tinycc_vendor import DEFAULT, OTHER, Server, asked, entry, refusal, scripted, server, urls, wrote
from linkweave.errors import ConflictError, UnauthenticatedError, VendorError
from linkweave.models.changes import NewLink, WrittenLink

FRESH = "https://www.example.com/fresh"
CARD = "https://www.example.com/business-cards"


def known(results: list[WrittenLink | VendorError]) -> list[tuple[str, bool]]:
    written = [result for result in results if isinstance(result, WrittenLink)]
    assert len(written) == len(results)
    return [(each.link.handle, each.created) for each in written]


async def create(tiny: Server, *new: NewLink) -> list[tuple[str, bool]]:
    return known(list(await tiny.adapter.create_links(new)))


async def test_the_same_link_twice_is_created_once() -> None:
    tiny = server()
    ((first, made),) = await create(tiny, NewLink(FRESH, reuse=True))
    ((second, again),) = await create(tiny, NewLink(FRESH, reuse=True))
    assert first == second
    assert (made, again) == (True, False)


async def test_a_new_link_costs_a_read_of_the_newest_links_before_and_after_the_call() -> None:
    tiny = server()
    await create(tiny, NewLink(FRESH, domain=OTHER, reuse=True))
    assert [asked(call) for call in tiny.calls] == [
        ("GET", "/urls", {"domain": OTHER, "offset": "0", "limit": "1"}),
        ("POST", "/urls", {"domain": OTHER, "disable_long_url_duplicates": "domain"}),
        ("GET", "/urls", {"domain": OTHER, "offset": "0", "limit": "51"}),
    ]


async def test_an_existing_link_with_clicks_is_recognised_without_a_second_read() -> None:
    tiny = server()
    assert await create(tiny, NewLink(CARD, reuse=True)) == [(f"{DEFAULT}/card", False)]
    assert [call.method for call in tiny.calls] == ["GET", "POST"]


async def test_an_old_link_without_clicks_is_recognised_by_its_place_in_the_list() -> None:
    tiny = server()
    for url in tiny.state.urls:
        url.daily, url.last_visit = {}, None
    assert await create(tiny, NewLink(CARD, reuse=True)) == [(f"{DEFAULT}/card", False)]


async def test_the_newest_link_itself_is_recognised_without_a_second_read() -> None:
    tiny = server()
    newest = max(tiny.state.urls_of(DEFAULT), key=lambda url: url.created)
    newest.daily, newest.last_visit = {}, None
    assert await create(tiny, NewLink(newest.long_url, reuse=True)) == [(f"{DEFAULT}/{newest.hash}", False)]
    assert [call.method for call in tiny.calls] == ["GET", "POST"]


async def test_a_link_on_any_domain_will_do_unless_the_caller_names_one() -> None:
    tiny = server()
    loyal = "https://www.example.com/loyalty/card"
    assert await create(tiny, NewLink(loyal, reuse=True)) == [(f"{OTHER}/card", False)]
    assert tiny.calls[1].query == {"disable_long_url_duplicates": "account"}
    ((handle, created),) = await create(tiny, NewLink(loyal, domain=DEFAULT, reuse=True))
    assert handle.startswith(f"{DEFAULT}/")
    assert created


async def test_an_unclicked_link_on_another_domain_is_not_taken_for_new() -> None:
    tiny = server()
    old = tiny.state.url(OTHER, "card")
    old.daily, old.last_visit = {}, None
    assert await create(tiny, NewLink(old.long_url, reuse=True)) == [(f"{OTHER}/card", False)]


async def test_two_inputs_to_one_destination_are_one_new_link_and_one_existing() -> None:
    tiny = server()
    (first, made), (second, again), (_, other) = await create(
        tiny, NewLink(FRESH, reuse=True), NewLink(FRESH, reuse=True), NewLink(FRESH + "/2", reuse=True)
    )
    assert first == second
    assert (made, again, other) == (True, False, True)


async def test_a_slug_with_the_same_destination_is_found_and_with_another_it_is_taken() -> None:
    tiny = server()
    assert await create(tiny, NewLink(CARD, slug="card", reuse=True)) == [(f"{DEFAULT}/card", False)]
    assert await create(tiny, NewLink(CARD, slug="card2", reuse=True)) == [(f"{DEFAULT}/card2", True)]
    with pytest.raises(ConflictError):
        await tiny.adapter.create_link(NewLink(FRESH, slug="card", reuse=True))


async def test_links_with_and_without_reuse_are_separate_calls() -> None:
    tiny = server()
    results = await create(tiny, NewLink(CARD), NewLink(CARD, reuse=True))
    assert [created for _, created in results] == [True, False]
    assert [call.query.get("disable_long_url_duplicates") for call in tiny.calls if call.method == "POST"] == [
        None,
        "account",
    ]


async def test_on_an_empty_domain_every_link_is_new() -> None:
    tiny = server()
    tiny.state.urls = []
    ((_, created),) = await create(tiny, NewLink(FRESH, reuse=True))
    assert created


async def test_when_the_first_read_fails_nothing_is_created() -> None:
    tiny = server(api_key="wrong")
    with pytest.raises(UnauthenticatedError):
        await tiny.adapter.create_link(NewLink(FRESH, reuse=True))
    assert [call.method for call in tiny.calls] == ["GET"]


async def test_when_the_second_read_fails_the_link_counts_as_created() -> None:
    looks: list[str] = []

    def respond(request: httpx2.Request) -> tuple[int, object]:
        if request.method == "POST":
            return 200, wrote(entry(hash="new"))
        looks.append(request.url.params["limit"])
        return (200, urls(entry())) if len(looks) == 1 else (400, refusal(1303))

    assert (await scripted(respond).create_link(NewLink("http://google.com", reuse=True))).created
    assert looks == ["1", "51"]


@pytest.mark.parametrize(("listed", "created"), [(["theirs", "ours", "old"], True), (["theirs", "old", "ours"], False)])
async def test_a_link_is_new_when_it_stands_above_the_one_that_was_the_newest(listed: list[str], created: bool) -> None:
    answers = iter([urls(entry(hash="old")), wrote(entry(hash="ours")), urls(*(entry(hash=name) for name in listed))])
    vendor = scripted(lambda _: (200, next(answers)))
    assert (await vendor.create_link(NewLink("http://google.com", reuse=True))).created is created


async def test_a_link_that_is_not_among_the_newest_is_not_new() -> None:
    answers = iter([urls(entry(hash="old")), wrote(entry(hash="ours")), urls(entry(hash="theirs"))])
    vendor = scripted(lambda _: (200, next(answers)))
    assert not (await vendor.create_link(NewLink("http://google.com", reuse=True))).created
