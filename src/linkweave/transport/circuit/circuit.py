"""Whether an account is called at all: not for a while after it has failed too often, then once to see."""

import random
from collections import deque
from collections.abc import Callable
from typing import Final

from linkweave.clock import Clock
from linkweave.transport.health import CircuitState

FAILURES_IN_A_ROW: Final = 5
# Of so many calls, the latest, may so large a part be slow.
WATCHED_CALLS: Final = 20
SLOW_RATIO: Final = 0.5
COOL_DOWN_SECONDS: Final = 30.0
MAX_COOL_DOWN_SECONDS: Final = 300.0
# Workers that open together shall not probe together.
_JITTER: Final = 0.1
# Successes beyond these make no difference to how many calls may be under way.
MAX_SUCCESSES: Final = 64
# After so long without a call, nobody knows how the vendor is.
IDLE_SECONDS: Final = 10.0


class Circuit:
    """Counts how calls ended, as the breaker tells it, and says whether the next may leave.

    It opens after `FAILURES_IN_A_ROW`, or when too many of the latest calls were slow, each time for twice as long
    until the account has answered as often in a row as it had failed.
    """

    def __init__(
        self, clock: Clock, changed: Callable[[CircuitState], None], chance: Callable[[], float] = random.random
    ) -> None:
        self._clock = clock
        self._changed = changed
        self._chance = chance
        self._slow: deque[bool] = deque(maxlen=WATCHED_CALLS)
        self._open_until: float | None = None
        self._openings = 0
        self._successes = 0
        self._ended_at = float("-inf")
        self.failures_in_a_row = 0
        self.epoch = 0

    @property
    def state(self) -> CircuitState:
        """OPEN until the cool-down is over, then HALF_OPEN until a call has told how the vendor is."""
        if self._open_until is None:
            return CircuitState.CLOSED
        return CircuitState.OPEN if self.seconds_left > 0 else CircuitState.HALF_OPEN

    @property
    def seconds_left(self) -> float:
        """Seconds until the next call may leave; 0 unless it is open."""
        return 0.0 if self._open_until is None else max(0.0, self._open_until - self._clock.monotonic())

    @property
    def successes_in_a_row(self) -> int:
        """Good answers since the last failure; none when they are too old to tell anything."""
        idle = self._clock.monotonic() - self._ended_at
        return 0 if idle > IDLE_SECONDS else self._successes

    def probing(self) -> None:
        """The one call that will tell how the vendor is has left."""
        self._changed(CircuitState.HALF_OPEN)

    def succeeded(self, *, slow: bool) -> None:
        """A call had a usable answer, late or not."""
        self._successes = min(MAX_SUCCESSES, self.successes_in_a_row + 1)
        self._ended_at = self._clock.monotonic()
        self.failures_in_a_row = 0
        if self._open_until is not None:
            self._close()
        elif self._successes >= FAILURES_IN_A_ROW:
            self._openings = 0
        self._watch(slow=slow)

    def failed(self, *, slow: bool) -> None:
        """A call had no usable answer."""
        self._successes = 0
        self._ended_at = self._clock.monotonic()
        self.failures_in_a_row += 1
        if self._open_until is not None or self.failures_in_a_row >= FAILURES_IN_A_ROW:
            self._open()
        else:
            self._watch(slow=slow)

    def _watch(self, *, slow: bool) -> None:
        self._slow.append(slow)
        if len(self._slow) == WATCHED_CALLS and sum(self._slow) >= SLOW_RATIO * WATCHED_CALLS:
            self._open()

    def _open(self) -> None:
        cool_down = min(MAX_COOL_DOWN_SECONDS, COOL_DOWN_SECONDS * 2**self._openings)
        self._open_until = self._clock.monotonic() + cool_down * (1 + _JITTER * self._chance())
        self._openings += 1
        self._successes = 0
        self._slow.clear()
        self.epoch += 1
        self._changed(CircuitState.OPEN)

    def _close(self) -> None:
        self._open_until = None
        self._slow.clear()
        self._changed(CircuitState.CLOSED)
