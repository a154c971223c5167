"""A store in this process."""

import heapq
from collections.abc import Sequence
from typing import Final, NamedTuple

from linkweave.clock import Clock, SystemClock
from linkweave.concurrency.lru import LruDict

MAX_RECORDS: Final = 100_000
MAX_BYTES: Final = 64_000_000
# What a record takes beside its key and value: two tuples, their numbers, and a place in a dict and in a heap.
RECORD_BYTES: Final = 400


class _Record(NamedTuple):
    value: bytes
    until: float


class MemoryStore:
    """A store in this process, of `max_bytes` and `max_records` at most: what was not used for longest goes first."""

    def __init__(self, clock: Clock | None = None, max_bytes: int = MAX_BYTES, max_records: int = MAX_RECORDS) -> None:
        self._clock = clock or SystemClock()
        self._records: LruDict[str, _Record] = LruDict(max_entries=max_records, max_size=max_bytes)
        self._ends: list[tuple[float, str]] = []

    @property
    def used_bytes(self) -> int:
        """The bytes that all records take."""
        return self._records.size

    def __len__(self) -> int:
        return len(self._records)

    async def get(self, key: str) -> bytes | None:
        """The record, or None."""
        record = self._records.get(key)
        if record is None or record.until <= self._clock.monotonic():
            return None
        return record.value

    async def get_many(self, keys: Sequence[str]) -> Sequence[bytes | None]:
        """The record of each key, or None."""
        return [await self.get(key) for key in keys]

    async def set(self, key: str, value: bytes, ttl_seconds: float) -> None:
        """Keep `value` for `ttl_seconds`; not at all, where it alone is larger than the store."""
        self._drop_ended()
        until = self._clock.monotonic() + ttl_seconds
        self._records.put(key, _Record(bytes(value), until), _size(key, value))
        heapq.heappush(self._ends, (until, key))

    async def delete(self, key: str) -> None:
        """Forget the record."""
        self._records.pop(key)

    def _drop_ended(self) -> None:
        now = self._clock.monotonic()
        while self._ends and self._ends[0][0] <= now:
            until, key = heapq.heappop(self._ends)
            if self._ends_at(key, until):
                self._records.pop(key)
        # Records that were replaced or dropped leave their ends behind.
        if len(self._ends) > 2 * len(self._records) + 100:
            self._ends = sorted({(until, key) for until, key in self._ends if self._ends_at(key, until)})

    def _ends_at(self, key: str, until: float) -> bool:
        record = self._records.peek(key)
        return record is not None and record.until == until


def _size(key: str, value: bytes) -> int:
    return len(key) + len(value) + RECORD_BYTES
