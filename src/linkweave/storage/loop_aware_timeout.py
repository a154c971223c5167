"""A timeout for a server's answer that does not blame the server for this process being busy.

In a busy process, an answer waits for its turn of the event loop. With seconds alone, a burst of work would make the
server look slow. All tasks would then go on without what is stored there, which is yet more work.
"""

import asyncio
from types import TracebackType
from typing import Final, Self

TURNS: Final = 10


class LoopAwareTimeout:
    """Raises TimeoutError inside its `async with` block after `seconds`, but not before TURNS turns of the event loop.

    An idle process has had its turns by then.
    """

    __slots__ = ("_loop", "_timeout", "_timer", "_turn_seconds", "_turns_left")

    def __init__(self, seconds: float) -> None:
        self._turn_seconds = seconds / TURNS
        self._turns_left = TURNS
        self._timeout = asyncio.timeout(None)
        self._loop = asyncio.get_running_loop()
        self._timer = self._loop.call_later(self._turn_seconds, self._end_turn)

    async def __aenter__(self) -> Self:
        await self._timeout.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        await self._timeout.__aexit__(kind, error, trace)

    def _end_turn(self) -> None:
        self._turns_left -= 1
        if self._turns_left:
            self._timer = self._loop.call_later(self._turn_seconds, self._end_turn)
        else:
            self._timeout.reschedule(self._loop.time())
