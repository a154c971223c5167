"""A write that may have been made may also still be made: what is read meanwhile is forgotten some seconds later."""

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import Context
from dataclasses import dataclass
from typing import Final

from linkweave.clock import Clock

# A vendor that has not answered in time is at it for a while yet, if it ever got the request.
PAUSES_SECONDS: Final = (5.0, 25.0)


@dataclass(slots=True)
class DelayedInvalidation:
    """Calls `forget` again some seconds after the latest write of which nobody knows what became of it."""

    forget: Callable[[], Awaitable[None]]
    clock: Clock
    _task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """A write was broken off; what was known before it is forgotten already."""
        self._end()
        self._task = asyncio.get_running_loop().create_task(self._forget_again(), context=Context())

    async def close(self) -> None:
        """Let what is known stay."""
        task = self._end()
        if task is not None:
            await asyncio.wait([task])

    def _end(self) -> asyncio.Task[None] | None:
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
        return task

    async def _forget_again(self) -> None:
        for seconds in PAUSES_SECONDS:
            await self.clock.sleep(seconds)
            await self.forget()
