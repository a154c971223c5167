"""Keeps a vendor's limits before the vendor answers 429: never more calls than allowed in any window."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from linkweave.clock import Clock
from linkweave.context.call_context import CallContext, current_call, current_priority, use_call
from linkweave.context.deadline import max_wait_seconds
from linkweave.context.priority import Priority
from linkweave.errors import LocalRateLimitError, QuotaExhaustedError, RateLimitedError
from linkweave.observability import NO_OBSERVER, Observer
from linkweave.transport.call import Answer, Call, Transport
from linkweave.transport.rate_limit.paced_share import PacedShare
from linkweave.transport.rate_limit.slots import LocalSlots, RateLimit, Slot, Slots
from linkweave.transport.retry.retry_after import read_retry_after

__all__ = ["RateLimit", "RateLimited", "SlidingWindow", "WaitTooLongError"]

_TOO_MANY_REQUESTS: Final = 429
# Maximum number of seconds for which a call without a deadline may be under way.
MAX_CALL_SECONDS: Final = 300.0
# One slot out of this number is reserved for callers: calls in the background do not get it.
_RESERVED_FRACTION: Final = 5
_MIN_REPORTED_SECONDS: Final = 0.001


class WaitTooLongError(Exception):
    """There is no slot in time; `seconds` is how long the wait would be, as far as it is known."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"{seconds:g} s")
        self.seconds = seconds


@dataclass(slots=True, eq=False)
class _Waiter:
    """A waiting call. `wake` is set when it should check again whether it may be sent."""

    priority: Priority
    wake: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def background(self) -> bool:
        """Whether the call is in the background."""
        return self.priority.background


class SlidingWindow:
    """The queue for the slots of one endpoint group: first in, first out, callers before calls in the background."""

    def __init__(self, rate: RateLimit, clock: Clock, slots: Slots | None = None) -> None:
        self.rate = rate
        self._clock = clock
        self._slots = slots or LocalSlots(rate, clock)
        self._queue: list[_Waiter] = []
        self._share = PacedShare(rate.limit, rate.seconds)

    def free(self) -> int:
        """Number of calls that may be sent now, as far as it is known."""
        return self._slots.count.free(self._clock.monotonic())

    def wait_seconds(self, ahead: int) -> float:
        """Seconds until a call may be sent that has `ahead` calls before it, as far as it is known."""
        return self._slots.count.wait_seconds(ahead, self._clock.monotonic())

    def next_at(self) -> datetime | None:
        """When the next call may be sent; None for now."""
        seconds = self.wait_seconds(self.waiting)
        return self._clock.now() + timedelta(seconds=seconds) if seconds > 0 else None

    @property
    def waiting(self) -> int:
        """Number of calls in the queue."""
        return len(self._queue)

    def close_for(self, seconds: float) -> None:
        """Closes the window for `seconds`; it never opens it earlier than before."""
        self._slots.close_for(seconds)

    @asynccontextmanager
    async def slot(self, max_wait_seconds: float | None = None) -> AsyncIterator[Slot]:
        """Waits at most `max_wait_seconds` for a slot, and holds it while the call is under way.

        Raises:
            WaitTooLongError: there is no slot in time. It is raised as soon as that is known.
        """
        slot = await self._acquire(max_wait_seconds)
        try:
            yield slot
        finally:
            slot.finish()
            self._wake_first()

    async def _acquire(self, max_wait_seconds: float | None) -> Slot:
        latest = None if max_wait_seconds is None else self._clock.monotonic() + max_wait_seconds
        waiter = _Waiter(current_priority())
        if waiter.background and waiter.priority.share_of_rate < 1:
            await self._wait_for_turn(waiter, latest)
        self._raise_if_later_than(latest, self._calls_ahead_of(waiter))
        self._queue.append(waiter)
        try:
            with waiter.priority.on_promotion(lambda: self._requeue(waiter)):
                async with asyncio.timeout(None if latest is None else latest - self._clock.monotonic()):
                    return await self._wait(waiter, latest)
        except TimeoutError:
            raise WaitTooLongError(self.wait_seconds(0)) from None
        finally:
            self._queue.remove(waiter)
            self._wake_first()

    async def _wait_for_turn(self, waiter: _Waiter, latest: float | None) -> None:
        """Waits for the next moment of the waiter's share of the limit, outside the queue, or for its promotion.

        Raises:
            WaitTooLongError: that moment is later than `latest`.
        """
        now = self._clock.monotonic()
        seconds = self._share.wait_seconds(now)
        if latest is not None and now + seconds >= latest:
            raise WaitTooLongError(seconds)
        self._share.reserve(waiter.priority.share_of_rate, now)
        if seconds > 0:
            with waiter.priority.on_promotion(waiter.wake.set):
                await self._pause(waiter, seconds)
            waiter.wake.clear()

    async def _wait(self, waiter: _Waiter, latest: float | None) -> Slot:
        """Waits to be the first in the queue, then for a slot."""
        while True:
            reserved = self.rate.limit // _RESERVED_FRACTION if waiter.background else 0
            if self._first() is not waiter:
                await waiter.wake.wait()
            else:
                max_seconds = MAX_CALL_SECONDS if latest is None else latest - self._clock.monotonic()
                slot = await self._slots.acquire(reserved, min(max_seconds, MAX_CALL_SECONDS))
                if slot is not None:
                    return slot
                self._raise_if_later_than(latest, reserved)
                await self._pause(waiter, self._slots.next_check_in())
            waiter.wake.clear()

    async def _pause(self, waiter: _Waiter, seconds: float | None) -> None:
        """Waits `seconds`, or without an end for None, or until the waiter is woken."""
        if seconds is None:
            await waiter.wake.wait()
            return
        sleeping = asyncio.create_task(self._clock.sleep(seconds))
        sleeping.add_done_callback(lambda slept: None if slept.cancelled() else waiter.wake.set())
        try:
            await waiter.wake.wait()
        finally:
            sleeping.cancel()

    def _first(self) -> _Waiter | None:
        callers = (waiter for waiter in self._queue if not waiter.background)
        return next(callers, self._queue[0] if self._queue else None)

    def _calls_ahead_of(self, waiter: _Waiter) -> int:
        return sum(waiter.background or not other.background for other in self._queue)

    def _requeue(self, waiter: _Waiter) -> None:
        """Puts a promoted call behind the callers that came before its first waiter."""
        self._queue.remove(waiter)
        self._queue.append(waiter)
        self._wake_first()

    def _wake_first(self) -> None:
        first = self._first()
        if first is not None:
            first.wake.set()

    def _raise_if_later_than(self, latest: float | None, ahead: int) -> None:
        seconds = self.wait_seconds(ahead)
        if latest is not None and seconds > 0 and self._clock.monotonic() + seconds >= latest:
            raise WaitTooLongError(seconds)


