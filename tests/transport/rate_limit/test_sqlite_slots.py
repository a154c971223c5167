"""The workers of one machine share a limit, also when one of them dies, hangs or starts again."""

import asyncio
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harness.virtual_time import LoopClock
from harness.wires import in_virtual_time
from linkweave.transport.rate_limit.limiter import RateLimit, SlidingWindow, WaitTooLongError
from linkweave.transport.rate_limit.sqlite_slots import CHECK_SECONDS, FILE_NAME, SqliteLimitStore, SqliteSlots

EIGHTH = 0.125


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[SqliteLimitStore]]:
    """The stores of three workers over one file."""
    directory = tmp_path_factory.mktemp("limits")
    stores = [SqliteLimitStore(directory) for _ in range(3)]
    yield stores
    for store in stores:
        store.close()


def windows_of(stores: list[SqliteLimitStore], limit: int, seconds: float) -> list[SlidingWindow]:
    """One window in each worker, of a limit that no other test has."""
    rate, key, clock = RateLimit("api", limit, seconds), uuid4().hex, LoopClock()
    return [SlidingWindow(rate, clock, SqliteSlots(rate, clock, store, key)) for store in stores]


eighths = st.integers(0, 40).map(lambda number: number * EIGHTH)
arrivals_of_workers = st.lists(st.tuples(st.integers(0, 2), eighths, eighths), min_size=1, max_size=20)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(limit=st.integers(1, 4), seconds=st.sampled_from([0.5, 2.0, 5.0]), arrivals=arrivals_of_workers)
def test_no_window_holds_more_calls_of_all_workers_than_the_limit(
    stores: list[SqliteLimitStore], limit: int, seconds: float, arrivals: list[tuple[int, float, float]]
) -> None:
    async def call(window: SlidingWindow, latency: float) -> None:
        async with window.slot():
            await asyncio.sleep(latency)
            counted.append(LoopClock().monotonic())

    async def story() -> None:
        windows = windows_of(stores, limit, seconds)
        async with asyncio.TaskGroup() as calls:
            for worker, after, latency in arrivals:
                await asyncio.sleep(after)
                calls.create_task(call(windows[worker], latency))

    counted: list[float] = []
    in_virtual_time(story())
    assert len(counted) == len(arrivals)
    for first, one_too_many in zip(sorted(counted), sorted(counted)[limit:], strict=False):
        assert one_too_many - first >= seconds


async def test_times_from_before_the_machine_was_restarted_do_not_count(stores: list[SqliteLimitStore]) -> None:
    class Restarted(LoopClock):
        def monotonic(self) -> float:
            return super().monotonic() - 100_000

    rate, key = RateLimit("api", 1, 10), uuid4().hex
    before, after = (
        SlidingWindow(rate, clock, SqliteSlots(rate, clock, store, key))
        for clock, store in zip((LoopClock(), Restarted()), stores, strict=False)
    )
    await asyncio.sleep(100_000)
    async with before.slot():
        pass
    before.close_for(3000)
    async with after.slot(5):
        assert LoopClock().monotonic() == 100_000


async def test_a_worker_that_holds_the_file_delays_the_others_only_for_a_moment(stores: list[SqliteLimitStore]) -> None:
    first, second, _ = windows_of(stores, 1, 10)
    with stores[0].transaction():
        with pytest.raises(WaitTooLongError):
            async with second.slot(2.5):
                pass
        second.close_for(1)
    async with first.slot():
        pass


async def test_a_file_that_cannot_be_read_is_read_again_only_after_a_while(stores: list[SqliteLimitStore]) -> None:
    rate = RateLimit("api", 1, 1)
    slots = SqliteSlots(rate, LoopClock(), stores[1], uuid4().hex)
    used = await slots.acquire(0, 5)
    assert used is not None
    used.finish()
    # As far as this worker knows, the slot is free again.
    await asyncio.sleep(2)
    with stores[0].transaction():
        assert await slots.acquire(0, 5) is None
        assert slots.next_check_in() == CHECK_SECONDS
    assert await slots.acquire(0, 5) is not None


async def test_a_store_in_memory_belongs_to_one_process_and_gives_no_slot_when_it_is_closed(tmp_path: Path) -> None:
    in_memory, in_file = SqliteLimitStore(None), SqliteLimitStore(tmp_path)
    assert in_memory.site != SqliteLimitStore(None).site
    assert in_file.site == SqliteLimitStore(tmp_path).site
    in_memory.close()
    (window,) = windows_of([in_memory], 1, 1)
    with pytest.raises(WaitTooLongError):
        async with window.slot(1.5):
            pass
    assert (tmp_path / FILE_NAME).exists()
    assert sqlite3.connect(tmp_path / FILE_NAME).execute("SELECT count(*) FROM slots").fetchone() == (0,)
