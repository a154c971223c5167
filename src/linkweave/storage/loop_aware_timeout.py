"""How long a server may take: some seconds, and never fewer than some turns of this process's event loop.

In a process that is busy an answer lies there for a while before anybody reads it. Were only seconds counted, a burst
of work would make the server look slow; everybody would do without what is kept there, which is yet more work.
"""

import asyncio
from types import TracebackType
from typing import Final, Self

TURNS: Final = 10


class LoopAwareTimeout:
    """What runs inside has `seconds` in a process that is idle; it ends with TimeoutError then."""

    __slots__ = ("_left", "_limit", "_loop", "_timer", "_turn_seconds")

    def __init__(self, seconds: float) -> None:
        self._turn_seconds = seconds / TURNS
        self._left = TURNS
        self._limit = asyncio.timeout(None)
        self._loop = asyncio.get_running_loop()
        self._timer = self._loop.call_later(self._turn_seconds, self._turn)

    async def __aenter__(self) -> Self:
        await self._limit.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        await self._limit.__aexit__(kind, error, trace)

    def _turn(self) -> None:
        self._left -= 1
        if self._left:
            self._timer = self._loop.call_later(self._turn_seconds, self._turn)
        else:
            self._limit.reschedule(self._loop.time())
