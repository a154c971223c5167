"""Single flight: callers that want the same thing at the same moment share one task."""

import asyncio
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Generic, TypeVar

T = TypeVar("T")


@dataclass(slots=True, eq=False)
class SharedTask(Generic[T]):
    """A task and the number of its waiters. A `detached` one goes on without any."""

    task: asyncio.Future[T]
    waiters: int = 0
    detached: bool = False

    def failed(self, error: BaseException) -> None:
        """Is called when the task has raised `error`. Its waiters get the error as well, if it has any."""


S = TypeVar("S", bound=SharedTask[Any])


@dataclass(slots=True)
class SharedTasks(Generic[S]):
    """Tasks by key, each of which belongs to all its waiters.

    A waiter that leaves does not disturb the others. When the last one leaves, the task is cancelled.
    A finished task is forgotten, unless its result is to be remembered.
    """

    remember_results: bool = False
    _tasks: dict[Hashable, S] = field(default_factory=dict)
    _running: set[asyncio.Future[Any]] = field(default_factory=set)

    def __contains__(self, key: Hashable) -> bool:
        return key in self._tasks

    def join(self, key: Hashable, start: Callable[[], S]) -> S:
        """Returns the task of `key`, which `start` starts where there is none; the caller is now one of its waiters.

        The caller waits for the task without cancelling it, and then calls `leave`, whatever happens.
        """
        shared = self._tasks.get(key)
        if shared is None:
            shared = self.add(key, start)
        shared.waiters += 1
        return shared

    def add(self, key: Hashable, start: Callable[[], S]) -> S:
        """Starts the task of `key`, which has no waiter yet."""
        shared = start()
        if self.remember_results:
            self._tasks[key] = shared
        elif shared.task.done():
            self._finish(key, shared, shared.task)
        else:
            self._tasks[key] = shared
            self._running.add(shared.task)
            shared.task.add_done_callback(partial(self._finish, key, shared))
        return shared

    def leave(self, key: Hashable, shared: S) -> None:
        """Ends what `join` began for one waiter."""
        shared.waiters -= 1
        if not (shared.waiters or shared.detached or shared.task.done()):
            # Forgotten at once, not when the task has ended: a caller that joins in between must not wait for it.
            self._forget(key, shared)
            shared.task.cancel()

    def forget(self, matches: Callable[[Any], bool]) -> None:
        """Starts a new task for the next caller of every key that `matches`; waiters still get their result."""
        for key in [key for key in self._tasks if matches(key)]:
            del self._tasks[key]

    async def close(self) -> None:
        """Cancels all tasks, and returns when they have ended."""
        tasks = {*self._running, *(shared.task for shared in self._tasks.values())}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _finish(self, key: Hashable, shared: S, task: asyncio.Future[Any]) -> None:
        self._running.discard(task)
        self._forget(key, shared)
        # Looked at in any case: asyncio complains of an exception that was not, and all waiters may have left.
        if not task.cancelled() and (error := task.exception()) is not None:
            shared.failed(error)

    def _forget(self, key: Hashable, shared: S) -> None:
        if self._tasks.get(key) is shared:
            del self._tasks[key]
