"""Vendors' limits, kept before the vendor has to say 429: never more calls than allowed in any window."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from linkweave.clock import Clock
from linkweave.context.call_context import CallContext, current_call, current_priority, use_call
from linkweave.context.deadline import max_wait_seconds
from linkweave.context.priority import Priority
from linkweave.errors import LocalRateLimitError, RateLimitedError
from linkweave.observability import NOBODY, Observer
from linkweave.transport.call import Answer, Call, Transport
from linkweave.transport.rate_limit.slots import LocalSlots, RateLimit, Slot, Slots
from linkweave.transport.retry.retry_after import retry_after

__all__ = ["RateLimit", "RateLimited", "SlidingWindow", "WaitTooLongError"]

_TOO_MANY_REQUESTS: Final = 429
# The longest that a call without a deadline may be under way.
LONGEST_SECONDS: Final = 300.0
# One slot in so many is kept from calls that nobody waits for.
_SPARED_FOR_CALLERS: Final = 5
_WORTH_TELLING_SECONDS: Final = 0.001


class WaitTooLongError(Exception):
    """No slot in time; `seconds` is how long the wait would be, as far as can be told."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"{seconds:g} s")
        self.seconds = seconds


@dataclass(slots=True, eq=False)
class _Waiter:
    """One in line. `news` is set when it should look again whether it may leave."""

    priority: Priority
    news: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def background(self) -> bool:
        """Whether nobody waits for it."""
        return self.priority.background


class SlidingWindow:
    """The line before the slots of one endpoint group. Who came first leaves first, callers before what is behind."""

    def __init__(self, rate: RateLimit, clock: Clock, slots: Slots | None = None) -> None:
        self.rate = rate
        self._clock = clock
        self._slots = slots or LocalSlots(rate, clock)
        self._line: list[_Waiter] = []

    def free(self) -> int:
        """Calls that may leave now without waiting, as far as is known."""
        return self._slots.count.free(self._clock.monotonic())

    def wait_for(self, ahead: int) -> float:
        """Seconds until a call with `ahead` others before it may leave, as far as can be told now."""
        return self._slots.count.wait_for(ahead, self._clock.monotonic())

    def next_at(self) -> datetime | None:
        """When the next call may leave; None when it may leave now."""
        wait = self.wait_for(self.waiting)
        return self._clock.now() + timedelta(seconds=wait) if wait > 0 else None

    @property
    def waiting(self) -> int:
        """Calls that stand in line."""
        return len(self._line)

    def close_for(self, seconds: float) -> None:
        """Let nothing leave for `seconds`, after the vendor said 429 all the same; never opens earlier than before."""
        self._slots.close_for(seconds)

    @asynccontextmanager
    async def slot(self, max_wait_seconds: float | None = None) -> AsyncIterator[Slot]:
        """Wait for a slot, at most `max_wait_seconds` seconds, and hold it while the call is under way.

        Raises:
            WaitTooLongError: there is no slot in time, which is said as soon as it is known.
        """
        slot = await self._enter(max_wait_seconds)
        try:
            yield slot
        finally:
            slot.finish()
            self._stir()

    async def _enter(self, max_wait_seconds: float | None) -> Slot:
        latest = None if max_wait_seconds is None else self._clock.monotonic() + max_wait_seconds
        waiter = _Waiter(current_priority())
        self._refuse_after(latest, self._ahead_of(waiter))
        self._line.append(waiter)
        try:
            with waiter.priority.on_promotion(lambda: self._promoted(waiter)):
                async with asyncio.timeout(max_wait_seconds):
                    return await self._leave(waiter, latest)
        except TimeoutError:
            raise WaitTooLongError(self.wait_for(0)) from None
        finally:
            self._line.remove(waiter)
            self._stir()

    async def _leave(self, waiter: _Waiter, latest: float | None) -> Slot:
        """Wait to be the first in line, then for a slot."""
        while True:
            spare = self.rate.limit // _SPARED_FOR_CALLERS if waiter.background else 0
            if self._first() is not waiter:
                await waiter.news.wait()
            else:
                longest = LONGEST_SECONDS if latest is None else latest - self._clock.monotonic()
                slot = await self._slots.take(spare, min(longest, LONGEST_SECONDS))
                if slot is not None:
                    return slot
                self._refuse_after(latest, spare)
                await self._pause(waiter)
            waiter.news.clear()

    async def _pause(self, waiter: _Waiter) -> None:
        """Until a slot is free by itself, or there is news."""
        seconds = self._slots.next_check_in()
        if seconds is None:
            await waiter.news.wait()
            return
        sleeping = asyncio.create_task(self._clock.sleep(seconds))
        sleeping.add_done_callback(lambda slept: None if slept.cancelled() else waiter.news.set())
        try:
            await waiter.news.wait()
        finally:
            sleeping.cancel()

    def _first(self) -> _Waiter | None:
        return next((waiter for waiter in self._line if not waiter.background), self._line[0] if self._line else None)

    def _ahead_of(self, waiter: _Waiter) -> int:
        return sum(waiter.background or not other.background for other in self._line)

    def _promoted(self, waiter: _Waiter) -> None:
        """Somebody has begun to wait for a call behind: it comes after the callers who were here before."""
        self._line.remove(waiter)
        self._line.append(waiter)
        self._stir()

    def _stir(self) -> None:
        first = self._first()
        if first is not None:
            first.news.set()

    def _refuse_after(self, latest: float | None, ahead: int) -> None:
        wait = self.wait_for(ahead)
        if latest is not None and wait > 0 and self._clock.monotonic() + wait >= latest:
            raise WaitTooLongError(wait)


@dataclass(frozen=True, slots=True)
class RateLimited:
    """Makes each call wait for its endpoint group, or refuses it as soon as it is known not to leave in time."""

    inner: Transport
    account: str
    windows: Mapping[str, SlidingWindow]
    clock: Clock
    observer: Observer = NOBODY

    async def send(self, call: Call) -> Answer:
        """Send `call` when its window allows.

        Raises:
            LocalRateLimitError: the wait would be longer than the operation's deadline; no call was made.
        """
        window = None if call.bucket is None else self.windows.get(call.bucket)
        if window is None:
            return await self.inner.send(call)
        came = self.clock.monotonic()
        try:
            async with window.slot(max_wait_seconds(self.clock)) as slot:
                self._note(window, self.clock.monotonic() - came)
                context = current_call()
                with use_call(CallContext(context.priority, context.leave_by, slot)):
                    answer = await self.inner.send(call)
        except WaitTooLongError as error:
            self._note(window, error.seconds)
            raise self._held_back(call, window.rate, error.seconds) from None
        if _says_too_many(answer):
            # A vendor that says 0 is not believed: it has just shown that now is too early.
            window.close_for(retry_after(answer, self.clock.now()) or window.rate.seconds)
        return answer

    def _note(self, window: SlidingWindow, seconds: float) -> None:
        if seconds >= _WORTH_TELLING_SECONDS:
            self.observer.waited(self.account, window.rate.bucket, seconds)

    def _held_back(self, call: Call, rate: RateLimit, wait: float) -> LocalRateLimitError:
        return LocalRateLimitError(
            f"{self.account} allows {rate.limit} calls in {rate.seconds:g} s to {call.operation}",
            account=self.account,
            operation=call.operation,
            retry_after=wait,
        )


def _says_too_many(answer: Answer) -> bool:
    """Whether the vendor says so, by the status or in words of its own."""
    return answer.status == _TOO_MANY_REQUESTS or answer.refused_as(RateLimitedError)
