"""Claims in one process."""

from linkweave.storage.interfaces import Store


class MemoryClaims:
    """Claims of a single process, whose callers hold a lock for the name."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def get(self, name: str) -> bytes | None:
        """Returns the record of `name`, or None."""
        return await self._store.get(name)

    async def claim(self, name: str, seen: bytes | None, record: bytes, ttl_seconds: float) -> bool:
        """Stores `record` in place of `seen`. Returns False where another record is stored by now."""
        if await self._store.get(name) != seen:
            return False
        await self._store.set(name, record, ttl_seconds)
        return True

    async def settle(self, name: str, seen: bytes, record: bytes | None, ttl_seconds: float) -> None:
        """Stores the outcome of the work in place of `seen`; None removes the record."""
        if await self._store.get(name) not in {None, seen}:
            return
        if record is None:
            await self._store.delete(name)
        else:
            await self._store.set(name, record, ttl_seconds)
