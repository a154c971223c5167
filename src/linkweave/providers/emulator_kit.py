"""What every emulator is made with. Emulators know nothing else of the gateway."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from starlette.types import ASGIApp

from linkweave.clock import Clock


@dataclass(frozen=True, slots=True)
class EmulatorOptions:
    """The clock that an emulator lives by, and whether it enforces the vendor's rate limits with 429."""

    clock: Clock
    rate_limits: bool = True


CreateEmulator: TypeAlias = Callable[[EmulatorOptions], ASGIApp]


class CallLog:
    """A vendor's own rate limit: at most `limit` calls in any `seconds`, counted when they arrive."""

    def __init__(self, limit: int, seconds: float, options: EmulatorOptions) -> None:
        self._limit = limit if options.rate_limits else None
        self._seconds = seconds
        self._clock = options.clock
        self._arrivals: list[float] = []

    def admits(self) -> bool:
        """Count one call; False when it is one too many."""
        if self._limit is None:
            return True
        now = self._clock.monotonic()
        self._arrivals = [at for at in self._arrivals if at > now - self._seconds]
        if len(self._arrivals) >= self._limit:
            return False
        self._arrivals.append(now)
        return True
