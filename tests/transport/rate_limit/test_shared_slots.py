"""Two workers share the slots of one limit, through a file and through a server alike."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest

from harness.valkey_fixtures import OpenValkey
from linkweave.clock import SystemClock
from linkweave.transport.rate_limit.limiter import SlidingWindow, WaitTooLongError
from linkweave.transport.rate_limit.slots import MAX_TIMES, LocalSlots, RateLimit, Slots
from linkweave.transport.rate_limit.sqlite_slots import SqliteLimitStore, SqliteSlots
from linkweave.transport.rate_limit.valkey_slots import ValkeySlots

pytestmark = pytest.mark.real_time

CLOCK = SystemClock()

OpenPair: TypeAlias = Callable[[RateLimit], tuple[Slots, Slots]]


@pytest.fixture(params=["file", "server"])
def open_pair(request: pytest.FixtureRequest, tmp_path: Path, open_valkey: OpenValkey) -> Iterator[OpenPair]:
    """The slots of a limit, as two workers of one machine or of two machines have them."""
    stores = [SqliteLimitStore(tmp_path) for _ in "ab"]

    def open_slots(rate: RateLimit, worker: int) -> Slots:
        if request.param == "file":
            return SqliteSlots(rate, CLOCK, stores[worker], "main:api")
        local = LocalSlots(rate, CLOCK)
        return ValkeySlots(rate, CLOCK, local, valkey=open_valkey(), key="main:api", site="ab"[worker])

    yield lambda rate: (open_slots(rate, 0), open_slots(rate, 1))
    for store in stores:
        store.close()


async def flush(slots: Slots) -> None:
    if isinstance(slots, ValkeySlots):
        await slots.flush()


async def test_a_worker_sees_the_slots_of_the_other_and_when_they_are_free_again(open_pair: OpenPair) -> None:
    rate = RateLimit("api", 1, 60)
    first, second = open_pair(rate)
    used = await first.acquire(0, 5)
    assert used is not None
    assert await second.acquire(0, 5) is None
    assert (second.count.under_way, second.count.free(CLOCK.monotonic())) == (1, 0)
    used.finish()
    await flush(first)
    with pytest.raises(WaitTooLongError) as caught:
        async with SlidingWindow(rate, CLOCK, second).slot(10):
            pass
    assert 50 < caught.value.seconds <= 60


async def test_all_slots_of_a_long_window_are_counted_although_not_each_time_is_told(open_pair: OpenPair) -> None:
    first, second = open_pair(RateLimit("api", MAX_TIMES + 2, 3_600))
    started = CLOCK.monotonic()
    for _ in range(MAX_TIMES + 1):
        used = await first.acquire(0, 5)
        assert used is not None
        used.finish()
    await flush(first)
    assert await second.acquire(0, 5) is not None
    assert await second.acquire(0, 5) is None
    assert second.count.free(CLOCK.monotonic()) == 0
    now = CLOCK.monotonic()
    # A second is left for rounding.
    assert started - 1 <= now + second.count.wait_seconds(0, now) - 3_600 <= now


async def test_a_call_that_was_not_sent_is_not_counted(open_pair: OpenPair) -> None:
    first, second = open_pair(RateLimit("api", 1, 60))
    unused = await first.acquire(0, 5)
    assert unused is not None
    unused.release_unused()
    unused.finish()
    await flush(first)
    assert await second.acquire(0, 5) is not None


async def test_a_429_closes_the_window_of_both(open_pair: OpenPair) -> None:
    first, second = open_pair(RateLimit("api", 9, 60))
    first.close_for(30)
    first.close_for(3)
    await flush(first)
    assert await second.acquire(0, 5) is None
    assert 25 < second.count.wait_seconds(0, CLOCK.monotonic()) <= 30


async def test_slots_that_are_reserved_for_callers_stay_free(open_pair: OpenPair) -> None:
    first, second = open_pair(RateLimit("api", 2, 60))
    assert await first.acquire(0, 5) is not None
    assert await second.acquire(1, 5) is None
    assert await second.acquire(0, 5) is not None


async def test_the_slot_of_a_worker_that_died_is_free_after_the_longest_call_and_a_window(open_pair: OpenPair) -> None:
    dead, alive = open_pair(RateLimit("api", 1, 0.1))
    assert await dead.acquire(0, 0.2) is not None
    assert await alive.acquire(0, 0.2) is None
    await asyncio.sleep(0.35)
    assert await alive.acquire(0, 0.2) is not None
