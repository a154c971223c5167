"""Writes a log line for each operation, vendor call and change of a circuit."""

from datetime import UTC, datetime
from typing import Final

from linkweave.context.operation_context import current_operation
from linkweave.context.operation_record import Answered, OperationRecord
from linkweave.observability.delayed_batch import DelayedBatch
from linkweave.observability.logging.setup import Log
from linkweave.observability.observer import Observer
from linkweave.observability.operation_outcome import CachedReply, OperationOutcome

_MICROSECONDS: Final = 1_000_000


class LogObserver(Observer):
    """Writes the lines. Those of operations from the response cache are written only with `cached_operations`."""

    def __init__(self, log: Log, *, cached_operations: bool = True) -> None:
        self._log = log
        self._cached_operations = cached_operations
        self._cached_replies = DelayedBatch(self._write_cached_replies)

    def operation_ended(
        self, record: OperationRecord, outcome: OperationOutcome, seconds: float, status: int | None, client: str
    ) -> None:
        """Writes the line of the operation."""
        if record.answered == "cached" and not self._cached_operations:
            return
        reply = CachedReply(record.request_id, "", record.operation, client, status, seconds)
        event = _operation_event(datetime.now(UTC), reply, outcome, record.answered)
        if record.answered != "cached":
            event |= _work(record)
        self._log.operations([event])

    def cached_reply_sent(self, reply: CachedReply) -> None:
        """Writes the line of the operation a moment later."""
        if self._cached_operations:
            self._cached_replies.add((datetime.now(UTC), reply))

    def call_ended(self, account: str, operation: str, seconds: float, outcome: str, status: int | None) -> None:
        """Writes the line of the call."""
        record = current_operation().record
        self._log.lines.info(
            "vendor call",
            request=(record and record.request_id) or None,
            account=account,
            operation=operation,
            outcome=outcome,
            status=status,
            ms=_milliseconds(seconds),
        )

    def circuit_changed(self, account: str, state: str) -> None:
        """Writes a line with the new state."""
        self._log.lines.warning("circuit", account=account, state=state)

    def catalog_walked(self, account: str, links: int, seconds: float) -> None:
        """Writes the line of the walk."""
        self._log.lines.info("catalog walk", account=account, links=links, ms=_milliseconds(seconds))

    def webhook_received(self, account: str, outcome: str) -> None:
        """Writes a line. What is sent to addresses that are none is anybody's, and is only counted."""
        if outcome != "unknown":
            self._log.lines.info("webhook", account=account, outcome=outcome)

    def close(self) -> None:
        """Writes the lines that wait."""
        self._cached_replies.flush()

    def _write_cached_replies(self, replies: list[tuple[datetime, CachedReply]]) -> None:
        self._log.operations([_operation_event(at, each, "ok", "cached") for at, each in replies])


def _operation_event(
    at: datetime, reply: CachedReply, outcome: OperationOutcome, answered: Answered
) -> dict[str, object]:
    event: dict[str, object] = {
        "at": at,
        "level": "info",
        "event": "operation",
        "request": reply.request_id,
        "client": reply.client,
        "outcome": outcome,
        "answered": answered,
        "status": reply.status,
        "ms": _milliseconds(reply.seconds),
    }
    if reply.facts is not None:
        event |= {"operation": reply.facts.name, "kind": reply.facts.kind, "hash": reply.facts.hash}
    return event


def _milliseconds(seconds: float) -> float:
    """To the microsecond. Rounding to a whole number takes a tenth of the time of rounding to decimal places."""
    return round(seconds * _MICROSECONDS) / 1000


def _work(record: OperationRecord) -> dict[str, object]:
    """The calls, look-ups and errors of an operation that did not come from the response cache."""
    work = {
        "cost": None if record.operation is None else record.operation.cost,
        "calls": record.calls,
        "fresh": record.fresh,
        "stale": record.stale,
        "misses": record.misses,
        "sources": record.sources or None,
        "errors": record.errors or None,
    }
    return {key: value for key, value in work.items() if value is not None}
