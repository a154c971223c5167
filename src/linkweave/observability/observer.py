"""What transport and edge tell while they work. Whoever wants to know is an Observer; most want one part only."""

from enum import Enum
from typing import Final


class CacheResult(Enum):
    """What came of looking something up."""

    FRESH = "fresh"
    STALE = "stale"
    MISS = "miss"


class Observer:
    """Hears of everything and does nothing. Durations are in seconds; nothing that is passed holds a secret."""

    def called(self, account: str, operation: str, seconds: float, outcome: str, status: int | None) -> None:
        """A call to a vendor ended. `outcome` is "ok" or an ErrorCode's value; `status` is None without an answer."""

    def retried(self, account: str, operation: str) -> None:
        """A read is sent once more."""

    def waited(self, account: str, bucket: str, seconds: float) -> None:
        """A call waited for its vendor's limit, or would have had to wait longer than it may."""

    def looked_up(self, cache: str, account: str | None, result: CacheResult) -> None:
        """A cache ("answers", "entities", "operations", "documents") was asked."""

    def shared(self, what: str) -> None:
        """Somebody got what another one had asked for already ("call", "operation")."""

    def circuit(self, account: str, state: str) -> None:
        """An account's circuit changed to "CLOSED", "OPEN" or "HALF_OPEN"."""


NOBODY: Final = Observer()
