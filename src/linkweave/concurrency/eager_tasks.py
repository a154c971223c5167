"""Starts coroutines at once, not in the next turn of the event loop. What waits for nothing then needs no turn at all.

Python 3.12 has such tasks. Python 3.11 gets the same here, with the functions that asyncio offers to other kinds of
tasks (docs.python.org/3.11/library/asyncio-extending.html).
"""

import asyncio
import sys
from collections.abc import Coroutine, Sequence
from contextvars import Context, ContextVar, copy_context
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, TypeVar

T = TypeVar("T")

# Number of coroutines that one task may start at once. Each does the work of some ten to a hundred function calls.
MAX_STARTS: Final = 64

_NOTHING: Final = object()


async def gather_eagerly(coroutines: Sequence[Coroutine[Any, Any, T]]) -> list[T]:
    """Returns the result of each coroutine, in their order. All of them run at the same time.

    Raises:
        Exception: The first error. The other coroutines go on.
    """
    if len(coroutines) == 1:
        return [await coroutines[0]]
    started = [start_eagerly(each) for each in coroutines]
    if all(each.done() and not each.cancelled() and each.exception() is None for each in started):
        return [each.result() for each in started]
    return await asyncio.gather(*started)


def start_eagerly(coroutine: Coroutine[Any, Any, T]) -> asyncio.Future[T]:
    """Starts a task, and returns when it has ended or waits for something.

    After MAX_STARTS the event loop gets its turn: the task is started as others are.
    """
    starts = _STARTS.get()
    if starts is None:
        starts = _Starts()
        _STARTS.set(starts)
    context = copy_context()
    if starts.left:
        starts.left -= 1
        return _start(coroutine, context, starts)
    # Tasks of the same turn share their spares.
    context.run(_STARTS.set, _Starts(spares=starts.spares))
    return asyncio.get_running_loop().create_task(coroutine, context=context)


@dataclass(slots=True, eq=False)
class _Starts:
    """How many coroutines a task, and those that it starts, may still start at once.

    `spares` are tasks for them that the event loop has not seen yet.
    """

    left: int = MAX_STARTS
    spares: "list[_Spare]" = field(default_factory=list)


_STARTS: Final[ContextVar[_Starts | None]] = ContextVar("eager starts", default=None)

if sys.version_info >= (3, 12):

    def _start(coroutine: Coroutine[Any, Any, T], context: Context, _: _Starts) -> asyncio.Future[T]:
        return asyncio.Task(coroutine, loop=asyncio.get_running_loop(), context=context, eager_start=True)

else:

    def _start(coroutine: Coroutine[Any, Any, T], context: Context, starts: _Starts) -> asyncio.Future[T]:
        loop = asyncio.get_running_loop()
        spare = _take_spare(loop, starts)
        starter = asyncio.current_task(loop)
        if starter is not None:
            asyncio._leave_task(loop, starter)  # noqa: SLF001 - documented for kinds of tasks, see above
        asyncio._enter_task(loop, spare.task)  # noqa: SLF001
        try:
            outcome = spare.begun.begin(coroutine, context)
        finally:
            asyncio._leave_task(loop, spare.task)  # noqa: SLF001
            if starter is not None:
                asyncio._enter_task(loop, starter)  # noqa: SLF001
        if outcome is None:
            return spare.task
        starts.spares.append(spare)
        return outcome

    def _take_spare(loop: asyncio.AbstractEventLoop, starts: _Starts) -> "_Spare":
        """Returns a task that has made no step. Most coroutines end in their first step, and leave theirs to others."""
        while starts.spares:
            spare = starts.spares.pop()
            if not (spare.begun.is_seen or spare.task.cancelling()) and spare.task.get_loop() is loop:
                return spare
        begun = _BegunCoroutine[Any]()
        return _Spare(begun, loop.create_task(begun, context=Context()))


class _Spare(NamedTuple):
    """A task, and the coroutine that it runs, which is still to be begun."""

    begun: "_BegunCoroutine[Any]"
    task: asyncio.Task[Any]


class _BegunCoroutine(Coroutine[Any, Any, T]):
    """A coroutine whose first step is made before its task makes it. It keeps its own context.

    `is_seen` says that the event loop has made a step of the task.
    """

    __slots__ = ("_awaited", "_context", "_coroutine", "is_seen")

    def __init__(self) -> None:
        self.is_seen = False
        # None before it begins, and once it has ended in its first step.
        self._coroutine: Coroutine[Any, Any, T] | None = None
        self._context: Context | None = None
        # What the first step waits for, until the task has taken it.
        self._awaited: Any = _NOTHING

    def begin(self, coroutine: Coroutine[Any, Any, T], context: Context) -> asyncio.Future[T] | None:
        """Makes the first step. Returns the outcome if there is no other one."""
        outcome: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        try:
            self._awaited = context.run(coroutine.send, None)
        except StopIteration as end:
            outcome.set_result(end.value)
        except asyncio.CancelledError:
            outcome.cancel()
        except Exception as error:  # noqa: BLE001 - a task keeps every error for those who await it
            # Without the frame of this function, which would keep the error and the outcome in a cycle.
            outcome.set_exception(error.with_traceback(error.__traceback__ and error.__traceback__.tb_next))
        else:
            self._coroutine, self._context = coroutine, context
            return None
        return outcome

    def send(self, value: Any) -> Any:
        """Returns what the next step waits for."""
        self.is_seen = True
        if self._coroutine is None or self._context is None:
            raise StopIteration
        if self._awaited is _NOTHING:
            return self._context.run(self._coroutine.send, value)
        awaited, self._awaited = self._awaited, _NOTHING
        return awaited

    def throw(self, *error: Any) -> Any:
        """Raises an error where the coroutine waits."""
        self.is_seen = True
        if self._coroutine is None or self._context is None:
            raise StopIteration
        awaited, self._awaited = self._awaited, _NOTHING
        # The task was cancelled before it waits. A task that waits cancels what it waits for, and goes on to wait.
        if asyncio.isfuture(awaited) and awaited.cancel():
            return awaited
        return self._context.run(self._coroutine.throw, *error)

    def close(self) -> None:
        """Ends the coroutine."""
        if self._coroutine is not None:
            self._coroutine.close()

    def __await__(self) -> Any:
        """Returns nothing: a task takes the steps by `send`."""
        raise NotImplementedError
