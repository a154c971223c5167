"""Single flight: of all who ask for the same at the same moment in this process, one call is made."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Hashable
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from linkweave.clock import Clock
from linkweave.errors import LocalRateLimitError, VendorError
from linkweave.observability import NOBODY, Observer
from linkweave.transport.context.deadline import own_deadline, remaining
from linkweave.transport.context.priority import Priority, is_background, use_priority

T = TypeVar("T")


class WaitedTooLongError(Exception):
    """The waiter's own deadline came; what it waited for goes on."""


@dataclass(slots=True)
class Flight(Generic[T]):
    """A call under way, and how many wait for it.

    It has left `leave_by` or is not made; None means that it may wait for as long as it takes. One that is `kept`
    goes on when nobody waits. One that was begun behind has the `priority` of callers once one of them waits for it.
    """

    task: asyncio.Task[T]
    leave_by: float | None
    priority: Priority
    waiting: int = 0
    kept: bool = False


@dataclass(slots=True)
class Flights(Generic[T]):
    """The calls of one account that are under way. Each runs in a task of its own, and belongs to all who wait.

    `more_seconds` is how long a call may take once it has left.
    """

    clock: Clock
    more_seconds: float
    observer: Observer = NOBODY
    _flying: dict[Hashable, Flight[T]] = field(default_factory=dict)
    _alive: set[asyncio.Task[T]] = field(default_factory=set)

    async def join(self, key: Hashable, lead: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """What the flight called `key` brings; starts it with `lead` where there is none.

        A flight that could not leave in time for the one who started it is started again by one who has more time.

        Raises:
            WaitedTooLongError: the waiter's own deadline came.
            VendorError: what the flight ended with, as an instance of the waiter's own.
        """
        while (max_wait_seconds := remaining(self.clock)) != 0:
            flight = self._flying.get(key)
            if flight is None:
                own = Priority(background=is_background())
                return await self._wait(key, self._start(key, lead, copy_context(), own, max_wait_seconds))
            self.observer.shared("call")
            if not is_background():
                flight.priority.promote()
            try:
                return await self._wait(key, flight)
            except LocalRateLimitError:
                if not self._has_longer(flight):
                    raise
        raise WaitedTooLongError

    def start_in_background(
        self, key: Hashable, lead: Callable[[], Coroutine[Any, Any, T]], max_wait_seconds: float
    ) -> None:
        """Start the flight called `key` unless it is under way, after all who wait; what it raises is nobody's."""
        if key not in self._flying:
            self._start(key, lead, Context(), Priority(background=True), max_wait_seconds).kept = True

    async def close(self) -> None:
        """End all flights."""
        alive = list(self._alive)
        for task in alive:
            task.cancel()
        await asyncio.gather(*alive, return_exceptions=True)

    def _start(
        self,
        key: Hashable,
        lead: Callable[[], Coroutine[Any, Any, T]],
        context: Context,
        priority: Priority,
        max_wait_seconds: float | None,
    ) -> Flight[T]:
        async def fly() -> T:
            with use_priority(priority), own_deadline(max_wait_seconds, self.more_seconds, self.clock):
                return await lead()

        task = asyncio.get_running_loop().create_task(fly(), context=context)
        leave_by = None if max_wait_seconds is None else self.clock.monotonic() + max_wait_seconds
        flight = self._flying[key] = Flight(task, leave_by, priority)
        self._alive.add(task)
        task.add_done_callback(lambda task: self._landed(key, flight, task))
        return flight

    def _landed(self, key: Hashable, flight: Flight[T], task: asyncio.Task[T]) -> None:
        self._alive.discard(task)
        self._forget(key, flight)
        error = None if task.cancelled() else task.exception()
        if flight.kept and error is not None and not isinstance(error, VendorError):
            logging.getLogger("linkweave").error("unexpected error in a call that nobody waits for", exc_info=error)

    async def _wait(self, key: Hashable, flight: Flight[T]) -> T:
        flight.waiting += 1
        try:
            async with asyncio.timeout(remaining(self.clock)) as limit:
                return await asyncio.shield(flight.task)
        except TimeoutError:
            if not limit.expired():
                raise
            flight.kept = True
            raise WaitedTooLongError from None
        except VendorError as error:
            # Not the same instance in several tasks: each adds its own traceback to what it raises.
            raise error.again() from None
        finally:
            flight.waiting -= 1
            if not flight.waiting and not flight.kept and not flight.task.done():
                # Forgotten at once, not when its task has ended: who comes in between must not wait for it.
                self._forget(key, flight)
                flight.task.cancel()

    def _forget(self, key: Hashable, flight: Flight[T]) -> None:
        if self._flying.get(key) is flight:
            del self._flying[key]

    def _has_longer(self, flight: Flight[T]) -> bool:
        left = remaining(self.clock)
        return flight.leave_by is not None and (left is None or self.clock.monotonic() + left > flight.leave_by)
