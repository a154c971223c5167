"""Two stores as one: what one of them loses, the other has."""

from harness import ManualClock
from linkweave.storage.doubled import DoubledStore
from linkweave.storage.memory import MemoryStore


async def test_what_either_store_has_is_found() -> None:
    first, second = MemoryStore(ManualClock()), MemoryStore(ManualClock())
    store = DoubledStore(first, second)
    await store.set("a", b"one", 60)
    await first.delete("a")
    assert await store.get("a") == b"one"
    await store.set("a", b"one", 60)
    await second.delete("a")
    assert await store.get("a") == b"one"
    assert await store.get("b") is None


async def test_what_others_wrote_to_the_first_goes_before_what_the_second_kept() -> None:
    first, second = MemoryStore(ManualClock()), MemoryStore(ManualClock())
    store = DoubledStore(first, second)
    await store.set("a", b"own", 60)
    await first.set("a", b"another worker's", 60)
    assert await store.get("a") == b"another worker's"


async def test_what_is_forgotten_is_forgotten_by_both() -> None:
    store = DoubledStore(MemoryStore(ManualClock()), MemoryStore(ManualClock()))
    await store.set("a", b"one", 60)
    await store.delete("a")
    assert await store.get("a") is None
