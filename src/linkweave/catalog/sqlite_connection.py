"""A connection to a SQLite file. Its statement ends when its task is cancelled."""

import asyncio
import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

import aiosqlite

_ROWS_AT_ONCE: Final = 64


async def connect(path: Path, busy_seconds: float) -> aiosqlite.Connection:
    """Opens the file, and creates it where there is none. A statement waits `busy_seconds` for other processes.

    The driver begins no transactions by itself: it would begin them too late, and only before some statements.

    Raises:
        Error: the file cannot be opened.
    """
    connector = partial(sqlite3.connect, path, timeout=busy_seconds, isolation_level=None)
    connection = _Connection(connector, _ROWS_AT_ONCE)
    # A process that ends does not wait for the thread.
    thread = connection._thread  # noqa: SLF001 - aiosqlite offers no other way
    thread.daemon = True
    try:
        return await connection
    except BaseException:
        # The thread must not outlive the event loop, which it tells of its end.
        await asyncio.shield(asyncio.to_thread(thread.join))
        raise


class _Connection(aiosqlite.Connection):
    """Without this, the thread of a statement that nobody waits for any more would work on to its end."""

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        try:
            return await super()._execute(fn, *args, **kwargs)  # type: ignore[no-untyped-call] # aiosqlite has no types here
        except asyncio.CancelledError:
            self._conn.interrupt()
            raise
