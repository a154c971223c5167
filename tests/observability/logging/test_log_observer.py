"""Operations, vendor calls and circuits have log lines."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import structlog
from structlog.testing import LogCapture
from structlog.typing import FilteringBoundLogger

from linkweave.context.operation_context import OperationContext, use_operation
from linkweave.observability import (
    NO_OBSERVER,
    CachedReply,
    CacheResult,
    Log,
    LogObserver,
    Observer,
    Observers,
    OperationFacts,
    OperationRecord,
)


@dataclass
class RecordingLog:
    """Records the lines."""

    capture: LogCapture = field(default_factory=LogCapture)
    operations: list[Mapping[str, object]] = field(default_factory=list)

    def log(self) -> Log:
        lines = structlog.wrap_logger(
            None, processors=[self.capture], wrapper_class=structlog.make_filtering_bound_logger(0)
        )
        return Log(cast("FilteringBoundLogger", lines), self.operations.extend)

    @property
    def lines(self) -> list[Any]:
        return list(self.capture.entries)


def line_of(record: OperationRecord, *, cached_operations: bool = True) -> Mapping[str, object] | None:
    recorded = RecordingLog()
    LogObserver(recorded.log(), cached_operations=cached_operations).operation_ended(
        record, "ok", 0.0123456, 200, "dashboard"
    )
    return next(iter(recorded.operations), None)


def test_an_operation_has_one_line_with_its_facts_and_its_work() -> None:
    record = OperationRecord(
        "id-1", OperationFacts("Campaign", "query", "0123456789abcdef", 12), calls=3, fresh=2, misses=1
    )
    record.sources = {"tinycc": "OK"}
    record.failed("TIMEOUT")
    record.failed("TIMEOUT")
    line = line_of(record)
    assert line is not None
    assert {key: value for key, value in line.items() if key != "at"} == {
        "level": "info",
        "event": "operation",
        "request": "id-1",
        "client": "dashboard",
        "operation": "Campaign",
        "kind": "query",
        "hash": "0123456789abcdef",
        "cost": 12,
        "outcome": "ok",
        "answered": "executed",
        "status": 200,
        "ms": 12.346,
        "calls": 3,
        "fresh": 2,
        "stale": 0,
        "misses": 1,
        "sources": {"tinycc": "OK"},
        "errors": {"TIMEOUT": 2},
    }


def test_an_operation_from_the_response_cache_has_a_shorter_line() -> None:
    line = line_of(OperationRecord("id-1", OperationFacts(None, "query", "0123456789abcdef"), "cached"))
    assert line is not None
    assert line["answered"] == "cached"
    assert "calls" not in line


def test_lines_of_operations_from_the_response_cache_can_be_turned_off() -> None:
    assert line_of(OperationRecord("id-1", None, "cached"), cached_operations=False) is None
    assert line_of(OperationRecord("id-1", None, "shared"), cached_operations=False) is not None


def test_a_cached_reply_has_the_line_of_an_operation_from_the_response_cache() -> None:
    facts, recorded = OperationFacts("Campaign", "query", "0123456789abcdef", 12), RecordingLog()
    LogObserver(recorded.log()).cached_reply_sent(CachedReply("id-1", "", facts, "dashboard", 200, 0.0123456))
    (line,) = recorded.operations
    other = line_of(OperationRecord("id-1", facts, "cached"))
    assert other is not None
    assert line.keys() == other.keys()
    assert {key: value for key, value in line.items() if key != "at"} == {
        key: value for key, value in other.items() if key != "at"
    }


def test_lines_of_cached_replies_can_be_turned_off() -> None:
    recorded = RecordingLog()
    LogObserver(recorded.log(), cached_operations=False).cached_reply_sent(
        CachedReply("id-1", "", None, "dashboard", 200, 0.01)
    )
    assert recorded.operations == []


async def test_lines_of_cached_replies_are_written_together_and_at_the_latest_at_the_end() -> None:
    recorded = RecordingLog()
    observer = LogObserver(recorded.log())
    for number in range(3):
        observer.cached_reply_sent(CachedReply(f"id-{number}", "", None, "dashboard", 200, 0.01))
    assert recorded.operations == []
    observer.close()
    assert [line["request"] for line in recorded.operations] == ["id-0", "id-1", "id-2"]


def test_a_request_without_an_operation_has_a_line_too() -> None:
    line = line_of(OperationRecord("id-1"))
    assert line is not None
    assert "operation" not in line


def test_a_vendor_call_has_a_line_with_the_id_of_its_request() -> None:
    recorded = RecordingLog()
    observer = LogObserver(recorded.log())
    with use_operation(OperationContext(record=OperationRecord("id-1"))):
        observer.call_ended("tinycc", "list links", 0.5, "TIMEOUT", None)
    observer.call_ended("tinycc", "list links", 0.25, "ok", 200)
    observer.circuit_changed("tinycc", "OPEN")
    observer.catalog_walked("tinycc", 9, 1.5)
    common = {"event": "vendor call", "log_level": "info", "account": "tinycc", "operation": "list links"}
    assert recorded.lines == [
        {**common, "request": "id-1", "outcome": "TIMEOUT", "status": None, "ms": 500},
        {**common, "request": None, "outcome": "ok", "status": 200, "ms": 250},
        {"event": "circuit", "log_level": "warning", "account": "tinycc", "state": "OPEN"},
        {"event": "catalog walk", "log_level": "info", "account": "tinycc", "links": 9, "ms": 1500},
    ]


class RecordingObserver(Observer):
    """Records all events."""

    def __init__(self) -> None:
        self.events: list[Any] = []

    def __getattribute__(self, name: str) -> Any:
        if name in {"events", "__class__"}:
            return super().__getattribute__(name)
        return lambda *arguments: self.events.append((name, *arguments))


def test_several_observers_get_every_event_in_its_order() -> None:
    record, first, second = OperationRecord(), RecordingObserver(), RecordingObserver()
    both = Observers([first, second])
    events: list[tuple[Any, ...]] = [
        ("operation_started", record),
        ("operation_ended", record, "ok", 1.0, 200, "me"),
        ("cached_reply_sent", CachedReply("id", "", None, "me", 200, 1.0)),
        ("account_opened", "a"),
        ("call_started", "a", "list links"),
        ("call_ended", "a", "list links", 1.0, "ok", 200),
        ("call_retried", "a", "list links"),
        ("call_waited", "a", "all", 1.0),
        ("cache_looked_up", "answers", "a", CacheResult.FRESH),
        ("result_shared", "call"),
        ("circuit_changed", "a", "OPEN"),
        ("cache_server_changed", "is a read-only replica"),
        ("catalog_stepped", "a", "WALK", 2, "ok"),
        ("catalog_walked", "a", 9, 1.0),
        ("catalog_changed", "the database is locked"),
        ("webhook_received", "a", "accepted"),
        ("webhook_hint_ended", "a", "told"),
        ("delivery_ended", "parked"),
        ("event_lost", "a", "links"),
        ("close",),
    ]
    for name, *arguments in events:
        getattr(both, name)(*arguments)
        assert getattr(NO_OBSERVER, name)(*arguments) is None
    assert first.events == second.events == events
    assert {name for name, *_ in events} == {name for name in vars(Observer) if not name.startswith("_")}
