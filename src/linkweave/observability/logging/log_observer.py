"""The log's part of observing: a line per operation and per vendor call."""

from datetime import UTC, datetime

from linkweave.context.operation_context import current_operation
from linkweave.context.operation_record import Answered, OperationRecord
from linkweave.observability.delayed_batch import Gathered
from linkweave.observability.logging.setup import Log
from linkweave.observability.observer import Observer
from linkweave.observability.operation_outcome import CachedReply, Outcome

_MICROSECONDS = 1_000_000


class LogObserver(Observer):
    """Writes what ended. Of operations that the operation cache answered, only where `cached_operations` says so."""

    def __init__(self, log: Log, *, cached_operations: bool = True) -> None:
        self._log = log
        self._cached = cached_operations
        self._repetitions = Gathered(self._write_repetitions)

    def ended(self, tally: OperationRecord, outcome: Outcome, seconds: float, status: int | None, client: str) -> None:
        """One line per operation."""
        if tally.answered == "cached" and not self._cached:
            return
        told = CachedReply(tally.request_id, "", tally.operation, client, status, seconds)
        event = _event(datetime.now(UTC), told, outcome, tally.answered)
        if tally.answered != "cached":
            event |= _work(tally)
        self._log.operations([event])

    def repeated(self, repetition: CachedReply) -> None:
        """One line, too, a moment later."""
        if self._cached:
            self._repetitions.add((datetime.now(UTC), repetition))

    def called(self, account: str, operation: str, seconds: float, outcome: str, status: int | None) -> None:
        """One line per vendor call."""
        tally = current_operation().record
        self._log.lines.info(
            "vendor call",
            request=(tally and tally.request_id) or None,
            account=account,
            operation=operation,
            outcome=outcome,
            status=status,
            ms=_milliseconds(seconds),
        )

    def circuit(self, account: str, state: str) -> None:
        """A change of an account's circuit is worth a line."""
        self._log.lines.warning("circuit", account=account, state=state)

    def close(self) -> None:
        """Write the last lines."""
        self._repetitions.flush()

    def _write_repetitions(self, repetitions: list[tuple[datetime, CachedReply]]) -> None:
        self._log.operations([_event(at, each, "ok", "cached") for at, each in repetitions])


def _event(at: datetime, told: CachedReply, outcome: Outcome, answered: Answered) -> dict[str, object]:
    event: dict[str, object] = {
        "at": at,
        "level": "info",
        "event": "operation",
        "request": told.request_id,
        "client": told.client,
        "outcome": outcome,
        "answered": answered,
        "status": told.status,
        "ms": _milliseconds(told.seconds),
    }
    if told.facts is not None:
        event |= {"operation": told.facts.name, "kind": told.facts.kind, "hash": told.facts.hash}
    return event


def _milliseconds(seconds: float) -> float:
    """To the microsecond. To round to whole numbers takes a tenth of the time of rounding to places."""
    return round(seconds * _MICROSECONDS) / 1000


def _work(tally: OperationRecord) -> dict[str, object]:
    """What an operation that was not answered from the operation cache caused, and how it went."""
    told = {
        "cost": None if tally.operation is None else tally.operation.cost,
        "calls": tally.calls,
        "fresh": tally.fresh,
        "stale": tally.stale,
        "misses": tally.misses,
        "sources": tally.sources or None,
        "errors": tally.errors or None,
    }
    return {key: value for key, value in told.items() if value is not None}
