"""Links that lists told, under names of their own: which of them are known, and what is not taken for one."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import orjson

from harness.fake_accounts import link
from harness.virtual_time import LoopClock
from linkweave.models import Link, Page
from linkweave.storage.leases import MemoryLeases
from linkweave.storage.memory_store import MemoryStore
from linkweave.storage.versions import MemoryCacheVersions
from linkweave.transport.cache.factory import AnswerCacheFactory
from linkweave.transport.cache.link_entities import LinkEntities
from linkweave.transport.lifetimes import FRESH_SECONDS, Lifetimes


class Written(MemoryStore):
    """Remembers under which keys anything was kept, and in which order."""

    def __init__(self) -> None:
        super().__init__(LoopClock())
        self.keys: list[str] = []

    async def set(self, key: str, value: bytes, ttl_seconds: float) -> None:
        self.keys.append(key)
        await super().set(key, value, ttl_seconds)


def entities(store: MemoryStore) -> LinkEntities:
    remembering = AnswerCacheFactory(store, MemoryCacheVersions(), MemoryLeases(store), LoopClock(), 10)
    return remembering.links_of(remembering.keeper_of("main", Lifetimes(FRESH_SECONDS)), "http://vendor")


async def tell(known: LinkEntities, links: Sequence[Link]) -> None:
    """Let a list tell `links`."""
    begun = await known.begin()
    known.fill(begun, Page(tuple(links), LoopClock().now()))
    await asyncio.sleep(1)


async def test_a_link_that_cannot_be_written_down_takes_no_other_with_it() -> None:
    known = entities(Written())
    odd, plain = replace(link("a"), title="\ud800"), link("b")
    await tell(known, [odd, plain])
    assert {handle: each.link for handle, each in (await known.look(["a", "b"])).items()} == {"b": plain}


async def test_a_page_that_several_were_told_is_taken_in_once_and_the_next_one_too() -> None:
    store = Written()
    known, begun = entities(store), await entities(store).begin()
    begun = await known.begin()
    page = Page((link("a"),), LoopClock().now())
    for _ in range(3):
        known.fill(begun, page)
    await asyncio.sleep(1)
    assert len(store.keys) == 1
    await tell(known, [link("a")])
    assert len(store.keys) == 2


async def test_of_pages_that_were_taken_in_so_many_are_remembered_and_no_more() -> None:
    store = Written()
    known = entities(store)
    begun = await known.begin()
    pages = [Page((link(str(number)),), LoopClock().now()) for number in range(300)]
    for page in (*pages, pages[-1], pages[0]):
        known.fill(begun, page)
    await asyncio.sleep(1)
    assert len(store.keys) == 301


async def test_what_is_no_link_is_taken_for_none() -> None:
    store = Written()
    known = entities(store)
    await tell(known, [link("a")])
    raw = await store.get(store.keys[0])
    assert raw is not None
    await store.set(store.keys[0], orjson.dumps([*orjson.loads(raw)[:-1], {"handle": 7}]), 60)
    assert await known.look(["a"]) == {}


async def test_closing_ends_what_is_still_taken_in() -> None:
    store = Written()
    known = entities(store)
    begun = await known.begin()
    known.fill(begun, Page(tuple(link(str(number)) for number in range(200)), LoopClock().now()))
    await asyncio.sleep(0)
    await known.close()
    assert len(store.keys) <= 100
