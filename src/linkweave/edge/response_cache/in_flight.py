"""Of all who ask the same at the same moment, one is worked for."""

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from starlette.types import Receive

from linkweave.concurrency.single_flight import SharedTask, SharedTasks
from linkweave.edge.http.disconnects import outlasts

T = TypeVar("T")


@dataclass(slots=True)
class OperationFlights(Generic[T]):
    """Work under way, by what it is for.

    It belongs to all who wait: when one of them hangs up or is cancelled, it goes on for the others, and when the last
    one has gone, it is cancelled. It began with the first of them and has that one's deadline, so that nobody waits for
    longer than their own.
    """

    _flights: SharedTasks[SharedTask[T]] = field(default_factory=SharedTasks)

    def under_way(self, key: Hashable) -> bool:
        """Whether somebody waits for `key` already."""
        return key in self._flights

    async def join(self, key: Hashable, work: Callable[[], Coroutine[Any, Any, T]], receive: Receive) -> T | None:
        """What the work for `key` brings, which `work` begins where nobody has; None once the client has hung up."""
        flight = self._flights.join(key, lambda: SharedTask(asyncio.get_running_loop().create_task(work())))
        try:
            return flight.task.result() if await outlasts(flight.task, receive) else None
        finally:
            self._flights.leave(key, flight)
