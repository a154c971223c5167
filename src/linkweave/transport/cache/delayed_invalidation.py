"""Invalidates again some seconds after an ambiguous write: the vendor may make the write after it failed to answer."""

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import Context
from dataclasses import dataclass
from typing import Final

from linkweave.clock import Clock

# INFERRED: a vendor that has not answered in time works on for a while, if it got the request at all.
PAUSES_SECONDS: Final = (5.0, 25.0)


@dataclass(slots=True)
class DelayedInvalidation:
    """Calls `invalidate` some seconds after the latest ambiguous write."""

    invalidate: Callable[[], Awaitable[None]]
    clock: Clock
    _task: asyncio.Task[None] | None = None

    def schedule(self) -> None:
        """Starts the pauses from the beginning. What was read before the write must be invalid by now."""
        self._cancel()
        self._task = asyncio.get_running_loop().create_task(self._run(), context=Context())

    async def close(self) -> None:
        """Cancels the invalidations that are left."""
        task = self._cancel()
        if task is not None:
            await asyncio.wait([task])

    def _cancel(self) -> asyncio.Task[None] | None:
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
        return task

    async def _run(self) -> None:
        for seconds in PAUSES_SECONDS:
            await self.clock.sleep(seconds)
            await self.invalidate()
