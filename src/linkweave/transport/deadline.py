"""How long the operation at hand may still take.

The deadline travels with the task, as a context variable, so that it reaches every call that the operation
causes without being an argument of all that lies between.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from linkweave.clock import Clock

_DEADLINE: ContextVar[float | None] = ContextVar("deadline", default=None)


@contextmanager
def deadline(seconds: float, clock: Clock) -> Iterator[None]:
    """Everything inside has `seconds` from now; a deadline that is already nearer stays."""
    outer = _DEADLINE.get()
    at = clock.monotonic() + seconds
    token = _DEADLINE.set(at if outer is None else min(outer, at))
    try:
        yield
    finally:
        _DEADLINE.reset(token)


def remaining(clock: Clock) -> float | None:
    """Seconds until the deadline, 0 when it has passed; None without one."""
    at = _DEADLINE.get()
    return None if at is None else max(0.0, at - clock.monotonic())
