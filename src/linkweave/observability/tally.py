"""What one operation cost, counted while it runs and told in its log line."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Final


@dataclass(slots=True)
class Tally:
    """Counts of one operation. `sources` maps accounts to how they did."""

    calls: int = 0
    fresh: int = 0
    stale: int = 0
    misses: int = 0
    sources: dict[str, str] = field(default_factory=dict)


_TALLY: Final[ContextVar[Tally | None]] = ContextVar("tally", default=None)


@contextmanager
def tally() -> Iterator[Tally]:
    """Count what happens inside."""
    counts = Tally()
    token = _TALLY.set(counts)
    try:
        yield counts
    finally:
        _TALLY.reset(token)


def current_tally() -> Tally | None:
    """The counts of the operation at hand; None outside of one."""
    return _TALLY.get()
