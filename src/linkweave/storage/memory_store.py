"""A store in this process."""

import heapq
from collections import OrderedDict
from collections.abc import Sequence
from typing import Final, NamedTuple

from linkweave.clock import Clock, SystemClock

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
        self._max_bytes = max_bytes
        self._max_records = max_records
        self._records: OrderedDict[str, _Record] = OrderedDict()
        self._ends: list[tuple[float, str]] = []
        self.bytes = 0

    def __len__(self) -> int:
        return len(self._records)

    async def get(self, key: str) -> bytes | None:
        """The record, or None."""
        record = self._records.get(key)
        if record is None or record.until <= self._clock.monotonic():
            return None
        self._records.move_to_end(key)
        return record.value

    async def get_many(self, keys: Sequence[str]) -> Sequence[bytes | None]:
        """The record of each key, or None."""
        return [await self.get(key) for key in keys]

    async def set(self, key: str, value: bytes, ttl_seconds: float) -> None:
        """Keep `value` for `ttl_seconds`; not at all, where it alone is larger than the store."""
        self._drop(key)
        self._drop_ended()
        if _size(key, value) > self._max_bytes:
            return
        until = self._clock.monotonic() + ttl_seconds
        self._records[key] = _Record(bytes(value), until)
        heapq.heappush(self._ends, (until, key))
        self.bytes += _size(key, value)
        while self.bytes > self._max_bytes or len(self._records) > self._max_records:
            self._drop(next(iter(self._records)))

    async def delete(self, key: str) -> None:
        """Forget the record."""
        self._drop(key)

    def _drop(self, key: str) -> None:
        record = self._records.pop(key, None)
        if record is not None:
            self.bytes -= _size(key, record.value)

    def _drop_ended(self) -> None:
        now = self._clock.monotonic()
        while self._ends and self._ends[0][0] <= now:
            until, key = heapq.heappop(self._ends)
            record = self._records.get(key)
            if record is not None and record.until == until:
                self._drop(key)
        # Records that were replaced or dropped leave their ends behind.
        if len(self._ends) > 2 * len(self._records) + 100:
            self._ends = [(record.until, key) for key, record in self._records.items()]
            heapq.heapify(self._ends)


def _size(key: str, value: bytes) -> int:
    return len(key) + len(value) + RECORD_BYTES
