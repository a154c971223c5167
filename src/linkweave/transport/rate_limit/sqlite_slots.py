"""Slots that the workers of one machine share, counted in a file: exact, whether or not a server can be reached.

The file is a SQLite database, so that a worker which is killed leaves no half-written state. Times are those of the
machine's monotonic clock, which all its processes share.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from socket import gethostname
from typing import Final
from uuid import uuid4

from linkweave.clock import Clock
from linkweave.transport.rate_limit.slots import MAX_TIMES, RateLimit, Slot, SlotCount, padded_times

FILE_NAME: Final = "limits.sqlite"
# Seconds for which a worker that is stopped while it writes delays each look of the others.
_BUSY_SECONDS: Final = 0.05
_OPENING_SECONDS: Final = 5.0
# Seconds between two looks: the file does not report that a call of another worker has ended.
CHECK_SECONDS: Final = 1.0
# Maximum number of seconds, beyond one window, after which a time in the file can be.
_MAX_AHEAD_SECONDS: Final = 3600.0

_TABLES: Final = """
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS slots (
  key TEXT, token TEXT, under_way INTEGER, until REAL, PRIMARY KEY (key, token)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS slots_by_time ON slots (key, under_way, until);
CREATE TABLE IF NOT EXISTS closed (key TEXT PRIMARY KEY, until REAL) WITHOUT ROWID;
COMMIT;
"""

# Each value by itself, so that SQLite uses the index.
_DELETE: Final = "DELETE FROM slots WHERE key = ? AND under_way IN (0, 1) AND "


class SqliteLimitStore:
    """The file in `directory`, or in this process's memory without one. Every limit has a `key` in it.

    `site` names the workers that share the file.
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
        """Closes the file. No call gets a slot any more."""
        self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Makes what happens inside one step for all workers.

        Raises:
            sqlite3.Error: another worker holds the file, or it is closed.
        """
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield self._connection
        finally:
            self._connection.execute("COMMIT")


class SqliteSlots:
    """The slots of one limit in the file."""

    def __init__(self, rate: RateLimit, clock: Clock, store: SqliteLimitStore, key: str) -> None:
        self._rate = rate
        self._clock = clock
        self._store = store
        self._key = key
        self._count = SlotCount(rate.limit, rate.seconds)
        self._readable = True

    @property
    def count(self) -> SlotCount:
        """The slots as this worker has last seen them."""
        return self._count

    async def acquire(self, reserved: int, max_seconds: float) -> Slot | None:
        """Returns a slot if more than `reserved` are free.

        The slot of a worker that dies is free when its call must have ended.
        """
        now, token = self._clock.monotonic(), uuid4().hex
        try:
            with self._store.transaction() as file:
                self._read(file, now)
                self._readable = True
                if self._count.free(now) <= reserved:
                    return None
                until = now + max_seconds + self._rate.seconds
                file.execute("INSERT INTO slots VALUES (?, ?, 1, ?)", (self._key, token, until))
        except sqlite3.Error:
            self._readable = False
            return None
        self._count.under_way += 1
        return Slot(partial(self._end, token))

    def next_check_in(self) -> float | None:
        """Seconds after which to try again."""
        # While the file cannot be read, its last known state must not cause one look after the other.
        change = self._count.next_change(self._clock.monotonic()) if self._readable else None
        return CHECK_SECONDS if change is None else min(change, CHECK_SECONDS)

    def close_for(self, seconds: float) -> None:
        """Closes the window of every worker for `seconds`."""
        until = self._clock.monotonic() + seconds
        self._count.close_until(until)
        with suppress(sqlite3.Error), self._store.transaction() as file:
            file.execute(
                "INSERT INTO closed VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET until = max(until, excluded.until)",
                (self._key, until),
            )

    def _end(self, token: str, *, used: bool) -> None:
        now = self._clock.monotonic()
        # If this cannot be written, the slot is free when the call must have ended.
        with suppress(sqlite3.Error), self._store.transaction() as file:
            file.execute("DELETE FROM slots WHERE key = ? AND token = ?", (self._key, token))
            if used:
                free_at = now + self._rate.seconds
                file.execute("INSERT INTO slots VALUES (?, ?, 0, ?)", (self._key, token, free_at))
            self._read(file, now)

    def _read(self, file: sqlite3.Connection, now: float) -> None:
        # A time that is further ahead was written before the machine, and with it the clock, was started again.
        latest = now + self._rate.seconds + _MAX_AHEAD_SECONDS
        file.execute(_DELETE + "until <= ?", (self._key, now))
        file.execute(_DELETE + "until > ?", (self._key, latest))
        counts = dict(
            file.execute("SELECT under_way, count(*) FROM slots WHERE key = ? GROUP BY under_way", (self._key,))
        )
        times = file.execute(
            "SELECT until FROM slots WHERE key = ? AND under_way = 0 ORDER BY until LIMIT ?", (self._key, MAX_TIMES)
        )
        closed = file.execute("SELECT until FROM closed WHERE key = ?", (self._key,)).fetchone()
        self._count.under_way = counts.get(1, 0)
        self._count.free_at = padded_times((until for (until,) in times), counts.get(0, 0))
        if closed is not None and closed[0] <= latest:
            self._count.close_until(closed[0])
