"""Vendors' limits, kept before the vendor has to say 429: never more calls than allowed in any window.

A slot is taken when the call leaves and is free again a whole window after its answer has arrived. The vendor
counted the call somewhere in between, so no jitter on the way can put one call too many into its window.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from linkweave.clock import Clock
from linkweave.errors import HeldBackError
from linkweave.transport.call import Answer, Call, Transport
from linkweave.transport.deadline import patience
from linkweave.transport.retry_after import retry_after

_TOO_MANY_REQUESTS: Final = 429


class WaitTooLongError(Exception):
    """No slot in time; `seconds` is how long the wait would be, as far as can be told."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"{seconds:g} s")
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class RateLimit:
    """A vendor's documented limit: `limit` calls in any `seconds`, for one endpoint group."""

    bucket: str
    limit: int
    seconds: float


@dataclass(slots=True)
class SlidingWindow:
    """The calls of one endpoint group in the current window. Waiters are served in the order they came.

    `_reopen` are the moments at which the slots of finished calls are free again, the nearest first.
    """

    rate: RateLimit
    clock: Clock
    _reopen: deque[float] = field(default_factory=deque)
    _closed_until: float = float("-inf")
    _under_way: int = 0
    _waiting: int = 0
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _finished: asyncio.Event = field(default_factory=asyncio.Event)

    def free(self) -> int:
        """Calls that may leave now without waiting."""
        return 0 if self.clock.monotonic() < self._closed_until else self._idle()

    def wait_for(self, ahead: int) -> float:
        """Seconds until a call with `ahead` others before it may leave, as far as can be told now.

        When a call that is under way will be answered cannot be told; its slot counts as free after one window.
        """
        now = self.clock.monotonic()
        full_turns, place = divmod(ahead, self.rate.limit)
        behind_idle = place - self._idle()
        if behind_idle < 0:
            at = now
        elif behind_idle < len(self._reopen):
            at = self._reopen[behind_idle]
        else:
            at = now + self.rate.seconds
        return max(at, self._closed_until) - now + full_turns * self.rate.seconds

    def next_at(self) -> datetime | None:
        """When the next call may leave; None when it may leave now."""
        wait = self.wait_for(self._waiting)
        return self.clock.now() + timedelta(seconds=wait) if wait > 0 else None

    def close_for(self, seconds: float) -> None:
        """Let nothing leave for `seconds`, after the vendor said 429 all the same; never opens earlier than before."""
        self._closed_until = max(self._closed_until, self.clock.monotonic() + seconds)

    @asynccontextmanager
    async def slot(self, patience: float | None = None) -> AsyncIterator[None]:
        """Wait for a slot, at most `patience` seconds, and hold it while the call is under way.

        Raises:
            WaitTooLongError: there is no slot in time, which is said as soon as it is known.
        """
        await self._enter(patience)
        try:
            yield
        finally:
            self._under_way -= 1
            self._reopen.append(self.clock.monotonic() + self.rate.seconds)
            self._finished.set()

    @property
    def waiting(self) -> int:
        """Calls that stand in line."""
        return self._waiting

    async def _enter(self, patience: float | None) -> None:
        latest = None if patience is None else self.clock.monotonic() + patience
        self._refuse_after(latest, self._waiting)
        self._waiting += 1
        try:
            async with asyncio.timeout(patience), self._turn:
                while not self.free():
                    self._refuse_after(latest, 0)
                    await self._next_free()
                self._under_way += 1
        except TimeoutError:
            raise WaitTooLongError(self.wait_for(0)) from None
        finally:
            self._waiting -= 1

    def _refuse_after(self, latest: float | None, ahead: int) -> None:
        wait = self.wait_for(ahead)
        if latest is not None and wait > 0 and self.clock.monotonic() + wait >= latest:
            raise WaitTooLongError(wait)

    async def _next_free(self) -> None:
        now = self.clock.monotonic()
        if now < self._closed_until:
            await self.clock.sleep(self._closed_until - now)
        elif self._reopen:
            await self.clock.sleep(self._reopen[0] - now)
        else:
            self._finished.clear()
            await self._finished.wait()

    def _idle(self) -> int:
        """Slots that no call of the current window has taken."""
        now = self.clock.monotonic()
        while self._reopen and self._reopen[0] <= now:
            self._reopen.popleft()
        return self.rate.limit - self._under_way - len(self._reopen)


@dataclass(frozen=True, slots=True)
class RateLimited:
    """Makes each call wait for its endpoint group, or refuses it as soon as it is known not to leave in time."""

    inner: Transport
    account: str
    windows: Mapping[str, SlidingWindow]
    clock: Clock

    async def send(self, call: Call) -> Answer:
        """Send `call` when its window allows.

        Raises:
            HeldBackError: the wait would be longer than the operation's deadline; no call was made.
        """
        window = None if call.bucket is None else self.windows.get(call.bucket)
        if window is None:
            return await self.inner.send(call)
        try:
            async with window.slot(patience(self.clock)):
                answer = await self.inner.send(call)
        except WaitTooLongError as error:
            raise self._held_back(call, window.rate, error.seconds) from None
        if answer.status == _TOO_MANY_REQUESTS:
            # A vendor that says 0 is not believed: it has just shown that now is too early.
            window.close_for(retry_after(answer, self.clock.now()) or window.rate.seconds)
        return answer

    def _held_back(self, call: Call, rate: RateLimit, wait: float) -> HeldBackError:
        return HeldBackError(
            f"{self.account} allows {rate.limit} calls in {rate.seconds:g} s to {call.operation}",
            account=self.account,
            operation=call.operation,
            retry_after=wait,
        )
