"""Executes an operation once for all clients that request it at the same moment."""

from collections.abc import Callable, Coroutine, Hashable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from starlette.types import Receive

from linkweave.concurrency.eager_tasks import start_eagerly
from linkweave.concurrency.single_flight import SharedTask, SharedTasks
from linkweave.edge.http.disconnects import finishes_before_disconnect

T = TypeVar("T")


@dataclass(slots=True)
class SharedExecutions(Generic[T]):
    """The running executions, by key.

    An execution goes on when one of its clients disconnects, and is cancelled when the last one does. It has the
    deadline of its first client, so that no client waits longer than its own.
    """

    _tasks: SharedTasks[SharedTask[T]] = field(default_factory=SharedTasks)

    def is_running(self, key: Hashable) -> bool:
        """Whether there is an execution of `key`."""
        return key in self._tasks

    async def join(self, key: Hashable, execute: Callable[[], Coroutine[Any, Any, T]], receive: Receive) -> T | None:
        """Returns the result for `key`, which `execute` starts if there is none; None once the client disconnects."""
        execution = self._tasks.join(key, lambda: SharedTask(start_eagerly(execute())))
        try:
            finished = await finishes_before_disconnect(execution.task, receive)
            return execution.task.result() if finished else None
        finally:
            self._tasks.leave(key, execution)
