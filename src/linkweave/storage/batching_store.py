"""A store that reads many keys with one command."""

import asyncio
from collections.abc import Sequence
from typing import Final

from linkweave.storage.interfaces import Store

# A record may have megabytes, and a command for many records has no more time than a command for one.
MAX_BATCH: Final = 16


class BatchingStore:
    """Reads from `store` together what is wanted in one turn of the event loop, at most MAX_BATCH keys at a time.

    An operation looks for the pages of all its accounts in one turn, and so do operations that overlap.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._pending: dict[str, asyncio.Future[bytes | None]] = {}
        self._batches: set[asyncio.Task[None]] = set()

    async def get(self, key: str) -> bytes | None:
        """Returns the value of `key`, or None."""
        pending = self._pending.get(key)
        if pending is None:
            loop = asyncio.get_running_loop()
            if not self._pending:
                loop.call_soon(self._start_batches)
            pending = self._pending[key] = loop.create_future()
        return await asyncio.shield(pending)

    async def get_many(self, keys: Sequence[str]) -> Sequence[bytes | None]:
        """Returns the value of each key, or None."""
        return await self._store.get_many(keys)

    async def set(self, key: str, value: bytes, ttl_seconds: float) -> None:
        """Stores `value` for `ttl_seconds`."""
        await self._store.set(key, value, ttl_seconds)

    async def delete(self, key: str) -> None:
        """Deletes the value of `key`."""
        await self._store.delete(key)

    def _start_batches(self) -> None:
        pending, self._pending = list(self._pending.items()), {}
        for start in range(0, len(pending), MAX_BATCH):
            task = asyncio.get_running_loop().create_task(self._read_batch(dict(pending[start : start + MAX_BATCH])))
            self._batches.add(task)
            task.add_done_callback(self._batches.discard)

    async def _read_batch(self, pending: dict[str, "asyncio.Future[bytes | None]"]) -> None:
        values: Sequence[bytes | None] = [None] * len(pending)
        try:
            values = await self._store.get_many(list(pending))
        finally:
            for future, value in zip(pending.values(), values, strict=True):
                future.set_result(value)
