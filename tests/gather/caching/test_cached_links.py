"""Links that lists told are looked up together, and shown while they hold."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from harness.virtual_time import NOW, LoopClock
from linkweave.models import Link, Page
from linkweave.storage.leases import MemoryLeases
from linkweave.storage.memory_store import MemoryStore
from linkweave.storage.versions import MemoryCacheVersions
from linkweave.transport.cache.factory import AnswerCacheFactory
from linkweave.transport.cache.link_entities import LinkEntities
from linkweave.transport.lifetimes import FRESH_SECONDS, Lifetimes


class CountingStore(MemoryStore):
    """Writes down how many records were asked for at once."""

    def __init__(self) -> None:
        super().__init__(LoopClock())
        self.looks: list[int] = []

    async def get_many(self, keys: Sequence[str]) -> Sequence[bytes | None]:
        self.looks.append(len(keys))
        return await super().get_many(keys)


def link(handle: str, title: str = "A title") -> Link:
    return Link(handle, f"https://x.test/{handle}", handle, "https://example.com", LoopClock().now(), title=title)


def entities(store: MemoryStore) -> LinkEntities:
    clock = LoopClock()
    remembering = AnswerCacheFactory(store, MemoryCacheVersions(), MemoryLeases(store), clock, 10, random=lambda: 0.0)
    return remembering.links_of(remembering.keeper_of("main", Lifetimes(FRESH_SECONDS)), "http://vendor")


async def told(links: LinkEntities, *items: Link) -> None:
    begun = await links.begin()
    await asyncio.sleep(1)
    links.fill(begun, Page(items, LoopClock().now()))
    await asyncio.sleep(0)


async def test_as_many_links_as_are_wanted_are_one_look() -> None:
    store = CountingStore()
    links = entities(store)
    await told(links, *(link(f"l{number}") for number in range(40)))
    found = await links.look([f"l{number}" for number in range(80)])
    assert list(found) == [f"l{number}" for number in range(40)]
    assert store.looks == [80]


async def test_a_link_comes_back_as_it_was_told_and_the_same_each_time() -> None:
    links = entities(MemoryStore(LoopClock()))
    one = link("a")
    await told(links, one)
    shown = [(await links.look(["a"]))["a"] for _ in range(3)]
    assert shown[0].link == one
    assert all(each.link is shown[0].link for each in shown)
    assert shown[0].fresh_until == NOW + timedelta(seconds=61)


async def test_a_link_that_was_told_anew_is_shown_as_it_was_told_last() -> None:
    links = entities(MemoryStore(LoopClock()))
    for title in ("Before", "After"):
        await told(links, link("a", title))
        assert (await links.look(["a"]))["a"].link.title == title


async def test_no_link_is_shown_as_it_was_before_a_write() -> None:
    links = entities(MemoryStore(LoopClock()))
    await told(links, link("a"))
    assert (await links.look(["a"])).keys() == {"a"}
    await links.keeper.written()
    assert await links.look(["a"]) == {}
