"""What is read in the same turn of the event loop is read together, and every caller gets its value."""

import asyncio
from collections.abc import Sequence

import pytest

from linkweave.storage.batching_store import MAX_BATCH, BatchingStore
from linkweave.storage.memory_store import MemoryStore


class Slow(MemoryStore):
    """Records its reads, and answers a turn later."""

    def __init__(self) -> None:
        super().__init__()
        self.reads: list[list[str]] = []
        self.is_reading = asyncio.Event()

    async def get_many(self, keys: Sequence[str]) -> Sequence[bytes | None]:
        self.reads.append(list(keys))
        self.is_reading.set()
        await asyncio.sleep(0)
        return await super().get_many(keys)


async def opened(*keys: str) -> tuple[Slow, BatchingStore]:
    slow = Slow()
    store = BatchingStore(slow)
    for key in keys:
        await store.set(key, key.encode(), 60)
    return slow, store


async def test_callers_of_the_same_moment_share_a_read() -> None:
    slow, store = await opened("a", "b")
    assert await asyncio.gather(*map(store.get, ["a", "c", "b", "a"])) == [b"a", None, b"b", b"a"]
    assert slow.reads == [["a", "c", "b"]]


async def test_a_caller_that_comes_later_gets_what_is_stored_later() -> None:
    slow, store = await opened("a")
    first = asyncio.create_task(store.get("a"))
    await slow.is_reading.wait()
    await store.set("a", b"new", 60)
    assert await store.get("a") == b"new"
    await first
    assert slow.reads == [["a"], ["a"]]


@pytest.mark.parametrize("many", [MAX_BATCH, MAX_BATCH + 1, 3 * MAX_BATCH])
async def test_a_read_has_at_most_so_many_keys(many: int) -> None:
    keys = [f"k{number}" for number in range(many)]
    slow, store = await opened(*keys)
    assert await asyncio.gather(*map(store.get, keys)) == [key.encode() for key in keys]
    assert [key for read in slow.reads for key in read] == keys
    assert max(map(len, slow.reads)) == MAX_BATCH


async def test_a_caller_that_is_cancelled_does_not_cancel_the_read_of_the_others() -> None:
    slow, store = await opened("a", "b")
    leaving, staying, same = (asyncio.create_task(store.get(key)) for key in "aba")
    await slow.is_reading.wait()
    leaving.cancel()
    assert (await staying, await same) == (b"b", b"a")
    assert leaving.cancelled()
