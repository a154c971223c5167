"""What is wanted at the same moment is asked for at once, and everybody gets what is there."""

import asyncio
from collections.abc import Sequence

import pytest

from linkweave.storage.batching_store import MOST_AT_ONCE, BatchingStore
from linkweave.storage.memory_store import MemoryStore


class Slow(MemoryStore):
    """Writes down what it is asked for at once, and answers a turn later."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[list[str]] = []
        self.being_asked = asyncio.Event()

    async def get_many(self, keys: Sequence[str]) -> Sequence[bytes | None]:
        self.asked.append(list(keys))
        self.being_asked.set()
        await asyncio.sleep(0)
        return await super().get_many(keys)


async def opened(*keys: str) -> tuple[Slow, BatchingStore]:
    slow = Slow()
    store = BatchingStore(slow)
    for key in keys:
        await store.set(key, key.encode(), 60)
    return slow, store


async def test_those_who_want_records_at_the_same_moment_share_a_question() -> None:
    slow, store = await opened("a", "b")
    assert await asyncio.gather(*map(store.get, ["a", "c", "b", "a"])) == [b"a", None, b"b", b"a"]
    assert slow.asked == [["a", "c", "b"]]


async def test_who_comes_later_is_told_what_is_there_later() -> None:
    slow, store = await opened("a")
    first = asyncio.create_task(store.get("a"))
    await slow.being_asked.wait()
    await store.set("a", b"new", 60)
    assert await store.get("a") == b"new"
    await first
    assert slow.asked == [["a"], ["a"]]


@pytest.mark.parametrize("many", [MOST_AT_ONCE, MOST_AT_ONCE + 1, 3 * MOST_AT_ONCE])
async def test_a_question_is_about_so_many_records_and_no_more(many: int) -> None:
    keys = [f"k{number}" for number in range(many)]
    slow, store = await opened(*keys)
    assert await asyncio.gather(*map(store.get, keys)) == [key.encode() for key in keys]
    assert [key for asked in slow.asked for key in asked] == keys
    assert max(map(len, slow.asked)) == MOST_AT_ONCE


async def test_one_who_leaves_takes_nothing_from_the_others() -> None:
    slow, store = await opened("a", "b")
    leaving, staying, same = (asyncio.create_task(store.get(key)) for key in "aba")
    await slow.being_asked.wait()
    leaving.cancel()
    assert (await staying, await same) == (b"b", b"a")
    assert leaving.cancelled()


async def test_what_is_forgotten_is_not_found() -> None:
    _, store = await opened("a")
    await store.delete("a")
    assert (await store.get("a"), list(await store.get_many(["a"]))) == (None, [None])
