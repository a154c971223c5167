"""An event loop whose clock jumps: when every task sleeps, the time of the earliest has come.

Timeouts, deadlines, rate limits and slow vendors then cost no real time, and always happen in the same order. The loop
is for tests that stay in one process: it does not wait for sockets.
"""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any, Final, ParamSpec

P = ParamSpec("P")

NOW: Final = datetime(2026, 11, 20, 10, 30, tzinfo=UTC)

# Seconds of real time after which a loop without sleeping tasks is stuck.
STUCK_SECONDS: Final = 5.0


class JumpingSelector(selectors.DefaultSelector):
    """A selector that adds the time it would wait to `elapsed`, and does not wait."""

    def __init__(self) -> None:
        super().__init__()
        self.elapsed = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Returns what is ready, without waiting while any task sleeps."""
        ready = super().select(0)
        if ready or timeout == 0:
            return ready
        if timeout is not None:
            self.elapsed += timeout
            return ready
        ready = super().select(STUCK_SECONDS)
        if not ready:
            raise RuntimeError("every task waits, and none of them sleeps: the loop is stuck")
        return ready


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """An event loop that starts at 0 s and jumps from event to event."""

    def __init__(self, selector: JumpingSelector | None = None) -> None:
        self._jumping = selector or JumpingSelector()
        super().__init__(self._jumping)

    def time(self) -> float:
        """Returns the virtual time in seconds."""
        return self._jumping.elapsed


class LoopClock:
    """The clock of the gateway and the emulators: the time of the running loop. It shows NOW at second `start`."""

    def __init__(self, start: float = 0.0) -> None:
        self._start = start

    def now(self) -> datetime:
        """Returns the date and time."""
        return NOW + timedelta(seconds=self.monotonic() - self._start)

    def monotonic(self) -> float:
        """Returns the loop's time in seconds."""
        return asyncio.get_running_loop().time()

    async def sleep(self, seconds: float) -> None:
        """Sleeps for virtual seconds."""
        await asyncio.sleep(seconds)


def in_virtual_time(test: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """Lets pytest run an async test in a loop of virtual time, without a plugin."""

    @wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
            runner.run(test(*args, **kwargs))

    return run
