"""How long the current operation, or a call of it, may still take.

The deadline travels in the context of the operation, so that it reaches every call without being an argument of all
functions in between.
"""

from linkweave.clock import Clock
from linkweave.context.call_context import current_call
from linkweave.context.operation_context import OperationContext, current_operation, use_operation
from linkweave.context.scope import ContextScope


def nearest_deadline(seconds: float, clock: Clock) -> float:
    """The moment in `seconds`, or the current deadline if that is nearer."""
    outer, at = current_operation().deadline, clock.monotonic() + seconds
    return at if outer is None else min(outer, at)


def use_deadline(seconds: float, clock: Clock) -> ContextScope[OperationContext, OperationContext]:
    """Sets the deadline inside a `with` block to `seconds` from now, unless it is nearer already."""
    return use_operation(current_operation()._replace(deadline=nearest_deadline(seconds, clock)))


def remaining_seconds(clock: Clock) -> float | None:
    """Seconds until the deadline, 0 when it has passed; None without one."""
    at = current_operation().deadline
    return None if at is None else max(0.0, at - clock.monotonic())


def max_wait_seconds(clock: Clock) -> float | None:
    """Seconds within which the current call must be sent; at most what remains, None without a deadline."""
    remaining, send_by = remaining_seconds(clock), current_call().send_by
    if send_by is None:
        return remaining
    until_sent = max(0.0, send_by - clock.monotonic())
    return until_sent if remaining is None else min(remaining, until_sent)
