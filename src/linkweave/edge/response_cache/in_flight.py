"""Of all who ask the same at the same moment, one is worked for."""

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from starlette.types import Receive

from linkweave.edge.http.disconnects import outlasts

T = TypeVar("T")


@dataclass(slots=True)
class _Flight(Generic[T]):
    """Work under way in a task of its own, and how many wait for it."""

    task: asyncio.Task[T]
    waiting: int = 0


@dataclass(slots=True)
class OperationFlights(Generic[T]):
    """Work under way, by what it is for.

    It belongs to all who wait: when one of them hangs up or is cancelled, it goes on for the others, and when the last
    one has gone, it is cancelled. It began with the first of them and has that one's deadline, so that nobody waits for
    longer than their own.
    """

    _flying: dict[Hashable, _Flight[T]] = field(default_factory=dict)

    def under_way(self, key: Hashable) -> bool:
        """Whether somebody waits for `key` already."""
        return key in self._flying

    async def join(self, key: Hashable, work: Callable[[], Coroutine[Any, Any, T]], receive: Receive) -> T | None:
        """What the work for `key` brings, which `work` begins where nobody has; None once the client has hung up."""
        flight = self._flying.get(key) or self._start(key, work)
        flight.waiting += 1
        try:
            return flight.task.result() if await outlasts(flight.task, receive) else None
        finally:
            flight.waiting -= 1
            if not flight.waiting and not flight.task.done():
                # Forgotten at once, not when its task has ended: who comes in between must not wait for it.
                self._forget(key, flight)
                flight.task.cancel()

    def _start(self, key: Hashable, work: Callable[[], Coroutine[Any, Any, T]]) -> _Flight[T]:
        flight = self._flying[key] = _Flight(asyncio.get_running_loop().create_task(work()))
        flight.task.add_done_callback(lambda task: self._landed(key, flight, task))
        return flight

    def _landed(self, key: Hashable, flight: _Flight[T], task: asyncio.Task[T]) -> None:
        self._forget(key, flight)
        # Looked at, so that asyncio does not complain where everybody had gone.
        if not task.cancelled():
            task.exception()

    def _forget(self, key: Hashable, flight: _Flight[T]) -> None:
        if self._flying.get(key) is flight:
            del self._flying[key]
