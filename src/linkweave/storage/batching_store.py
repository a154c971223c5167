"""A store whose records are asked for together."""

import asyncio
from collections.abc import Sequence
from typing import Final

from linkweave.storage.interfaces import Store

# A record may have megabytes, and what asks for several takes no longer than what asks for one may.
MOST_AT_ONCE: Final = 16


class BatchingStore:
    """Asks `store` at once for what is wanted in the same turn of the event loop, for up to MOST_AT_ONCE records.

    An operation looks for the pages of all accounts in one turn, and so do operations that ran into each other.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._wanted: dict[str, asyncio.Future[bytes | None]] = {}
        self._asking: set[asyncio.Task[None]] = set()

    async def get(self, key: str) -> bytes | None:
        """The record, or None."""
        answer = self._wanted.get(key)
        if answer is None:
            loop = asyncio.get_running_loop()
            if not self._wanted:
                loop.call_soon(self._ask)
            answer = self._wanted[key] = loop.create_future()
        return await asyncio.shield(answer)

    async def get_many(self, keys: Sequence[str]) -> Sequence[bytes | None]:
        """The record of each key, or None."""
        return await self._store.get_many(keys)

    async def set(self, key: str, value: bytes, ttl_seconds: float) -> None:
        """Keep `value` for `ttl_seconds`."""
        await self._store.set(key, value, ttl_seconds)

    async def delete(self, key: str) -> None:
        """Forget the record."""
        await self._store.delete(key)

    def _ask(self) -> None:
        wanted, self._wanted = list(self._wanted.items()), {}
        for start in range(0, len(wanted), MOST_AT_ONCE):
            task = asyncio.get_running_loop().create_task(self._get(dict(wanted[start : start + MOST_AT_ONCE])))
            self._asking.add(task)
            task.add_done_callback(self._asking.discard)

    async def _get(self, wanted: dict[str, "asyncio.Future[bytes | None]"]) -> None:
        records: Sequence[bytes | None] = [None] * len(wanted)
        try:
            records = await self._store.get_many(list(wanted))
        finally:
            for answer, record in zip(wanted.values(), records, strict=True):
                answer.set_result(record)
