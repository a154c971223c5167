"""A connection to a SQLite file. Its statement ends when its task is cancelled.

SQLite works in a thread. Each statement goes there once and comes back with all of its rows.
"""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final, Self, TypeAlias

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

    async def rollback(self) -> None:
        """Ends a transaction. Without one, there is nothing to do in the thread."""
        if self.in_transaction:
            await super().rollback()

    def cursor(self) -> "_Cursor":  # type: ignore[override] # SQLAlchemy enters it, and does not await it
        """Returns a cursor for one statement, without a visit to the thread."""
        return _Cursor(self._answer)

    async def _answer(self, execute: "_Execute") -> "_Answer":
        answer: _Answer = await self._execute(self._answer_in_thread, execute)
        return answer

    def _answer_in_thread(self, execute: "_Execute") -> "_Answer":
        with closing(self._conn.cursor()) as cursor:
            execute(cursor)
            rows = () if cursor.description is None else cursor.fetchall()
            return _Answer(rows, cursor.description, cursor.rowcount, cursor.lastrowid)


_Execute: TypeAlias = Callable[[sqlite3.Cursor], object]


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a statement returned. `description` has its columns; None where it has no rows."""

    rows: Sequence[Any] = ()
    description: Any = None
    rowcount: int = -1
    lastrowid: int | None = None


class _Cursor:
    """A cursor as SQLAlchemy uses it. The driver's own goes to the thread four times for each statement.

    MEASURED: a page of 20 links took twice as long with it.
    """

    arraysize = 1

    def __init__(self, answer: Callable[[_Execute], Awaitable[_Answer]]) -> None:
        self._ask = answer
        self._answer = _Answer()

    @property
    def description(self) -> Any:
        """The columns of the rows; None where there are none."""
        return self._answer.description

    @property
    def rowcount(self) -> int:
        """The number of rows that the statement changed."""
        return self._answer.rowcount

    @property
    def lastrowid(self) -> int | None:
        """The number of the row that was inserted last."""
        return self._answer.lastrowid

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, statement: str, parameters: Sequence[Any] = ()) -> None:
        """Executes a statement, and reads its rows."""
        self._answer = await self._ask(lambda cursor: cursor.execute(statement, parameters))

    async def executemany(self, statement: str, parameters: Sequence[Sequence[Any]]) -> None:
        """Executes a statement with each of `parameters`."""
        self._answer = await self._ask(lambda cursor: cursor.executemany(statement, parameters))

    async def fetchall(self) -> Sequence[Any]:
        """Returns the rows."""
        return self._answer.rows

    async def close(self) -> None:
        """Does nothing: the thread has closed its cursor."""
