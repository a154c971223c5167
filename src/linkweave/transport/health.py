"""What the gateway itself has seen of one account."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from linkweave.clock import Clock
from linkweave.errors import UnauthenticatedError, VendorError


class HealthState(Enum):
    """How an account has answered lately."""

    UP = "UP"
    DEGRADED = "DEGRADED"
    DOWN = "DOWN"
    UNKNOWN = "UNKNOWN"


class CircuitState(Enum):
    """Whether an account is called at all."""

    CLOSED = "CLOSED"
    OPEN = "OPEN"
    HALF_OPEN = "HALF_OPEN"


# So many failures in a row, and an account counts as down rather than degraded.
_DOWN_AFTER = 3


def _closed() -> CircuitState:
    return CircuitState.CLOSED


def _nobody() -> None:
    """Nobody wants to know."""


@dataclass(slots=True)
class Health:
    """Counts answers and failures. Asks nobody anything.

    `read_circuit` tells the account's circuit; `on_misread` is called when an answer turns out to be unusable.
    """

    clock: Clock
    read_circuit: Callable[[], CircuitState] = field(default=_closed, repr=False)
    on_misread: Callable[[], None] = field(default=_nobody, repr=False)
    last_success_at: datetime | None = None
    last_error: VendorError | None = None
    failures_in_a_row: int = 0
    calls: int = 0

    def succeeded(self) -> None:
        """An answer came that says yes or a well-formed no."""
        self.calls += 1
        self.failures_in_a_row = 0
        self.last_success_at = self.clock.now()

    def failed(self, error: VendorError) -> None:
        """The vendor was down, slow, incomprehensible or did not know us."""
        self.calls += 1
        self.failures_in_a_row += 1
        self.last_error = error

    def misread(self, error: VendorError) -> None:
        """The answer that has just come has a shape that nobody can read."""
        self.failures_in_a_row += 1
        self.last_error = error
        self.on_misread()

    @property
    def circuit(self) -> CircuitState:
        """Whether the account is called at all."""
        return self.read_circuit()

    @property
    def state(self) -> HealthState:
        """UNKNOWN before the first call, then by the latest ones; an account that is not called counts as down."""
        if self.circuit is not CircuitState.CLOSED:
            return HealthState.DOWN
        if not self.calls:
            return HealthState.UNKNOWN
        if not self.failures_in_a_row:
            return HealthState.UP
        refused = isinstance(self.last_error, UnauthenticatedError)
        return HealthState.DOWN if refused or self.failures_in_a_row >= _DOWN_AFTER else HealthState.DEGRADED
