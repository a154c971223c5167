"""A server has some seconds in an idle process, and some turns of the event loop in a busy one."""

import asyncio
import time

import pytest

from harness.virtual_time import LoopClock
from harness.wires import in_virtual_time
from linkweave.storage.loop_aware_timeout import TURNS, LoopAwareTimeout


def test_an_idle_process_waits_for_the_seconds_of_the_timeout() -> None:
    async def story() -> float:
        with pytest.raises(TimeoutError):
            async with LoopAwareTimeout(0.1):
                await asyncio.sleep(9)
        return LoopClock().monotonic()

    assert in_virtual_time(story()) == pytest.approx(0.1)


def test_a_cancelled_task_stays_cancelled_and_a_finished_one_is_not_disturbed_later() -> None:
    async def story() -> None:
        async with LoopAwareTimeout(0.1):
            await asyncio.sleep(0.09)
        await asyncio.sleep(1)
        async with LoopAwareTimeout(0.1):
            waiting = asyncio.current_task()
            assert waiting is not None
            waiting.cancel()
            await asyncio.sleep(0.05)

    with pytest.raises(asyncio.CancelledError):
        in_virtual_time(story())


async def test_a_busy_process_waits_for_some_turns_whatever_they_take() -> None:
    async def work() -> None:
        while True:
            time.sleep(0.002)  # noqa: ASYNC251 - it keeps the loop busy
            await asyncio.sleep(0)
            turns.append(0)

    turns: list[int] = []
    working = asyncio.create_task(work())
    with pytest.raises(TimeoutError):
        async with LoopAwareTimeout(0.0001):
            await asyncio.sleep(9)
    assert len(turns) >= TURNS - 1
    working.cancel()
