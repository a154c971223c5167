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
from linkweave.errors import RateLimitedError
from linkweave.transport.call import Answer, Call, Transport
from linkweave.transport.deadline import remaining
from linkweave.transport.retry_after import retry_after

_TOO_MANY_REQUESTS: Final = 429


@dataclass(frozen=True, slots=True)
class RateLimit:
    """A vendor's documented limit: `limit` calls in any `seconds`, for one endpoint group."""

    bucket: str
    limit: int
    seconds: float


@dataclass(slots=True)
class SlidingWindow:
    """The calls of one endpoint group in the current window. Waiters are served in the order they came."""

    rate: RateLimit
    clock: Clock
    _done: deque[float] = field(default_factory=deque)
    _under_way: int = 0
    _waiting: int = 0
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _finished: asyncio.Event = field(default_factory=asyncio.Event)

    def free(self) -> int:
        """Calls that may leave now without waiting."""
        self._forget_old()
        return max(0, self.rate.limit - self._under_way - len(self._done))

    def wait_for(self, ahead: int) -> float:
        """Seconds until a call with `ahead` others before it may leave, as far as can be told now."""
        self._forget_old()
        full_turns, place = divmod(ahead, self.rate.limit)
        if place < self.free():
            return full_turns * self.rate.seconds
        place -= self.free()
        if place < len(self._done):
            first = self._done[place] + self.rate.seconds - self.clock.monotonic()
        else:
            first = self.rate.seconds
        return full_turns * self.rate.seconds + first

    def next_at(self) -> datetime | None:
        """When the next call may leave; None when it may leave now."""
        wait = self.wait_for(self._waiting)
        return self.clock.now() + timedelta(seconds=wait) if wait > 0 else None

    def close_for(self, seconds: float) -> None:
        """Let nothing leave for `seconds`, after the vendor said 429 all the same."""
        until = self.clock.monotonic() + seconds
        self._done = deque([until - self.rate.seconds] * self.rate.limit)

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """Wait for a slot and hold it while the call is under way."""
        self._waiting += 1
        try:
            async with self._turn:
                while not self.free():
                    await self._next_free()
                self._under_way += 1
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._under_way -= 1
            self._done.append(self.clock.monotonic())
            self._finished.set()

    @property
    def waiting(self) -> int:
        """Calls that stand in line."""
        return self._waiting

    async def _next_free(self) -> None:
        if self._done:
            await self.clock.sleep(self._done[0] + self.rate.seconds - self.clock.monotonic())
        else:
            self._finished.clear()
            await self._finished.wait()

    def _forget_old(self) -> None:
        edge = self.clock.monotonic() - self.rate.seconds
        while self._done and self._done[0] <= edge:
            self._done.popleft()


@dataclass(frozen=True, slots=True)
class RateLimited:
    """Makes each call wait for its endpoint group, or refuses at once what could not leave in time."""

    inner: Transport
    account: str
    windows: Mapping[str, SlidingWindow]
    clock: Clock

    async def send(self, call: Call) -> Answer:
        """Send `call` when its window allows.

        Raises:
            RateLimitedError: the wait would be longer than the operation's deadline; no call was made.
        """
        window = None if call.bucket is None else self.windows.get(call.bucket)
        if window is None:
            return await self.inner.send(call)
        left = remaining(self.clock)
        wait = window.wait_for(window.waiting)
        if left is not None and wait > left:
            raise RateLimitedError(
                f"{self.account} allows {window.rate.limit} calls in {window.rate.seconds:g} s to {call.operation}",
                account=self.account,
                operation=call.operation,
                retry_after=wait,
            )
        async with window.slot():
            answer = await self.inner.send(call)
        if answer.status == _TOO_MANY_REQUESTS:
            window.close_for(retry_after(answer, self.clock.now()) or window.rate.seconds)
        return answer
