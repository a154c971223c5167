"""Tasks that an operation starts and that outlive whoever waits for them, so that others may wait too."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final, TypeAlias

_Tasks: TypeAlias = set[asyncio.Task[Any]]

_BEGUN: Final[ContextVar[_Tasks | None]] = ContextVar("begun", default=None)


@contextmanager
def cancel_tasks_together() -> Iterator[None]:
    """Where what is inside is cancelled, so is every task that was `track_task` inside and still runs."""
    tasks: _Tasks = set()
    token = _BEGUN.set(tasks)
    try:
        yield
    except asyncio.CancelledError:
        for task in tuple(tasks):
            task.cancel()
        raise
    finally:
        _BEGUN.reset(token)


def track_task(task: asyncio.Task[Any] | None) -> None:
    """Let `task` end with the operation at hand, if there is one; what it raises when nobody waits is nobody's."""
    if task is None:
        return
    task.add_done_callback(_look_at)
    tasks = _BEGUN.get()
    if tasks is not None:
        tasks.add(task)
        task.add_done_callback(tasks.discard)


def _look_at(task: asyncio.Task[Any]) -> None:
    """Keep asyncio from complaining that nobody did."""
    if not task.cancelled():
        task.exception()
