"""How the vendor of one account has answered lately."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Final

from linkweave.clock import Clock
from linkweave.errors import UnauthenticatedError, VendorError


class HealthState(Enum):
    """How an account's vendor has answered lately."""

    UP = "UP"
    DEGRADED = "DEGRADED"
    DOWN = "DOWN"
    UNKNOWN = "UNKNOWN"


class CircuitState(Enum):
    """Whether calls to an account's vendor are sent."""

    CLOSED = "CLOSED"
    OPEN = "OPEN"
    HALF_OPEN = "HALF_OPEN"


# Number of consecutive failures after which an account counts as down, no longer as degraded.
_DOWN_AFTER: Final = 3


def _closed() -> CircuitState:
    return CircuitState.CLOSED


def _ignore() -> None:
    """Does nothing, for a health without a circuit."""


@dataclass(slots=True)
class Health:
    """Counts an account's answers and failures, and makes no calls.

    `read_circuit` returns the state of the account's circuit. `on_unusable_answer` is called when the reader of the
    latest answer cannot use it.
    """

    clock: Clock
    read_circuit: Callable[[], CircuitState] = field(default=_closed, repr=False)
    on_unusable_answer: Callable[[], None] = field(default=_ignore, repr=False)
    last_success_at: datetime | None = None
    last_error: VendorError | None = None
    consecutive_failures: int = 0
    calls: int = 0

    def record_success(self) -> None:
        """Counts a good answer, or a refusal that concerns one call only."""
        self.calls += 1
        self.consecutive_failures = 0
        self.last_success_at = self.clock.now()

    def record_failure(self, error: VendorError) -> None:
        """Counts a call whose error concerns the whole account."""
        self.calls += 1
        self.consecutive_failures += 1
        self.last_error = error

    def record_unusable_answer(self, error: VendorError) -> None:
        """Counts the latest answer, which was recorded as a success, as a failure: its shape is not as documented.

        The circuit is not concerned: the vendor has answered.
        """
        self.consecutive_failures += 1
        self.last_error = error
        self.on_unusable_answer()

    @property
    def circuit(self) -> CircuitState:
        """Whether calls to the account's vendor are sent."""
        return self.read_circuit()

    @property
    def state(self) -> HealthState:
        """UNKNOWN before the first call. DOWN while the circuit is not closed."""
        if self.circuit is not CircuitState.CLOSED:
            return HealthState.DOWN
        if not self.calls:
            return HealthState.UNKNOWN
        if not self.consecutive_failures:
            return HealthState.UP
        refused = isinstance(self.last_error, UnauthenticatedError)
        return HealthState.DOWN if refused or self.consecutive_failures >= _DOWN_AFTER else HealthState.DEGRADED
