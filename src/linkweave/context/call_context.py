"""What travels with a call to a vendor on its way through the layers of the client stack."""

from contextvars import ContextVar
from typing import Final, NamedTuple, Protocol

from linkweave.context.priority import Priority
from linkweave.context.scope import ContextScope


class HeldSlot(Protocol):
    """A slot of the vendor's rate limit that the call holds."""

    def release_unused(self) -> None:
        """Frees the slot now, because the call has not been sent."""
        ...


class CallContext(NamedTuple):
    """One call.

    Attributes:
        priority: whether the call has waiters; None for a call that its own caller waits for.
        send_by: the moment by which the call must have been sent, by the monotonic clock.
        slot: the slot of the vendor's rate limit that the call holds.
    """

    priority: Priority | None = None
    send_by: float | None = None
    slot: HeldSlot | None = None


_CALL: Final[ContextVar[CallContext]] = ContextVar("call", default=CallContext())  # noqa: B039 - it is immutable


def current_call() -> CallContext:
    """The context of the call that is made now."""
    return _CALL.get()


def use_call(context: CallContext) -> ContextScope[CallContext, CallContext]:
    """Makes `context` the current one inside a `with` block, and in tasks that are started there."""
    return ContextScope(_CALL, context, context)


def current_priority() -> Priority:
    """The priority of the call that is made now."""
    return _CALL.get().priority or Priority()


def use_priority(priority: Priority) -> ContextScope[CallContext, CallContext]:
    """Gives `priority` to the calls that are made inside a `with` block, and in tasks that are started there."""
    return use_call(_CALL.get()._replace(priority=priority))


def use_background_priority(share_of_rate: float = 1) -> ContextScope[CallContext, CallContext]:
    """As `use_priority`, for calls without waiters: they are sent only while no caller is in line.

    They take at most `share_of_rate` of a vendor's limit.
    """
    return use_priority(Priority(background=True, share_of_rate=share_of_rate))
