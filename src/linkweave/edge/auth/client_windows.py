"""How many requests a client has sent in the last minute, here and in other workers."""

import asyncio
import math
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final, Protocol

from linkweave.clock import Clock

WINDOW_SECONDS: Final = 60
# So old the others' counts may be. A client is let through so much more often as it can send in this time.
SHARE_SECONDS: Final = 1.0


class Counts(Protocol):
    """Adds up what workers count."""

    async def add(self, name: str, more: int, ttl_seconds: int) -> int | None:
        """The sum of `name` over all workers with `more` in it; None when it cannot be told. Never raises."""
        ...


@dataclass(frozen=True, slots=True)
class Standing:
    """What is left to a client: how many requests, and in how many seconds this minute ends.

    `wait` is after how many seconds the next one is let through, None where this one was.
    """

    left: int
    ends_in: int
    wait: int | None = None


class Window:
    """The sliding minute of one client: this minute, and the part of the one before that is less than 60 s ago.

    The minutes are the clock's, the same ones in every worker. The requests of the minute before count as if they had
    come evenly, so that a client needs two numbers and not a list.
    """

    __slots__ = ("_before", "_elsewhere", "_here", "_minute", "_name", "_sharing", "_told")

    def __init__(self, name: str) -> None:
        self._name = blake2b(name.encode(), digest_size=16).hexdigest()
        self._minute = 0
        self._before = self._here = self._elsewhere = self._told = 0
        self._sharing: asyncio.Task[None] | None = None

    def admit(self, limit: int, now: float) -> Standing:
        """Count a request at the time `now`, in seconds, unless it is one too many."""
        self._turn_to(int(now // WINDOW_SECONDS))
        passed = now % WINDOW_SECONDS
        current = self._here + self._elsewhere
        free = limit - current - self._before * (1 - passed / WINDOW_SECONDS)
        ends_in = math.ceil(WINDOW_SECONDS - passed)
        if free < 1:
            return Standing(0, ends_in, self._wait(limit, current, passed))
        self._here += 1
        return Standing(int(free) - 1, ends_in)

    def share(self, counts: Counts, clock: Clock) -> None:
        """Tell the other workers behind, and hear of theirs."""
        if self._sharing is None:
            self._sharing = asyncio.create_task(self._share(counts, clock))

    def _turn_to(self, minute: int) -> None:
        if minute == self._minute:
            return
        last = self._here + self._elsewhere if minute == self._minute + 1 else 0
        self._minute, self._before = minute, last
        self._here = self._elsewhere = self._told = 0

    def _wait(self, limit: int, current: int, passed: float) -> int:
        """Seconds until the requests that are too many are more than a minute ago, if no more come."""
        if current < limit:
            at = WINDOW_SECONDS * (1 - (limit - 1 - current) / self._before)
            if at < WINDOW_SECONDS:
                return max(1, math.ceil(at - passed))
        # After the turn of the minute, those of this one count as those of the one before.
        later = WINDOW_SECONDS * max(0.0, 1 - (limit - 1) / current) if current else 0.0
        return max(1, math.ceil(WINDOW_SECONDS - passed + later))

    async def _share(self, counts: Counts, clock: Clock) -> None:
        """Exchange numbers until the others know all, so that a burst cannot hide in a pause."""
        try:
            while True:
                await self._exchange(counts)
                await clock.sleep(SHARE_SECONDS)
                if self._here == self._told:
                    return
        finally:
            self._sharing = None

    async def _exchange(self, counts: Counts) -> None:
        minute, more = self._minute, self._here - self._told
        total = await counts.add(f"{self._name}:{minute}", more, 2 * WINDOW_SECONDS)
        if total is not None and minute == self._minute:
            self._told += more
            self._elsewhere = max(0, total - self._told)
