"""A loop may wake a sleeper a moment early, and a clock goes on between two looks: neither delays a call."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.virtual_time import LoopClock
from harness.wires import in_virtual_time
from linkweave.transport.rate_limit.limiter import RateLimit, SlidingWindow
from linkweave.transport.rate_limit.slots import LocalSlots, Slots
from linkweave.transport.rate_limit.sqlite_slots import SqliteLimitStore, SqliteSlots

ONE_A_SECOND = RateLimit("api", 1, 1.0)
# What uvloop's timers, which count milliseconds, may lack.
EARLY = 0.00025
TICK = 0.0001


class RunningClock(LoopClock):
    """It is one tick later at each look."""

    ticks = 0

    def monotonic(self) -> float:
        self.ticks += 1
        return super().monotonic() + self.ticks * TICK

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(max(0.0, seconds - EARLY))


def local(_: Path, clock: LoopClock) -> Slots:
    return LocalSlots(ONE_A_SECOND, clock)


def in_a_file(directory: Path, clock: LoopClock) -> Slots:
    return SqliteSlots(ONE_A_SECOND, clock, SqliteLimitStore(directory), "key")


@pytest.mark.parametrize("slots", [local, in_a_file])
def test_a_call_that_wakes_a_moment_too_early_is_sent_a_moment_later(
    slots: Callable[[Path, LoopClock], Slots], tmp_path: Path
) -> None:
    async def call(window: SlidingWindow) -> None:
        async with window.slot(max_wait_seconds=30):
            sent.append(LoopClock().monotonic())

    async def story() -> None:
        clock = RunningClock()
        window = SlidingWindow(ONE_A_SECOND, clock, slots(tmp_path, clock))
        await asyncio.gather(*(call(window) for _ in range(8)))

    sent: list[float] = []
    in_virtual_time(story())
    assert [round(moment) for moment in sent] == list(range(8))
