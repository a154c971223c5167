"""Two stores as one: what one of them loses, the other has."""

from harness.emulators import ManualClock
from linkweave.storage.fallback_store import FallbackStore
from linkweave.storage.memory_store import MemoryStore


async def test_what_either_store_has_is_found() -> None:
    first, second = MemoryStore(ManualClock()), MemoryStore(ManualClock())
    store = FallbackStore(first, second)
    await store.set("a", b"one", 60)
    await first.delete("a")
    assert await store.get("a") == b"one"
    await store.set("a", b"one", 60)
    await second.delete("a")
    assert await store.get("a") == b"one"
    assert await store.get("b") is None


async def test_of_many_each_is_found_where_it_is() -> None:
    first, second = MemoryStore(ManualClock()), MemoryStore(ManualClock())
    store = FallbackStore(first, second)
    for key in "abc":
        await store.set(key, key.encode(), 60)
    await first.delete("a")
    await second.delete("b")
    await first.set("c", b"another worker's", 60)
    assert list(await store.get_many(["a", "b", "c", "d"])) == [b"a", b"b", b"another worker's", None]
    assert list(await store.get_many(["b", "c"])) == [b"b", b"another worker's"]


async def test_what_others_wrote_to_the_first_goes_before_what_the_second_kept() -> None:
    first, second = MemoryStore(ManualClock()), MemoryStore(ManualClock())
    store = FallbackStore(first, second)
    await store.set("a", b"own", 60)
    await first.set("a", b"another worker's", 60)
    assert await store.get("a") == b"another worker's"


async def test_what_is_forgotten_is_forgotten_by_both() -> None:
    store = FallbackStore(MemoryStore(ManualClock()), MemoryStore(ManualClock()))
    await store.set("a", b"one", 60)
    await store.delete("a")
    assert await store.get("a") is None
