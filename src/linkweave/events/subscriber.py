"""One who listens to a log: what waits for it, up to a limit."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Self

from linkweave.events.events import Event
from linkweave.events.positions import Position

MAX_WAITING: Final = 1_000
"""Maximum number of new events that wait for a subscriber."""


class SubscriberTooSlowError(Exception):
    """More events wait for a subscriber than may."""

    def __init__(self) -> None:
        super().__init__(f"More than {MAX_WAITING} events wait: the subscriber reads too slowly.")


@dataclass(frozen=True, slots=True)
class Entry:
    """An event of `account` and its place in the log. None stands for events that the log does not have any more."""

    position: Position
    account: str
    event: Event | None


class Subscriber:
    """Yields the events that it is given, first those that are replayed. `leave` is called when it is closed.

    Raises:
        SubscriberTooSlowError: too many new events wait. It is closed then.
    """

    def __init__(self, replayed: Iterable[Entry], leave: Callable[["Subscriber"], None]) -> None:
        # An idle subscriber has neither queues nor an event: each would take 760 bytes.
        self._replayed = iter(replayed)
        self._waiting: deque[Entry] | None = None
        self._leave = leave
        self._something: asyncio.Future[None] | None = None
        self._is_closed = False
        self._is_too_slow = False

    def put(self, entry: Entry) -> None:
        """Lets `entry` wait."""
        if self._waiting is None:
            self._waiting = deque()
        if len(self._waiting) >= MAX_WAITING:
            self._is_too_slow = True
            self.close()
        else:
            self._waiting.append(entry)
            self._wake()

    def close(self) -> None:
        """Ends the subscription. Nothing waits any more."""
        if not self._is_closed:
            self._is_closed = True
            self._replayed = iter(())
            self._waiting = None
            self._wake()
            self._leave(self)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Entry:
        while True:
            if self._is_too_slow:
                raise SubscriberTooSlowError
            if self._is_closed:
                raise StopAsyncIteration
            for entry in self._replayed:
                return entry
            if self._waiting:
                return self._waiting.popleft()
            self._waiting = None
            self._something = asyncio.get_running_loop().create_future()
            await self._something

    def _wake(self) -> None:
        if self._something is not None and not self._something.done():
            self._something.set_result(None)
