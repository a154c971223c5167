"""Counts the requests of a client in a sliding minute, in this worker and in the others."""

import asyncio
import math
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final, Protocol

from linkweave.clock import Clock

WINDOW_SECONDS: Final = 60
# Maximum age of the other workers' counts, in seconds. What a client sends in this time may exceed its limit.
SHARE_SECONDS: Final = 1.0


class SharedCounters(Protocol):
    """Counters that several workers add to."""

    async def add(self, name: str, more: int, ttl_seconds: int) -> int | None:
        """Adds `more` to the counter `name` and returns its value; None if it is unavailable. Never raises."""
        ...


@dataclass(frozen=True, slots=True)
class RateLimitStatus:
    """The number of requests that a client may still send, and the seconds until this minute ends.

    `retry_after` is the seconds until the next request is admitted; None if this one was.
    """

    remaining: int
    reset_seconds: int
    retry_after: int | None = None


class ClientWindow:
    """The sliding minute of one client: this minute, and the part of the previous one that is less than 60 s ago.

    The minutes are the clock's, the same ones in every worker. Requests of the previous minute count as if they had
    arrived evenly, so that a client needs two numbers and not a list.
    """

    __slots__ = ("_elsewhere", "_here", "_minute", "_name", "_previous", "_reported", "_sharing")

    def __init__(self, name: str) -> None:
        self._name = blake2b(name.encode(), digest_size=16).hexdigest()
        self._minute = 0
        self._previous = self._here = self._elsewhere = self._reported = 0
        self._sharing: asyncio.Task[None] | None = None

    def admit(self, limit: int, now: float) -> RateLimitStatus:
        """Count a request at the time `now`, in seconds, unless it is over the limit."""
        self._start_minute(int(now // WINDOW_SECONDS))
        passed = now % WINDOW_SECONDS
        current = self._here + self._elsewhere
        free = limit - current - self._previous * (1 - passed / WINDOW_SECONDS)
        reset_seconds = math.ceil(WINDOW_SECONDS - passed)
        if free < 1:
            return RateLimitStatus(0, reset_seconds, self._retry_after(limit, current, passed))
        self._here += 1
        return RateLimitStatus(int(free) - 1, reset_seconds)

    def share(self, counters: SharedCounters, clock: Clock) -> None:
        """Exchange counts with the other workers, in the background."""
        if self._sharing is None:
            self._sharing = asyncio.create_task(self._share(counters, clock))

    def _start_minute(self, minute: int) -> None:
        if minute == self._minute:
            return
        previous = self._here + self._elsewhere if minute == self._minute + 1 else 0
        self._minute, self._previous = minute, previous
        self._here = self._elsewhere = self._reported = 0

    def _retry_after(self, limit: int, current: int, passed: float) -> int:
        """Returns the seconds until the requests over the limit are more than a minute ago, if no more arrive."""
        if current < limit:
            at = WINDOW_SECONDS * (1 - (limit - 1 - current) / self._previous)
            if at < WINDOW_SECONDS:
                return max(1, math.ceil(at - passed))
        # In the next minute, the requests of this one count as those of the previous one.
        later = WINDOW_SECONDS * max(0.0, 1 - (limit - 1) / current) if current else 0.0
        return max(1, math.ceil(WINDOW_SECONDS - passed + later))

    async def _share(self, counters: SharedCounters, clock: Clock) -> None:
        """Exchange counts until the others know all of them, so that a burst cannot hide in a pause."""
        try:
            while True:
                await self._exchange(counters)
                await clock.sleep(SHARE_SECONDS)
                if self._here == self._reported:
                    return
        finally:
            self._sharing = None

    async def _exchange(self, counters: SharedCounters) -> None:
        minute, more = self._minute, self._here - self._reported
        total = await counters.add(f"{self._name}:{minute}", more, 2 * WINDOW_SECONDS)
        if total is not None and minute == self._minute:
            self._reported += more
            self._elsewhere = max(0, total - self._reported)
