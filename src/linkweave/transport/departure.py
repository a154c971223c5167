"""Whether a call that was given a slot has left: one that is refused on its last metre gives its slot back unused."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final


@dataclass(slots=True)
class SlotUse:
    """One call on its way out. Unless a layer below says otherwise, it has left."""

    left: bool = True


_DEPARTURE: Final[ContextVar[SlotUse | None]] = ContextVar("departure", default=None)


@contextmanager
def departing(departure: SlotUse) -> Iterator[None]:
    """Let the layers below say whether the call has left."""
    token = _DEPARTURE.set(departure)
    try:
        yield
    finally:
        _DEPARTURE.reset(token)


def mark_used() -> None:
    """The call at hand leaves now."""
    _say(left=True)


def mark_unused() -> None:
    """The call at hand has not left, and will not unless it is said to."""
    _say(left=False)


def _say(*, left: bool) -> None:
    departure = _DEPARTURE.get()
    if departure is not None:
        departure.left = left
