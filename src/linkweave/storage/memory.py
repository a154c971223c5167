"""A store in this process."""

from collections import OrderedDict
from typing import Final

from aiocache import SimpleMemoryCache

MAX_RECORDS: Final = 10_000


class MemoryStore:
    """A store in this process. Beyond `MAX_RECORDS` the oldest record goes.

    aiocache keeps the records and their times; it bounds nothing itself.
    """

    def __init__(self) -> None:
        self._cache = SimpleMemoryCache()
        self._order: OrderedDict[str, None] = OrderedDict()

    async def get(self, key: str) -> bytes | None:
        """The record, or None."""
        value: bytes | None = await self._cache.get(key)
        return value

    async def set(self, key: str, value: bytes, ttl_seconds: float) -> None:
        """Keep `value` for `ttl_seconds`."""
        self._order[key] = None
        self._order.move_to_end(key)
        await self._cache.set(key, value, ttl=ttl_seconds)
        while len(self._order) > MAX_RECORDS:
            oldest, _ = self._order.popitem(last=False)
            await self._cache.delete(oldest)

    async def delete(self, key: str) -> None:
        """Forget the record."""
        self._order.pop(key, None)
        await self._cache.delete(key)
