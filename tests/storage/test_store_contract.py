"""What every store does, in this process or in a server."""

import asyncio

import pytest

from linkweave.storage.batching_store import BatchingStore
from linkweave.storage.interfaces import Store
from linkweave.storage.memory_store import MemoryStore
from linkweave.storage.valkey import Valkey, ValkeyStore

SECOND = 60.0


@pytest.fixture(params=["memory", "valkey", "valkey together"])
def store(request: pytest.FixtureRequest, valkey: Valkey) -> Store:
    if request.param == "memory":
        return MemoryStore()
    return ValkeyStore(valkey) if request.param == "valkey" else BatchingStore(ValkeyStore(valkey))


async def test_what_is_kept_is_found(store: Store) -> None:
    await store.set("a", b"one", SECOND)
    assert await store.get("a") == b"one"


async def test_what_was_never_kept_is_not_found(store: Store) -> None:
    assert await store.get("a") is None


async def test_many_are_found_together_in_the_order_of_their_keys(store: Store) -> None:
    await store.set("a", b"one", SECOND)
    await store.set("c", b"three", SECOND)
    assert list(await store.get_many(["c", "b", "a", "c"])) == [b"three", None, b"one", b"three"]
    assert list(await store.get_many([])) == []


@pytest.mark.parametrize("value", [b"", b"\x00\xff\r\n$5\r\n", "Ünïcode".encode(), b"x" * 300_000])
async def test_every_value_comes_back_as_it_was(store: Store, value: bytes) -> None:
    await store.set("a", value, SECOND)
    assert await store.get("a") == value


@pytest.mark.parametrize("key", ["a b", "a:b:c", "Ünïcode", "a\r\nDEL x", "*"])
async def test_every_key_is_only_a_name(store: Store, key: str) -> None:
    await store.set("x", b"other", SECOND)
    await store.set(key, b"one", SECOND)
    assert (await store.get(key), await store.get("x")) == (b"one", b"other")


async def test_a_later_value_replaces_an_earlier_one(store: Store) -> None:
    await store.set("a", b"one", SECOND)
    await store.set("a", b"two", SECOND)
    assert await store.get("a") == b"two"


async def test_what_is_forgotten_is_not_found(store: Store) -> None:
    await store.set("a", b"one", SECOND)
    await store.delete("a")
    await store.delete("never there")
    assert await store.get("a") is None


@pytest.mark.parametrize("seconds", [0, 0.0, 0.0004, -1, 0.02])
async def test_a_time_that_is_over_ends_a_record(store: Store, seconds: float) -> None:
    await store.set("a", b"one", SECOND)
    await store.set("a", b"two", seconds)
    await asyncio.sleep(0.05)
    assert await store.get("a") is None


@pytest.mark.parametrize("seconds", [1, 60, 86_400.5, 30 * 24 * 3600])
async def test_a_time_may_be_whole_or_not(store: Store, seconds: float) -> None:
    await store.set("a", b"one", seconds)
    assert await store.get("a") == b"one"


async def test_a_later_time_replaces_an_earlier_one(store: Store) -> None:
    await store.set("a", b"one", 0.02)
    await store.set("a", b"two", SECOND)
    await asyncio.sleep(0.05)
    assert await store.get("a") == b"two"
