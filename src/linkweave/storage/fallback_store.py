"""Two stores as one."""

from collections.abc import Sequence

from linkweave.storage.interfaces import Store


class FallbackStore:
    """Keeps everything in both stores, and reads the second where the first has nothing, or nothing any more.

    What was written while the first was away is in this process all the same.
    """

    def __init__(self, first: Store, second: Store) -> None:
        self._first = first
        self._second = second

    async def get(self, key: str) -> bytes | None:
        """The record, or None."""
        record = await self._first.get(key)
        return await self._second.get(key) if record is None else record

    async def get_many(self, keys: Sequence[str]) -> Sequence[bytes | None]:
        """The record of each key, or None."""
        records = await self._first.get_many(keys)
        second = await self._second.get_many(keys) if None in records else records
        return [mine if record is None else record for record, mine in zip(records, second, strict=True)]

    async def set(self, key: str, value: bytes, ttl_seconds: float) -> None:
        """Keep `value` for `ttl_seconds`."""
        await self._second.set(key, value, ttl_seconds)
        await self._first.set(key, value, ttl_seconds)

    async def delete(self, key: str) -> None:
        """Forget the record."""
        await self._second.delete(key)
        await self._first.delete(key)
