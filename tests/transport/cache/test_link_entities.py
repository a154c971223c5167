"""Links that came with a list are found by their handles, as long as they are valid."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import orjson

from harness.cached_vendor import RecordingStore
from harness.virtual_time import NOW, LoopClock
from linkweave.models import Link, Page
from linkweave.storage.leases import MemoryLeases
from linkweave.storage.versions import MemoryCacheVersions
from linkweave.transport.cache.factory import AnswerCacheFactory
from linkweave.transport.cache.link_entities import STORE_DELAY_SECONDS, LinkEntities
from linkweave.transport.lifetimes import FRESH_SECONDS, Lifetimes


def link(handle: str, title: str = "A title") -> Link:
    return Link(handle, f"https://x.test/{handle}", handle, "https://example.com", LoopClock().now(), title=title)


def entities(store: RecordingStore) -> LinkEntities:
    clock = LoopClock()
    factory = AnswerCacheFactory(store, MemoryCacheVersions(), MemoryLeases(store), clock, 10, random=lambda: 0.0)
    return factory.link_entities(factory.record_store("main", Lifetimes(FRESH_SECONDS)), "http://vendor")


async def list_links(cache: LinkEntities, *links: Link) -> None:
    """Fetches a page of `links`, and waits until it is stored."""
    start = await cache.start_list()
    await asyncio.sleep(1)
    cache.add_page(start, Page(links, LoopClock().now()))
    await asyncio.sleep(2 * STORE_DELAY_SECONDS)


async def first_stored(store: RecordingStore) -> None:
    """Returns while the links of a page are being stored."""
    await asyncio.sleep(STORE_DELAY_SECONDS)
    await asyncio.sleep(0)
    assert store.keys


async def test_many_links_are_found_with_one_read() -> None:
    store = RecordingStore()
    cache = entities(store)
    await list_links(cache, *(link(f"l{number}") for number in range(40)))
    found = await cache.get_many([f"l{number}" for number in range(80)])
    assert list(found) == [f"l{number}" for number in range(40)]
    assert store.reads == [80]


async def test_a_link_is_found_as_it_was_listed_and_as_the_same_object_each_time() -> None:
    cache = entities(RecordingStore())
    listed = link("a")
    await list_links(cache, listed)
    found = [(await cache.get_many(["a"]))["a"] for _ in range(3)]
    assert found[0].link == listed
    assert all(each.link is found[0].link for each in found)
    assert found[0].fresh_until == NOW + timedelta(seconds=61)


async def test_a_link_that_is_listed_again_is_found_as_it_was_listed_last() -> None:
    cache = entities(RecordingStore())
    for title in ("Before", "After"):
        await list_links(cache, link("a", title))
        assert (await cache.get_many(["a"]))["a"].link.title == title


async def test_no_link_is_found_as_it_was_before_a_write() -> None:
    cache = entities(RecordingStore())
    await list_links(cache, link("a"))
    assert (await cache.get_many(["a"])).keys() == {"a"}
    await cache.records.invalidate()
    assert await cache.get_many(["a"]) == {}


async def test_a_link_that_json_cannot_hold_does_not_keep_the_others_out() -> None:
    cache = entities(RecordingStore())
    odd, plain = replace(link("a"), title="\ud800"), link("b")
    await list_links(cache, odd, plain)
    assert {handle: each.link for handle, each in (await cache.get_many(["a", "b"])).items()} == {"b": plain}


async def test_a_page_that_several_callers_share_is_stored_once_and_so_is_the_next_one() -> None:
    store = RecordingStore()
    cache = entities(store)
    start = await cache.start_list()
    page = Page((link("a"),), LoopClock().now())
    for _ in range(3):
        cache.add_page(start, page)
    await asyncio.sleep(2 * STORE_DELAY_SECONDS)
    assert len(store.keys) == 1
    await list_links(cache, link("a"))
    assert len(store.keys) == 2


async def test_the_cache_knows_of_a_limited_number_of_pages_that_they_are_stored() -> None:
    store = RecordingStore()
    cache = entities(store)
    start = await cache.start_list()
    pages = [Page((link(str(number)),), LoopClock().now()) for number in range(300)]
    for page in (*pages, pages[-1], pages[0]):
        cache.add_page(start, page)
    await asyncio.sleep(2 * STORE_DELAY_SECONDS)
    assert len(store.keys) == 301


async def test_a_stored_record_that_is_no_link_is_not_found() -> None:
    store = RecordingStore()
    cache = entities(store)
    await list_links(cache, link("a"))
    raw = await store.get(store.keys[0])
    assert raw is not None
    await store.set(store.keys[0], orjson.dumps([*orjson.loads(raw)[:-1], {"handle": 7}]), 60)
    assert await cache.get_many(["a"]) == {}


async def test_a_link_is_found_before_it_is_stored_unless_a_write_came_between() -> None:
    store = RecordingStore()
    cache = entities(store)
    start, listed = await cache.start_list(), link("a")
    cache.add_page(start, Page((listed,), LoopClock().now()))
    found = await cache.get_many(["a", "b"])
    assert found["a"].link is listed
    assert found.keys() == {"a"}
    assert store.keys == []
    await cache.records.invalidate()
    assert await cache.get_many(["a"]) == {}


async def test_of_pages_that_are_not_stored_yet_the_latest_counts() -> None:
    cache = entities(RecordingStore())
    for title in ("Before", "After"):
        start = await cache.start_list()
        await asyncio.sleep(0.1)
        cache.add_page(start, Page((link("a", title),), LoopClock().now()))
    assert (await cache.get_many(["a"]))["a"].link.title == "After"


async def test_pages_that_come_while_others_are_stored_are_stored_too() -> None:
    store = RecordingStore()
    cache = entities(store)
    start = await cache.start_list()
    cache.add_page(start, Page(tuple(link(str(number)) for number in range(200)), LoopClock().now()))
    await first_stored(store)
    cache.add_page(start, Page((link("late"),), LoopClock().now()))
    await asyncio.sleep(2 * STORE_DELAY_SECONDS)
    assert len(store.keys) == 201


async def test_closing_stops_storing() -> None:
    store = RecordingStore()
    cache = entities(store)
    start = await cache.start_list()
    cache.add_page(start, Page(tuple(link(str(number)) for number in range(200)), LoopClock().now()))
    await first_stored(store)
    await cache.close()
    assert len(store.keys) < 200


async def test_closing_before_storing_stores_nothing() -> None:
    store = RecordingStore()
    cache = entities(store)
    cache.add_page(await cache.start_list(), Page((link("a"),), LoopClock().now()))
    await cache.close()
    await asyncio.sleep(2 * STORE_DELAY_SECONDS)
    assert store.keys == []
