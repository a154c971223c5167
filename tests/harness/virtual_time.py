"""An event loop whose clock jumps: when every task waits for a time, that time has come.

Timeouts, deadlines, rate limits and slow vendors then cost no real time and always happen in the same order. Only for
tests that stay in this process: to such a loop, a socket that will be ready in a moment is one that is not.
"""

import asyncio
import selectors
from datetime import UTC, datetime, timedelta

NOW = datetime(2026, 11, 20, 10, 30, tzinfo=UTC)

# So long nothing may happen when no task waits for a time; after that, nothing ever will.
STUCK_SECONDS = 5.0


class JumpingSelector(selectors.DefaultSelector):
    """Waits for nothing: the time that it was to wait is over at once."""

    def __init__(self) -> None:
        super().__init__()
        self.elapsed = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if ready or timeout == 0:
            return ready
        if timeout is not None:
            self.elapsed += timeout
            return ready
        ready = super().select(STUCK_SECONDS)
        if not ready:
            raise RuntimeError("every task waits for something that nothing will bring about")
        return ready


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """A loop that starts at 0 s and jumps from event to event."""

    def __init__(self) -> None:
        self._jumping = JumpingSelector()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.elapsed


class LoopClock:
    """The gateway's and the emulators' clock: the running loop's, which shows NOW at the loop's second `start`."""

    def __init__(self, start: float = 0.0) -> None:
        self._start = start

    def now(self) -> datetime:
        return NOW + timedelta(seconds=self.monotonic() - self._start)

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
