"""The state of one account's circuit breaker: after too many failures no call is sent for a while, then one probe."""

import random
from collections import deque
from collections.abc import Callable
from typing import Final

from linkweave.clock import Clock
from linkweave.transport.health import CircuitState

# Number of consecutive failures after which the circuit opens.
FAILURE_THRESHOLD: Final = 5
# Number of latest calls among which slow ones are counted, and the share of slow ones at which the circuit opens.
SLOW_CALL_WINDOW: Final = 20
SLOW_CALL_RATE: Final = 0.5
COOL_DOWN_SECONDS: Final = 30.0
MAX_COOL_DOWN_SECONDS: Final = 300.0
# Workers whose circuits open together must not probe together.
_JITTER: Final = 0.1
# Maximum number of successes that count towards how many calls may be under way.
MAX_SUCCESSES: Final = 64
# Seconds without a call after which former successes say nothing about the vendor.
IDLE_SECONDS: Final = 10.0


class Circuit:
    """Counts how calls ended, and decides whether the next call may be sent.

    It opens after `FAILURE_THRESHOLD` consecutive failures, or when too many of the latest calls were slow. Each time
    the cool-down is twice as long, until the account has succeeded as often in a row as it had failed.
    """

    def __init__(
        self, clock: Clock, on_change: Callable[[CircuitState], None], jitter: Callable[[], float] = random.random
    ) -> None:
        self._clock = clock
        self._on_change = on_change
        self._jitter = jitter
        self._slow: deque[bool] = deque(maxlen=SLOW_CALL_WINDOW)
        self._open_until: float | None = None
        self._openings = 0
        self._successes = 0
        self._ended_at = float("-inf")
        self.consecutive_failures = 0
        self.epoch = 0

    @property
    def state(self) -> CircuitState:
        """OPEN until the cool-down is over, then HALF_OPEN until a probe has ended."""
        if self._open_until is None:
            return CircuitState.CLOSED
        return CircuitState.OPEN if self.seconds_left > 0 else CircuitState.HALF_OPEN

    @property
    def seconds_left(self) -> float:
        """Seconds until the cool-down is over; 0 unless the circuit is open."""
        return 0.0 if self._open_until is None else max(0.0, self._open_until - self._clock.monotonic())

    @property
    def consecutive_successes(self) -> int:
        """Successes since the last failure; 0 if the latest one is too old to say anything."""
        idle = self._clock.monotonic() - self._ended_at
        return 0 if idle > IDLE_SECONDS else self._successes

    def start_probe(self) -> None:
        """Reports that the probe is sent, the one call of a half-open circuit."""
        self._on_change(CircuitState.HALF_OPEN)

    def record_success(self, *, slow: bool) -> None:
        """Counts a call with a usable answer, late or not."""
        self._successes = min(MAX_SUCCESSES, self.consecutive_successes + 1)
        self._ended_at = self._clock.monotonic()
        self.consecutive_failures = 0
        if self._open_until is not None:
            self._close()
        elif self._successes >= FAILURE_THRESHOLD:
            self._openings = 0
        self._record_speed(slow=slow)

    def record_failure(self, *, slow: bool) -> None:
        """Counts a call without a usable answer."""
        self._successes = 0
        self._ended_at = self._clock.monotonic()
        self.consecutive_failures += 1
        if self._open_until is not None or self.consecutive_failures >= FAILURE_THRESHOLD:
            self._open()
        else:
            self._record_speed(slow=slow)

    def _record_speed(self, *, slow: bool) -> None:
        self._slow.append(slow)
        if len(self._slow) == SLOW_CALL_WINDOW and sum(self._slow) >= SLOW_CALL_RATE * SLOW_CALL_WINDOW:
            self._open()

    def _open(self) -> None:
        cool_down = min(MAX_COOL_DOWN_SECONDS, COOL_DOWN_SECONDS * 2**self._openings)
        self._open_until = self._clock.monotonic() + cool_down * (1 + _JITTER * self._jitter())
        self._openings += 1
        self._successes = 0
        self._slow.clear()
        self.epoch += 1
        self._on_change(CircuitState.OPEN)

    def _close(self) -> None:
        self._open_until = None
        self._slow.clear()
        self._on_change(CircuitState.CLOSED)
