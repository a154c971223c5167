"""A store in the memory of this process."""

import heapq
from collections.abc import Sequence
from typing import Final, NamedTuple

from linkweave.clock import Clock, SystemClock
from linkweave.concurrency.lru import LruDict

MAX_RECORDS: Final = 100_000
MAX_BYTES: Final = 64_000_000
# Memory of a record beside its key and value, rounded up: 383 bytes on CPython 3.11.
RECORD_BYTES: Final = 400


class _StoredValue(NamedTuple):
    value: bytes
    expires_at: float


class MemoryStore:
    """A store in this process. Beyond `max_bytes` or `max_records`, it drops the least recently used records."""

    def __init__(self, clock: Clock | None = None, max_bytes: int = MAX_BYTES, max_records: int = MAX_RECORDS) -> None:
        self._clock = clock or SystemClock()
        self._records: LruDict[str, _StoredValue] = LruDict(max_entries=max_records, max_size=max_bytes)
        self._expirations: list[tuple[float, str]] = []

    @property
    def used_bytes(self) -> int:
        """Memory of all records."""
        return self._records.size

    def __len__(self) -> int:
        return len(self._records)

    async def get(self, key: str) -> bytes | None:
        """Returns the value of `key`, or None."""
        record = self._records.get(key)
        if record is None or record.expires_at <= self._clock.monotonic():
            return None
        return record.value

    async def get_many(self, keys: Sequence[str]) -> Sequence[bytes | None]:
        """Returns the value of each key, or None."""
        return [await self.get(key) for key in keys]

    async def set(self, key: str, value: bytes, ttl_seconds: float) -> None:
        """Stores `value` for `ttl_seconds`, unless it alone is larger than the store."""
        self._drop_expired()
        expires_at = self._clock.monotonic() + ttl_seconds
        # orjson leaves its buffer of some kilobytes behind the bytes that it returns. MEASURED.
        copied = memoryview(value).tobytes()
        self._records.put(key, _StoredValue(copied, expires_at), len(key) + len(value) + RECORD_BYTES)
        heapq.heappush(self._expirations, (expires_at, key))

    async def delete(self, key: str) -> None:
        """Deletes the value of `key`."""
        self._records.pop(key)

    def _drop_expired(self) -> None:
        now = self._clock.monotonic()
        while self._expirations and self._expirations[0][0] <= now:
            expiration = heapq.heappop(self._expirations)
            if self._is_valid(expiration):
                self._records.pop(expiration[1])
        # Records that were replaced or dropped leave their expirations behind.
        if len(self._expirations) > 2 * len(self._records) + 100:
            self._expirations = sorted(set(filter(self._is_valid, self._expirations)))

    def _is_valid(self, expiration: tuple[float, str]) -> bool:
        expires_at, key = expiration
        record = self._records.peek(key)
        return record is not None and record.expires_at == expires_at
