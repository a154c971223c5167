"""Tasks that an operation starts and that outlive their first waiter, because other tasks may wait for them too."""

import asyncio
from typing import Any

from linkweave.context.operation_context import current_operation


def cancel_tasks() -> None:
    """Cancels every running task of the current operation that was passed to `track_task`."""
    for task in tuple(current_operation().tasks or ()):
        task.cancel()


def track_task(task: asyncio.Future[Any] | None) -> None:
    """Cancels `task` together with the current operation, and ignores its exception if it has no waiters."""
    if task is None:
        return
    if task.done():
        _retrieve_exception(task)
        return
    task.add_done_callback(_retrieve_exception)
    tasks = current_operation().tasks
    if tasks is not None:
        tasks.add(task)
        task.add_done_callback(tasks.discard)


def _retrieve_exception(task: asyncio.Future[Any]) -> None:
    """Keeps asyncio from logging an exception that nothing has retrieved."""
    if not task.cancelled():
        task.exception()
