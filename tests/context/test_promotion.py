"""Calls behind that somebody begins to wait for while they stand in line."""

import asyncio
from dataclasses import replace

from harness.virtual_time import LoopClock
from harness.wires import READ, answer, in_virtual_time
from linkweave.context.call_context import current_priority, use_background_priority, use_priority
from linkweave.context.priority import Priority
from linkweave.errors import UnavailableError
from linkweave.transport.cache.shared_calls import SharedCalls
from linkweave.transport.call import Answer, Call
from linkweave.transport.rate_limit.limiter import RateLimit, RateLimited, SlidingWindow
from linkweave.transport.retry.retry import CALLS_PER_RETRY, Retrying

CALL = replace(READ, bucket="api")


class Vendor:
    """Notes who came when: callers by name, in lower case where nobody waits for them."""

    def __init__(self) -> None:
        self.came: list[tuple[str, float]] = []

    async def send(self, call: Call) -> Answer:
        name = call.operation.lower() if current_priority().background else call.operation.upper()
        self.came.append((name, LoopClock().monotonic()))
        return answer()


class Line:
    """A vendor's limit, and who asks within it."""

    def __init__(self, limit: int, seconds: float) -> None:
        self.vendor = Vendor()
        window = SlidingWindow(RateLimit("api", limit, seconds), LoopClock())
        self._limited = RateLimited(self.vendor, "main", {"api": window}, LoopClock())
        self._flights: SharedCalls[Answer] = SharedCalls(LoopClock(), 5)

    async def ask(self, name: str) -> None:
        await self._flights.join(name, lambda: self._limited.send(replace(CALL, operation=name)))

    def refresh(self, name: str) -> None:
        self._flights.start_in_background(name, lambda: self._limited.send(replace(CALL, operation=name)), 1000)

    async def close(self) -> None:
        await self._flights.close()


def test_a_call_behind_that_a_caller_begins_to_wait_for_is_one_of_the_callers_who_came_then() -> None:
    async def story(line: Line) -> None:
        line.refresh("x")
        line.refresh("y")
        await asyncio.sleep(0)
        first = [asyncio.create_task(line.ask(name)) for name in "ab"]
        await asyncio.sleep(5)
        await asyncio.gather(*first, *(line.ask(name) for name in "yc"))
        await line.close()

    line = Line(1, 10)
    in_virtual_time(story(line))
    assert line.vendor.came == [("x", 0), ("A", 10), ("B", 20), ("Y", 30), ("C", 40)]


def test_a_caller_who_waits_for_a_call_behind_gets_the_slots_that_are_kept_for_callers() -> None:
    async def story(line: Line) -> None:
        for name in "abcdefgh":
            await line.ask(name)
        line.refresh("x")
        await asyncio.sleep(1)
        await line.ask("x")

    line = Line(10, 60)
    in_virtual_time(story(line))
    assert line.vendor.came[8:] == [("X", 1)]


def test_what_keeps_the_cache_warm_hurries_nothing_and_is_hurried_call_by_call() -> None:
    async def warm(line: Line) -> None:
        with use_background_priority():
            for name in "xyz":
                await line.ask(name)

    async def story(line: Line) -> None:
        warming = asyncio.create_task(warm(line))
        await asyncio.sleep(5)
        with use_background_priority():
            await asyncio.gather(line.ask("y"), warming, hurried(line))

    async def hurried(line: Line) -> None:
        await asyncio.sleep(10)
        with use_priority(Priority()):
            await line.ask("z")

    line = Line(1, 10)
    in_virtual_time(story(line))
    assert line.vendor.came == [("x", 0), ("y", 10), ("Z", 20)]


def test_a_call_behind_is_sent_again_if_somebody_waits_for_it_when_it_fails() -> None:
    class Broken:
        """Fails at first. Meanwhile a caller has come."""

        calls = 0

        async def send(self, call: Call) -> Answer:
            self.calls += 1
            if self.calls > 1:
                return answer()
            waiting.promote()
            raise UnavailableError("it broke", account="main", operation=call.operation)

    waiting, vendor = Priority(background=True), Broken()
    retrying = Retrying(vendor, "main", LoopClock())
    for _ in range(CALLS_PER_RETRY):
        retrying.budget.earn()
    with use_priority(waiting):
        assert in_virtual_time(retrying.send(READ)).status == 200
    assert vendor.calls == 2
