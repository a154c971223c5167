"""Loops wake those who sleep a moment early, and clocks go on while one looks at them: no limit takes longer for it."""

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
    """It is a tick later each time that somebody looks."""

    ticks = 0

    def monotonic(self) -> float:
        self.ticks += 1
        return super().monotonic() + self.ticks * TICK

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(max(0.0, seconds - EARLY))


def own(_: Path, clock: LoopClock) -> Slots:
    return LocalSlots(ONE_A_SECOND, clock)


def in_the_ledger(directory: Path, clock: LoopClock) -> Slots:
    return SqliteSlots(ONE_A_SECOND, clock, SqliteLimitStore(directory), "key")


@pytest.mark.parametrize("slots", [own, in_the_ledger])
def test_who_looks_a_moment_too_early_looks_again_a_moment_later(
    slots: Callable[[Path, LoopClock], Slots], tmp_path: Path
) -> None:
    async def call(window: SlidingWindow) -> None:
        async with window.slot(max_wait_seconds=30):
            left.append(LoopClock().monotonic())

    async def story() -> None:
        clock = RunningClock()
        window = SlidingWindow(ONE_A_SECOND, clock, slots(tmp_path, clock))
        await asyncio.gather(*(call(window) for _ in range(8)))

    left: list[float] = []
    in_virtual_time(story())
    assert [round(moment) for moment in left] == list(range(8))
