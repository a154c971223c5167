"""Calls in the background never delay the calls of callers, and go with them once they have a waiter."""

import asyncio
from dataclasses import replace

import pytest

from harness.virtual_time import LoopClock
from harness.wires import READ, answer
from linkweave.context.call_context import current_call, current_priority, use_background_priority, use_priority
from linkweave.context.deadline import use_deadline
from linkweave.context.priority import Priority
from linkweave.errors import LocalRateLimitError
from linkweave.transport.cache.shared_calls import SharedCalls
from linkweave.transport.call import Answer, Call
from linkweave.transport.rate_limit.limiter import RateLimit, RateLimited, SlidingWindow

CALL = replace(READ, bucket="api")


class Queue:
    """The limit of a vendor that notes when each call came: lower case is a call in the background."""

    def __init__(self, limit: int, seconds: float) -> None:
        self.window = SlidingWindow(RateLimit("api", limit, seconds), LoopClock())
        self.limited = RateLimited(self, "main", {"api": [self.window]}, LoopClock())
        self.calls: SharedCalls[Answer] = SharedCalls(LoopClock(), 5)
        self.came: list[tuple[str, float]] = []

    async def send(self, call: Call) -> Answer:
        name = call.operation.lower() if current_priority().background else call.operation.upper()
        self.came.append((name, LoopClock().monotonic()))
        return answer()

    async def come(self, names: str) -> None:
        """Send one call for each letter of `names`, all at once."""
        await asyncio.gather(*(self._come(name) for name in names))

    async def _come(self, name: str) -> None:
        with use_priority(Priority(background=name.islower())):
            await self.limited.send(replace(CALL, operation=name))

    async def ask(self, name: str) -> None:
        """Wait for the shared call of this name."""
        await self.calls.join(name, lambda: self.limited.send(replace(CALL, operation=name)))

    def refresh(self, name: str) -> None:
        """Start the shared call of this name in the background."""
        self.calls.start_in_background(name, lambda: self.limited.send(replace(CALL, operation=name)), 1000)


async def test_a_caller_that_comes_later_goes_before_calls_in_the_background() -> None:
    queue = Queue(1, 10)
    await queue.come("abCDe")
    assert queue.came == [("a", 0), ("C", 10), ("D", 20), ("b", 30), ("e", 40)]


async def test_a_caller_passes_a_background_call_that_sleeps_until_its_slot_is_free() -> None:
    queue = Queue(1, 10)
    first = asyncio.create_task(queue.come("ab"))
    await asyncio.sleep(9)
    await queue.come("C")
    await first
    assert queue.came == [("a", 0), ("C", 10), ("b", 20)]


async def test_a_part_of_every_window_is_reserved_for_callers() -> None:
    queue = Queue(10, 60)
    await queue.come("a" * 10 + "B" * 2)
    assert queue.came == [("a", 0)] * 8 + [("B", 0)] * 2 + [("a", 60)] * 2


async def test_the_expected_wait_counts_the_calls_that_go_before() -> None:
    queue = Queue(1, 10)
    waiting = asyncio.create_task(queue.come("abc"))
    await asyncio.sleep(1)
    assert queue.window.waiting == 2
    with use_deadline(10, LoopClock()):
        await queue.come("D")
    with use_deadline(20, LoopClock()), use_background_priority(), pytest.raises(LocalRateLimitError) as caught:
        await queue.limited.send(CALL)
    assert caught.value.retry_after == 30
    waiting.cancel()
    await asyncio.wait({waiting})
    assert queue.came == [("a", 0), ("D", 10)]


async def test_a_call_that_was_not_sent_leaves_its_slot_to_the_next_at_once() -> None:
    class Gate:
        """Refuses, after a while, the call named "refused"."""

        async def send(self, call: Call) -> Answer:
            await asyncio.sleep(3)
            if call.operation == "refused":
                slot = current_call().slot
                assert slot is not None
                slot.release_unused()
                raise LocalRateLimitError("no", account="main", operation=call.operation)
            return answer()

    window = SlidingWindow(RateLimit("api", 2, 60), LoopClock())
    transport = RateLimited(Gate(), "main", {"api": [window]}, LoopClock())
    await transport.send(replace(CALL, operation="sent"))
    await asyncio.wait([asyncio.create_task(transport.send(replace(CALL, operation="refused"))) for _ in range(4)])
    # One slot is used for a minute; the four calls have the other one after each other.
    assert (window.free(), LoopClock().monotonic()) == (1, 3 + 4 * 3)


async def test_a_promoted_call_goes_with_the_callers_that_came_at_that_time() -> None:
    queue = Queue(1, 10)
    queue.refresh("x")
    queue.refresh("y")
    await asyncio.sleep(0)
    first = [asyncio.create_task(queue.ask(name)) for name in "ab"]
    await asyncio.sleep(5)
    await asyncio.gather(*first, *(queue.ask(name) for name in "yc"))
    assert queue.came == [("x", 0), ("A", 10), ("B", 20), ("Y", 30), ("C", 40)]


async def test_a_promoted_call_gets_the_slots_that_are_reserved_for_callers() -> None:
    queue = Queue(10, 60)
    for name in "abcdefgh":
        await queue.ask(name)
    queue.refresh("x")
    await asyncio.sleep(1)
    await queue.ask("x")
    assert queue.came[8:] == [("X", 1)]


async def test_calls_that_keep_the_cache_warm_promote_none_and_are_promoted_one_by_one() -> None:
    async def warm() -> None:
        with use_background_priority():
            for name in "xyz":
                await queue.ask(name)

    async def caller() -> None:
        await asyncio.sleep(10)
        with use_priority(Priority()):
            await queue.ask("z")

    queue = Queue(1, 10)
    warming = asyncio.create_task(warm())
    await asyncio.sleep(5)
    with use_background_priority():
        await asyncio.gather(queue.ask("y"), warming, caller())
    assert queue.came == [("x", 0), ("y", 10), ("Z", 20)]


async def test_calls_of_a_share_are_spaced_so_that_they_never_take_more_of_the_limit() -> None:
    async def send(name: str) -> None:
        with use_background_priority(share_of_rate=0.5):
            await queue.limited.send(replace(CALL, operation=name))

    queue = Queue(10, 60)
    await asyncio.gather(*(send(name) for name in "abc"))
    assert queue.came == [("a", 0), ("b", 12), ("c", 24)]


async def test_a_call_of_a_share_is_refused_before_its_moment_where_that_is_too_late() -> None:
    queue = Queue(1, 10)
    with use_deadline(15, LoopClock()), use_background_priority(share_of_rate=0.5):
        await queue.limited.send(CALL)
        with pytest.raises(LocalRateLimitError) as caught:
            await queue.limited.send(CALL)
    assert caught.value.retry_after == 20
    await asyncio.sleep(20)
    with use_background_priority(share_of_rate=0.5):
        await queue.limited.send(CALL)
    assert [at for _, at in queue.came] == [0, 20]


async def test_a_promoted_call_does_not_wait_for_its_share() -> None:
    async def send() -> None:
        with use_priority(priority):
            await queue.limited.send(replace(CALL, operation="x"))

    queue, priority = Queue(10, 60), Priority(background=True, share_of_rate=0.5)
    for _ in range(2):
        with use_background_priority(share_of_rate=0.5):
            await queue.limited.send(replace(CALL, operation="a"))
    waiting = asyncio.create_task(send())
    await asyncio.sleep(1)
    priority.promote()
    await waiting
    assert queue.came == [("a", 0), ("a", 12), ("X", 13)]
