"""Locks by name: asyncio locks between the tasks of a process, leases between workers."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final
from weakref import WeakValueDictionary

from linkweave.storage.interfaces import HeldByOther, Leases

# Longer than any operation may take. The locks of a worker that dies are free earlier: when their leases expire.
LOCK_SECONDS: Final = 330.0


class NamedLocks:
    """Locks by name. Without a server that `leases` share, they are this process's own."""

    def __init__(self, leases: Leases) -> None:
        self._leases = leases
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def acquire(self, names: Collection[str], max_wait_seconds: float | None) -> AsyncIterator[frozenset[str]]:
        """Holds the locks among `names` that become free within `max_wait_seconds`; None waits for all of them."""
        until = None if max_wait_seconds is None else asyncio.get_running_loop().time() + max_wait_seconds
        async with AsyncExitStack() as held:
            # All callers use one order, so that no two of them wait for each other.
            yield frozenset([name for name in sorted(names) if await self._acquire_one(name, held, until)])

    async def _acquire_one(self, name: str, held: AsyncExitStack, until: float | None) -> bool:
        lock = self._locks.get(name)
        if lock is None:
            lock = self._locks[name] = asyncio.Lock()
        try:
            async with asyncio.timeout_at(until):
                await held.enter_async_context(lock)
            while isinstance(lease := await self._leases.acquire(name, LOCK_SECONDS), HeldByOther):
                async with asyncio.timeout_at(until):
                    await self._leases.wait_for_outcome(name, lease.token)
        except TimeoutError:
            return False
        held.push_async_callback(self._leases.release, name, lease.token)
        return True
