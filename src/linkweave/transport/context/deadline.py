"""How long the operation at hand may still take.

The deadline travels with the task, as a context variable, so that it reaches every call that the operation
causes without being an argument of all that lies between.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from linkweave.clock import Clock

_DEADLINE: ContextVar[float | None] = ContextVar("deadline", default=None)
_LEAVE_BY: ContextVar[float | None] = ContextVar("leave by", default=None)


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


@contextmanager
def own_deadline(max_wait_seconds: float | None, more_seconds: float, clock: Clock) -> Iterator[None]:
    """For a call that is made for several, or for the cache: its deadline is its own, whoever caused it.

    It must leave within `max_wait_seconds`, which is how long whoever caused it can wait, and may then take
    `more_seconds`; None leaves it without a deadline.
    """
    now = clock.monotonic()
    leave_by = None if max_wait_seconds is None else now + max_wait_seconds
    tokens = _LEAVE_BY.set(leave_by), _DEADLINE.set(None if leave_by is None else leave_by + more_seconds)
    try:
        yield
    finally:
        _LEAVE_BY.reset(tokens[0])
        _DEADLINE.reset(tokens[1])


def max_wait_seconds(clock: Clock) -> float | None:
    """Seconds within which a call must leave, for whoever lets it wait; at most what remains, None without an end."""
    left, leave_by = remaining(clock), _LEAVE_BY.get()
    if leave_by is None:
        return left
    until_leaving = max(0.0, leave_by - clock.monotonic())
    return until_leaving if left is None else min(left, until_leaving)
