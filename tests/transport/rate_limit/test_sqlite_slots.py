"""Workers of one machine keep a limit together, whoever of them dies, hangs or starts anew."""

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
from linkweave.transport.rate_limit.sqlite_slots import FILE_NAME, LOOK_SECONDS, SqliteLimitStore, SqliteSlots

EIGHTH = 0.125


@pytest.fixture(scope="module")
def ledgers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[SqliteLimitStore]]:
    """Those of three workers."""
    directory = tmp_path_factory.mktemp("ledger")
    opened = [SqliteLimitStore(directory) for _ in range(3)]
    yield opened
    for ledger in opened:
        ledger.close()


def windows_of(ledgers: list[SqliteLimitStore], limit: int, seconds: float) -> list[SlidingWindow]:
    """One window in each worker, of a limit that no other test has."""
    rate, key, clock = RateLimit("api", limit, seconds), uuid4().hex, LoopClock()
    return [SlidingWindow(rate, clock, SqliteSlots(rate, clock, ledger, key)) for ledger in ledgers]


eighths = st.integers(0, 40).map(lambda number: number * EIGHTH)
arrivals_of_workers = st.lists(st.tuples(st.integers(0, 2), eighths, eighths), min_size=1, max_size=20)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(limit=st.integers(1, 4), seconds=st.sampled_from([0.5, 2.0, 5.0]), arrivals=arrivals_of_workers)
def test_no_window_ever_holds_more_calls_of_all_workers_than_the_limit(
    ledgers: list[SqliteLimitStore], limit: int, seconds: float, arrivals: list[tuple[int, float, float]]
) -> None:
    async def call(window: SlidingWindow, latency: float) -> None:
        async with window.slot():
            await asyncio.sleep(latency)
            counted.append(LoopClock().monotonic())

    async def story() -> None:
        windows = windows_of(ledgers, limit, seconds)
        async with asyncio.TaskGroup() as everybody:
            for worker, after, latency in arrivals:
                await asyncio.sleep(after)
                everybody.create_task(call(windows[worker], latency))

    counted: list[float] = []
    in_virtual_time(story())
    assert len(counted) == len(arrivals)
    for first, one_too_many in zip(sorted(counted), sorted(counted)[limit:], strict=False):
        assert one_too_many - first >= seconds


def test_a_worker_sees_what_the_others_have_used(ledgers: list[SqliteLimitStore]) -> None:
    async def story() -> None:
        first, second, _ = windows_of(ledgers, 2, 10)
        for _ in range(2):
            async with first.slot():
                pass
        with pytest.raises(WaitTooLongError) as caught:
            async with second.slot(9):
                pass
        assert caught.value.seconds == 10
        assert (second.free(), second.wait_for(0)) == (0, 10)
        async with second.slot(11):
            assert LoopClock().monotonic() == 10

    in_virtual_time(story())


def test_what_one_worker_is_told_with_a_429_holds_for_all(ledgers: list[SqliteLimitStore]) -> None:
    async def story() -> None:
        first, second, _ = windows_of(ledgers, 5, 1)
        first.close_for(30)
        first.close_for(3)
        async with second.slot():
            assert LoopClock().monotonic() == 30

    in_virtual_time(story())


def test_a_call_that_has_not_left_is_not_counted(ledgers: list[SqliteLimitStore]) -> None:
    async def story() -> None:
        first, second, _ = windows_of(ledgers, 1, 60)
        async with first.slot() as slot:
            slot.release_unused()
        async with second.slot():
            assert LoopClock().monotonic() == 0

    in_virtual_time(story())


def test_the_slot_of_a_worker_that_died_is_free_after_the_longest_call_and_a_window(
    ledgers: list[SqliteLimitStore],
) -> None:
    async def story() -> None:
        rate, key = RateLimit("api", 1, 10), uuid4().hex
        dead, alive = (SqliteSlots(rate, LoopClock(), ledger, key) for ledger in ledgers[:2])
        assert await dead.take(0, longest=5) is not None
        async with SlidingWindow(rate, LoopClock(), alive).slot():
            assert 15 <= LoopClock().monotonic() <= 16

    in_virtual_time(story())


def test_what_was_written_before_the_machine_was_started_anew_does_not_count(ledgers: list[SqliteLimitStore]) -> None:
    async def story() -> None:
        first, second, _ = windows_of(ledgers, 1, 10)
        await asyncio.sleep(100_000)
        async with first.slot():
            pass
        first.close_for(3000)

        class Restarted(LoopClock):
            def monotonic(self) -> float:
                return super().monotonic() - 100_000

        second._clock = second._slots._clock = Restarted()  # type: ignore[attr-defined] # noqa: SLF001 - its machine's
        async with second.slot(5):
            pass

    in_virtual_time(story())


def test_a_worker_that_holds_the_file_holds_the_others_up_for_a_moment_only(ledgers: list[SqliteLimitStore]) -> None:
    async def story() -> None:
        first, second, _ = windows_of(ledgers, 1, 10)
        with ledgers[0].writing():
            with pytest.raises(WaitTooLongError):
                async with second.slot(2.5):
                    pass
            second.close_for(1)
        async with first.slot():
            pass

    in_virtual_time(story())


def test_a_file_that_is_held_is_not_looked_at_again_and_again(ledgers: list[SqliteLimitStore]) -> None:
    async def story() -> None:
        rate = RateLimit("api", 1, 1)
        slots = SqliteSlots(rate, LoopClock(), ledgers[1], uuid4().hex)
        used = await slots.take(0, longest=5)
        assert used is not None
        used.finish()
        # As far as is known, a slot has come free meanwhile.
        await asyncio.sleep(2)
        with ledgers[0].writing():
            assert await slots.take(0, longest=5) is None
            assert slots.next_check_in() == LOOK_SECONDS
        assert await slots.take(0, longest=5) is not None

    in_virtual_time(story())


def test_a_ledger_in_memory_is_one_process_alone(tmp_path: Path) -> None:
    in_memory, in_file = SqliteLimitStore(None), SqliteLimitStore(tmp_path)
    assert in_memory.site != SqliteLimitStore(None).site
    assert in_file.site == SqliteLimitStore(tmp_path).site
    in_memory.close()

    async def story() -> None:
        (window,) = windows_of([in_memory], 1, 1)
        with pytest.raises(WaitTooLongError):
            async with window.slot(1.5):
                pass

    in_virtual_time(story())
    assert (tmp_path / FILE_NAME).exists()
    assert sqlite3.connect(tmp_path / FILE_NAME).execute("SELECT count(*) FROM slots").fetchone() == (0,)
