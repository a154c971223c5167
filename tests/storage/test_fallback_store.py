"""What one of the two stores lost, the other has; the shared one wins."""

import pytest

from harness.emulators import ManualClock
from linkweave.storage.fallback_store import FallbackStore
from linkweave.storage.memory_store import MemoryStore


@pytest.mark.parametrize(("key", "expected"), [("a", b"a"), ("b", b"b"), ("c", b"another worker's"), ("d", None)])
async def test_a_value_is_found_in_either_store_and_in_the_shared_one_first(key: str, expected: bytes | None) -> None:
    primary, fallback = MemoryStore(ManualClock()), MemoryStore(ManualClock())
    store = FallbackStore(primary, fallback)
    for each in "abc":
        await store.set(each, each.encode(), 60)
    await primary.delete("a")
    await fallback.delete("b")
    await primary.set("c", b"another worker's", 60)
    assert await store.get(key) == expected
    assert list(await store.get_many([key, "c"])) == [expected, b"another worker's"]
