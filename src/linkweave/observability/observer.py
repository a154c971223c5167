"""What transport and edge tell while they work. Whoever wants to know is an Observer; most want one part only."""

from collections.abc import Iterable
from enum import Enum
from typing import Final

from linkweave.context.operation_record import OperationRecord
from linkweave.observability.operation_outcome import CachedReply, Outcome


class CacheResult(Enum):
    """What came of looking something up."""

    FRESH = "fresh"
    STALE = "stale"
    MISS = "miss"


class Observer:
    """Hears of everything and does nothing. Durations are in seconds; nothing that is passed holds a secret."""

    def began(self, tally: OperationRecord) -> None:
        """A request has come; `tally` says later what it was."""

    def ended(self, tally: OperationRecord, outcome: Outcome, seconds: float, status: int | None, client: str) -> None:
        """The request is over. `status` is None without an answer; `client` is "unknown" where nobody found out."""

    def opened(self, account: str) -> None:
        """An account begins anew, its circuit closed."""

    def repeated(self, repetition: CachedReply) -> None:
        """A request was answered as it was before: it neither `began` nor `ended`, and nothing was looked up."""

    def calling(self, account: str, operation: str) -> None:
        """A call to a vendor leaves."""

    def called(self, account: str, operation: str, seconds: float, outcome: str, status: int | None) -> None:
        """A call ended. `outcome` is "ok", an ErrorCode's value or CANCELLED; `status` is None without an answer."""

    def retried(self, account: str, operation: str) -> None:
        """A read is sent once more."""

    def waited(self, account: str, bucket: str, seconds: float) -> None:
        """A call waited for its vendor's limit, or would have had to wait longer than it may."""

    def looked_up(self, cache: str, account: str | None, result: CacheResult) -> None:
        """A cache ("answers", "entities", "operations") was asked."""

    def shared(self, what: str) -> None:
        """Somebody got what another one had asked for already ("call", "operation")."""

    def circuit(self, account: str, state: str) -> None:
        """An account's circuit changed to "CLOSED", "OPEN" or "HALF_OPEN"."""

    def close(self) -> None:
        """Nothing more will be told: what waits to be written or counted must wait no longer."""


class Observers(Observer):
    """Several observers as one, told in their order."""

    def __init__(self, observers: Iterable[Observer] = ()) -> None:
        self._all = tuple(observers)

    def become(self, observers: Iterable[Observer]) -> None:
        """Tell `observers` from now on, and nobody else."""
        self._all = tuple(observers)

    def began(self, tally: OperationRecord) -> None:
        """Tell all."""
        for each in self._all:
            each.began(tally)

    def ended(self, tally: OperationRecord, outcome: Outcome, seconds: float, status: int | None, client: str) -> None:
        """Tell all."""
        for each in self._all:
            each.ended(tally, outcome, seconds, status, client)

    def opened(self, account: str) -> None:
        """Tell all."""
        for each in self._all:
            each.opened(account)

    def repeated(self, repetition: CachedReply) -> None:
        """Tell all."""
        for each in self._all:
            each.repeated(repetition)

    def calling(self, account: str, operation: str) -> None:
        """Tell all."""
        for each in self._all:
            each.calling(account, operation)

    def called(self, account: str, operation: str, seconds: float, outcome: str, status: int | None) -> None:
        """Tell all."""
        for each in self._all:
            each.called(account, operation, seconds, outcome, status)

    def retried(self, account: str, operation: str) -> None:
        """Tell all."""
        for each in self._all:
            each.retried(account, operation)

    def waited(self, account: str, bucket: str, seconds: float) -> None:
        """Tell all."""
        for each in self._all:
            each.waited(account, bucket, seconds)

    def looked_up(self, cache: str, account: str | None, result: CacheResult) -> None:
        """Tell all."""
        for each in self._all:
            each.looked_up(cache, account, result)

    def shared(self, what: str) -> None:
        """Tell all."""
        for each in self._all:
            each.shared(what)

    def circuit(self, account: str, state: str) -> None:
        """Tell all."""
        for each in self._all:
            each.circuit(account, state)

    def close(self) -> None:
        """Tell all."""
        for each in self._all:
            each.close()


NOBODY: Final = Observer()
# The outcome of a call that nobody waited for any more.
CANCELLED: Final = "CANCELLED"