@dataclass(frozen=True, slots=True)
class RateLimited:
    """Makes each call wait for a slot of its endpoint group, and refuses it as soon as it is known to be too late."""

    inner: Transport
    account: str
    windows: Mapping[str, Sequence[SlidingWindow]]
    clock: Clock
    observer: Observer = NO_OBSERVER

    async def send(self, call: Call) -> Answer:
        """Sends `call` when each window of its endpoint group has a slot.

        Raises:
            LocalRateLimitError: the wait would be longer than the operation's deadline; no call was made.
        """
        windows = self.windows.get(call.bucket or "", ())
        if not windows:
            return await self.inner.send(call)
        async with AsyncExitStack() as stack:
            slots = await self._take_slots(windows, call, stack)
            context = current_call()
            with use_call(CallContext(context.priority, context.send_by, _joined(slots))):
                answer = await self.inner.send(call)
        # Some vendors answer 429 when a quota of a month is used up, which no wait within the window ends.
        is_quota = answer.refused_as(QuotaExhaustedError)
        if answer.refused_as(RateLimitedError) or (answer.status == _TOO_MANY_REQUESTS and not is_quota):
            # A Retry-After of 0 counts as missing: the vendor has just shown that now is too early. Nothing then tells
            # which limit was meant.
            shortest = min(window.rate.seconds for window in windows)
            for window in windows:
                window.close_for(read_retry_after(answer, self.clock.now()) or shortest)
        return answer

    async def _take_slots(self, windows: Sequence[SlidingWindow], call: Call, stack: AsyncExitStack) -> list[Slot]:
        """A slot of each window, which `stack` holds. Where one has none in time, the others get theirs back."""
        slots: list[Slot] = []
        # The longest window first: a slot of a short one that waits for another would be lost for its moment.
        for window in sorted(windows, key=lambda window: -window.rate.seconds):
            came = self.clock.monotonic()
            try:
                slots.append(await stack.enter_async_context(window.slot(max_wait_seconds(self.clock))))
            except WaitTooLongError as error:
                _joined(slots).release_unused()
                self._report_wait(window, error.seconds)
                raise self._limit_error(call, window.rate, error.seconds) from None
            except BaseException:
                _joined(slots).release_unused()
                raise
            self._report_wait(window, self.clock.monotonic() - came)
        return slots

    def _report_wait(self, window: SlidingWindow, seconds: float) -> None:
        if seconds >= _MIN_REPORTED_SECONDS:
            self.observer.call_waited(self.account, window.rate.bucket, seconds)

    def _limit_error(self, call: Call, rate: RateLimit, seconds: float) -> LocalRateLimitError:
        return LocalRateLimitError(
            f"{self.account} allows {rate.limit} calls in {rate.seconds:g} s to {call.operation}",
            account=self.account,
            operation=call.operation,
            retry_after=seconds,
        )


def _joined(slots: Sequence[Slot]) -> Slot:
    """All of `slots` as one."""

    def end(*, used: bool) -> None:
        for slot in slots:
            if used:
                slot.finish()
            else:
                slot.release_unused()

    return Slot(end)
