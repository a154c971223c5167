"""Calls that nobody waits for are never in the way of those that somebody waits for."""

import asyncio
from dataclasses import replace

import pytest

from harness.virtual_time import LoopClock
from harness.wires import READ, answer, in_virtual_time
from linkweave.context.call_context import current_call, current_priority, use_background_priority
from linkweave.context.deadline import use_deadline
from linkweave.errors import LocalRateLimitError
from linkweave.transport.call import Answer, Call
from linkweave.transport.rate_limit.limiter import RateLimit, RateLimited, SlidingWindow

CALL = replace(READ, bucket="api")


class Vendor:
    """Notes who came when: callers by name, in lower case where nobody waits for them."""

    def __init__(self, seconds: float = 0) -> None:
        self.seconds = seconds
        self.came: list[tuple[str, float]] = []

    async def send(self, call: Call) -> Answer:
        name = call.operation.lower() if current_priority().background else call.operation.upper()
        self.came.append((name, LoopClock().monotonic()))
        await asyncio.sleep(self.seconds)
        return answer()


def limited(vendor: Vendor, limit: int, seconds: float) -> tuple[RateLimited, SlidingWindow]:
    window = SlidingWindow(RateLimit("api", limit, seconds), LoopClock())
    return RateLimited(vendor, "main", {"api": window}, LoopClock()), window


async def come(transport: RateLimited, names: str) -> None:
    """Everybody comes at once, in the order of `names`; lower case is behind."""

    async def ask(name: str) -> None:
        if name.islower():
            with use_background_priority():
                await transport.send(replace(CALL, operation=name))
        else:
            await transport.send(replace(CALL, operation=name))

    await asyncio.gather(*(ask(name) for name in names))


def test_a_caller_who_comes_later_leaves_before_what_only_keeps_the_cache_warm() -> None:
    vendor = Vendor()
    transport, _ = limited(vendor, 1, 10)
    in_virtual_time(come(transport, "abCDe"))
    assert vendor.came == [("a", 0), ("C", 10), ("D", 20), ("b", 30), ("e", 40)]


def test_a_caller_passes_one_behind_that_sleeps_until_its_slot_is_free() -> None:
    async def story() -> None:
        first = asyncio.create_task(come(transport, "ab"))
        await asyncio.sleep(9)
        await come(transport, "C")
        await first

    vendor = Vendor()
    transport, _ = limited(vendor, 1, 10)
    in_virtual_time(story())
    assert vendor.came == [("a", 0), ("C", 10), ("b", 20)]


def test_a_part_of_every_window_is_kept_for_callers() -> None:
    vendor = Vendor()
    transport, _ = limited(vendor, 10, 60)
    in_virtual_time(come(transport, "a" * 10 + "B" * 2))
    assert vendor.came == [("a", 0)] * 8 + [("B", 0)] * 2 + [("a", 60)] * 2


def test_what_is_behind_is_told_a_wait_behind_everybody_and_a_caller_one_before_it() -> None:
    async def story() -> None:
        waiting = asyncio.create_task(come(transport, "abc"))
        await asyncio.sleep(1)
        assert window.waiting == 2
        with use_deadline(10, LoopClock()):
            await transport.send(replace(CALL, operation="D"))
        with use_deadline(20, LoopClock()), use_background_priority(), pytest.raises(LocalRateLimitError) as caught:
            await transport.send(CALL)
        assert caught.value.retry_after == 30
        waiting.cancel()
        await asyncio.wait({waiting})

    vendor = Vendor()
    transport, window = limited(vendor, 1, 10)
    in_virtual_time(story())
    assert vendor.came == [("a", 0), ("D", 10)]


def test_outside_and_afterwards_somebody_waits() -> None:
    assert not current_priority().background
    with use_background_priority():
        assert current_priority().background
    assert not current_priority().background


def test_a_call_that_has_not_left_gives_its_slot_to_the_next_one_at_once() -> None:
    class Gate:
        """Refuses, after a while, what is called "stay"."""

        async def send(self, call: Call) -> Answer:
            await asyncio.sleep(3)
            if call.operation == "stay":
                slot = current_call().slot
                assert slot is not None
                slot.release_unused()
                raise LocalRateLimitError("no", account="main", operation=call.operation)
            return answer()

    async def story() -> float:
        window = SlidingWindow(RateLimit("api", 2, 60), LoopClock())
        transport = RateLimited(Gate(), "main", {"api": window}, LoopClock())
        await transport.send(replace(CALL, operation="leave"))
        staying = [asyncio.create_task(transport.send(replace(CALL, operation="stay"))) for _ in range(4)]
        await asyncio.wait(staying)
        assert window.free() == 1
        return LoopClock().monotonic()

    # One slot is used up for a minute; the four go through the other one after another.
    assert in_virtual_time(story()) == 3 + 4 * 3
