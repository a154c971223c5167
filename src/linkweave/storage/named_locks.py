"""One at a time for each name: in this process by locks, among workers by claims."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final
from weakref import WeakValueDictionary

from linkweave.storage.interfaces import HeldByOther, Leases

# Longer than any operation may take. A worker that dies gives its turn back earlier, with its lease.
TURN_SECONDS: Final = 330.0


class NamedLocks:
    """Turns by name. Without a server that `claims` share, they are this process's own."""

    def __init__(self, claims: Leases) -> None:
        self._claims = claims
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def acquire(self, names: Collection[str], max_wait_seconds: float | None) -> AsyncIterator[frozenset[str]]:
        """Holds the locks among `names` that came free within `max_wait_seconds`; None waits without an end."""
        until = None if max_wait_seconds is None else asyncio.get_running_loop().time() + max_wait_seconds
        async with AsyncExitStack() as held:
            # In one order for everybody, so that nobody waits in a circle.
            yield frozenset([name for name in sorted(names) if await self._take(name, held, until)])

    async def _take(self, name: str, held: AsyncExitStack, until: float | None) -> bool:
        lock = self._locks.get(name)
        if lock is None:
            lock = self._locks[name] = asyncio.Lock()
        try:
            async with asyncio.timeout_at(until):
                await held.enter_async_context(lock)
            while isinstance(claim := await self._claims.claim(name, TURN_SECONDS), HeldByOther):
                async with asyncio.timeout_at(until):
                    await self._claims.outcome(name, claim.token)
        except TimeoutError:
            return False
        held.push_async_callback(self._claims.release, name, claim.token)
        return True
