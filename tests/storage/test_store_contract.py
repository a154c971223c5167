"""Every store finds what it was given, until it expires or is deleted."""

import asyncio

import pytest

from linkweave.storage.batching_store import BatchingStore
from linkweave.storage.fallback_store import FallbackStore
from linkweave.storage.interfaces import Store
from linkweave.storage.memory_store import MemoryStore
from linkweave.storage.valkey import Valkey, ValkeyStore

MINUTE = 60.0


@pytest.fixture(params=["memory", "valkey", "batching", "fallback"])
def store(request: pytest.FixtureRequest, valkey: Valkey) -> Store:
    match request.param:
        case "memory":
            return MemoryStore()
        case "valkey":
            return ValkeyStore(valkey)
        case "batching":
            return BatchingStore(ValkeyStore(valkey))
        case _:
            return FallbackStore(ValkeyStore(valkey), MemoryStore())


async def test_many_values_are_found_in_the_order_of_their_keys(store: Store) -> None:
    await store.set("a", b"one", MINUTE)
    await store.set("c", b"three", MINUTE)
    assert list(await store.get_many(["c", "b", "a", "c"])) == [b"three", None, b"one", b"three"]
    assert list(await store.get_many([])) == []


@pytest.mark.parametrize("value", [b"", b"\x00\xff\r\n$5\r\n", "Ünïcode".encode(), b"x" * 300_000])
async def test_every_value_comes_back_unchanged(store: Store, value: bytes) -> None:
    await store.set("a", value, MINUTE)
    assert await store.get("a") == value


@pytest.mark.parametrize("key", ["a b", "a:b:c", "Ünïcode", "a\r\nDEL x", "*"])
async def test_no_character_of_a_key_has_a_meaning(store: Store, key: str) -> None:
    await store.set("x", b"other", MINUTE)
    await store.set(key, b"one", MINUTE)
    assert (await store.get(key), await store.get("x")) == (b"one", b"other")


async def test_a_later_value_replaces_an_earlier_one(store: Store) -> None:
    await store.set("a", b"one", MINUTE)
    await store.set("a", b"two", MINUTE)
    assert await store.get("a") == b"two"


async def test_a_deleted_value_is_not_found(store: Store) -> None:
    await store.set("a", b"one", MINUTE)
    await store.delete("a")
    await store.delete("never there")
    assert await store.get("a") is None


@pytest.mark.parametrize("seconds", [0, 0.0, 0.0004, -1, 0.02])
async def test_a_value_expires(store: Store, seconds: float) -> None:
    await store.set("a", b"one", MINUTE)
    await store.set("a", b"two", seconds)
    await asyncio.sleep(0.05)
    assert await store.get("a") is None


@pytest.mark.parametrize("seconds", [1, 60, 86_400.5, 30 * 24 * 3600])
async def test_a_time_to_live_may_be_whole_or_not(store: Store, seconds: float) -> None:
    await store.set("a", b"one", seconds)
    assert await store.get("a") == b"one"


async def test_a_later_time_to_live_replaces_an_earlier_one(store: Store) -> None:
    await store.set("a", b"one", 0.02)
    await store.set("a", b"two", MINUTE)
    await asyncio.sleep(0.05)
    assert await store.get("a") == b"two"
