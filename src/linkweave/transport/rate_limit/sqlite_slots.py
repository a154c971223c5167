"""Slots that the workers of one machine have together, counted in a file: exact, whatever else is up or down.

The file is a SQLite database, so that a worker which is killed in the middle leaves nothing half done. Times are
those of the machine's monotonic clock, which all its processes share.
"""

import sqlite3
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from socket import gethostname
from typing import Final
from uuid import uuid4

from linkweave.clock import Clock
from linkweave.transport.rate_limit.slots import Count, RateLimit, Slot

FILE_NAME: Final = "limits.sqlite"
# A worker that is stopped while it writes holds up the others for so long at most, each time they look.
_BUSY_SECONDS: Final = 0.05
_OPENING_SECONDS: Final = 5.0
# Calls of other workers end without a word.
LOOK_SECONDS: Final = 1.0
_FURTHEST_SECONDS: Final = 3600.0

_TABLES: Final = """
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS slots (
  key TEXT, token TEXT, under_way INTEGER, until REAL, PRIMARY KEY (key, token)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS closed (key TEXT PRIMARY KEY, until REAL) WITHOUT ROWID;
COMMIT;
"""


class SqliteLimitStore:
    """The file in `directory`, or in this process's memory without one. Every limit has a `key` in it.

    `site` names those who share it.
    """

    def __init__(self, directory: Path | None) -> None:
        self.site = f"{gethostname()}:{directory or uuid4().hex}"
        file = ":memory:" if directory is None else directory / FILE_NAME
        # All workers open it at the same moment.
        self._connection = sqlite3.connect(file, timeout=_OPENING_SECONDS, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = PERSIST")
        self._connection.execute("PRAGMA synchronous = OFF")
        self._connection.executescript(_TABLES)
        self._connection.execute(f"PRAGMA busy_timeout = {round(_BUSY_SECONDS * 1000)}")

    def close(self) -> None:
        """Let go of the file; nothing leaves any more."""
        self._connection.close()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Everything inside happens at once, for all workers.

        Raises:
            sqlite3.Error: another worker did not let go of the file, or there is none any more.
        """
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield self._connection
        finally:
            self._connection.execute("COMMIT")


class SqliteSlots:
    """The slots of one limit in the ledger."""

    def __init__(self, rate: RateLimit, clock: Clock, ledger: SqliteLimitStore, key: str) -> None:
        self._rate = rate
        self._clock = clock
        self._ledger = ledger
        self._key = key
        self._count = Count(rate.limit, rate.seconds)
        self._readable = True

    @property
    def count(self) -> Count:
        """What was known when this worker last looked."""
        return self._count

    async def take(self, spare: int, longest: float) -> Slot | None:
        """A slot, if more than `spare` are free; that of a worker that dies is free when its call would have ended."""
        now, token = self._clock.monotonic(), uuid4().hex
        try:
            with self._ledger.writing() as file:
                self._read(file, now)
                self._readable = True
                if self._count.free(now) <= spare:
                    return None
                until = now + longest + self._rate.seconds
                file.execute("INSERT INTO slots VALUES (?, ?, 1, ?)", (self._key, token, until))
        except sqlite3.Error:
            self._readable = False
            return None
        self._count.under_way += 1
        return Slot(partial(self._end, token))

    def next_check_in(self) -> float | None:
        """Seconds until a slot may be free."""
        # What was known of a file that cannot be read is no reason to look at it again and again.
        change = self._count.next_change(self._clock.monotonic()) if self._readable else None
        return LOOK_SECONDS if change is None else min(change, LOOK_SECONDS)

    def close_for(self, seconds: float) -> None:
        """Let nothing leave for `seconds`, from any worker."""
        until = self._clock.monotonic() + seconds
        self._count.close_until(until)
        with suppress(sqlite3.Error), self._ledger.writing() as file:
            file.execute(
                "INSERT INTO closed VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET until = max(until, excluded.until)",
                (self._key, until),
            )

    def _end(self, token: str, *, used: bool) -> None:
        """The call of `token` has ended, or has not left. What cannot be written is forgotten in time."""
        now = self._clock.monotonic()
        with suppress(sqlite3.Error), self._ledger.writing() as file:
            file.execute("DELETE FROM slots WHERE key = ? AND token = ?", (self._key, token))
            if used:
                free_at = now + self._rate.seconds
                file.execute("INSERT INTO slots VALUES (?, ?, 0, ?)", (self._key, token, free_at))
            self._read(file, now)

    def _read(self, file: sqlite3.Connection, now: float) -> None:
        # What is further away was written before the machine was started anew, and its clock with it.
        furthest = now + self._rate.seconds + _FURTHEST_SECONDS
        file.execute("DELETE FROM slots WHERE key = ? AND (until <= ? OR until > ?)", (self._key, now, furthest))
        rows = file.execute("SELECT under_way, until FROM slots WHERE key = ? ORDER BY until", (self._key,)).fetchall()
        closed = file.execute("SELECT until FROM closed WHERE key = ?", (self._key,)).fetchone()
        self._count.under_way = sum(under_way for under_way, _ in rows)
        self._count.reopen = deque(until for under_way, until in rows if not under_way)
        if closed is not None and closed[0] <= furthest:
            self._count.close_until(closed[0])
