"""The store in this process keeps within its bounds, and drops what has expired."""

import tracemalloc
from typing import Any

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.emulators import ManualClock
from linkweave.storage.memory_store import RECORD_BYTES, MemoryStore


async def test_beyond_the_number_of_records_the_least_recently_used_one_is_dropped() -> None:
    store = MemoryStore(ManualClock(), max_records=3)
    for key in "abc":
        await store.set(key, b"x", 60)
    await store.get("a")
    await store.set("d", b"x", 60)
    assert [await store.get(key) is not None for key in "abcd"] == [True, False, True, True]


async def test_beyond_the_bytes_the_least_recently_used_ones_are_dropped() -> None:
    store = MemoryStore(ManualClock(), max_bytes=3 * (RECORD_BYTES + 101))
    for key in "abc":
        await store.set(key, bytes(100), 60)
    await store.set("d", bytes(150), 60)
    assert [await store.get(key) is not None for key in "abcd"] == [False, False, True, True]


async def test_a_record_that_is_larger_than_the_store_is_not_stored_and_displaces_no_other() -> None:
    store = MemoryStore(ManualClock(), max_bytes=5_000)
    await store.set("a", b"one", 60)
    await store.set("b", b"two", 60)
    await store.set("b", bytes(6_000), 60)
    assert [await store.get(key) for key in "ab"] == [b"one", None]


async def test_a_record_expires_when_its_time_to_live_is_over() -> None:
    clock = ManualClock()
    store = MemoryStore(clock)
    await store.set("a", b"one", 10)
    clock.advance(9.9)
    assert await store.get("a") == b"one"
    clock.advance(0.1)
    assert await store.get("a") is None


async def test_expired_records_take_no_memory() -> None:
    clock = ManualClock()
    store = MemoryStore(clock)
    for number in range(100):
        await store.set(str(number), bytes(1_000), 10)
    await store.set("0", b"longer", 100)
    clock.advance(10)
    await store.set("last", b"", 10)
    assert (len(store), await store.get("0")) == (2, b"longer")


async def test_a_record_that_is_replaced_often_takes_no_more_memory() -> None:
    store = MemoryStore(ManualClock())
    for _ in range(1_000):
        await store.set("a", b"one", 3600)
    assert len(store._expirations) < 200  # noqa: SLF001 - memory that nothing else shows


async def test_a_caller_that_changes_its_bytes_later_does_not_change_the_record() -> None:
    store = MemoryStore(ManualClock())
    mutable: Any = bytearray(b"one")
    await store.set("a", mutable, 60)
    mutable[0] = 0
    assert await store.get("a") == b"one"


STEPS = st.lists(
    st.tuples(st.sampled_from("sgdt"), st.sampled_from("abcdef"), st.integers(0, 900), st.integers(1, 30)), max_size=40
)


@settings(max_examples=60)
@given(STEPS)
async def test_bytes_and_number_are_always_those_of_the_records(
    steps: list[tuple[str, str, int, int]],
) -> None:
    clock = ManualClock()
    store = MemoryStore(clock, max_bytes=5_000, max_records=4)
    expected: dict[str, tuple[bytes, float]] = {}
    for step, key, size, seconds in steps:
        if step == "s":
            await store.set(key, bytes(size), seconds)
            expected[key] = (bytes(size), clock.monotonic() + seconds)
        elif step == "g":
            found = await store.get(key)
            assert found is None or (found == expected[key][0] and clock.monotonic() < expected[key][1])
        elif step == "d":
            await store.delete(key)
            expected.pop(key, None)
        else:
            clock.advance(seconds)
        assert store.used_bytes == sum(
            len(kept) + len(record.value) + RECORD_BYTES
            for kept in store._records  # noqa: SLF001 - compared with the count of them
            if (record := store._records.peek(kept))  # noqa: SLF001 - as above
        )
        assert store.used_bytes <= 5_000
        assert len(store) <= 4


async def test_a_small_value_keeps_no_buffer_of_its_encoder() -> None:
    store = MemoryStore()
    tracemalloc.start()
    try:
        for number in range(100):
            await store.set(str(number), orjson.dumps(number), 60)
        used, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert used < 100 * 1_000
