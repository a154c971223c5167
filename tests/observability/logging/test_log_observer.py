from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import structlog
from structlog.testing import LogCapture
from structlog.typing import FilteringBoundLogger

from linkweave.context.operation_context import OperationContext, use_operation
from linkweave.observability import (
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
class Written:
    """A log that keeps its lines."""

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


def finished(notes: OperationRecord, *, cached_operations: bool = True) -> Mapping[str, object] | None:
    written = Written()
    LogObserver(written.log(), cached_operations=cached_operations).ended(notes, "ok", 0.0123456, 200, "dashboard")
    return next(iter(written.operations), None)


def test_an_operation_has_one_line_with_what_it_was_and_what_it_cost() -> None:
    notes = OperationRecord(
        "id-1", OperationFacts("Campaign", "query", "0123456789abcdef", 12), calls=3, fresh=2, misses=1
    )
    notes.sources = {"tinycc": "OK"}
    notes.failed("TIMEOUT")
    notes.failed("TIMEOUT")
    line = finished(notes)
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


def test_an_operation_that_was_cached_has_a_shorter_line() -> None:
    line = finished(OperationRecord("id-1", OperationFacts(None, "query", "0123456789abcdef"), "cached"))
    assert line is not None
    assert line["answered"] == "cached"
    assert "calls" not in line


def test_operations_that_were_cached_can_do_without_a_line() -> None:
    assert finished(OperationRecord("id-1", None, "cached"), cached_operations=False) is None
    assert finished(OperationRecord("id-1", None, "shared"), cached_operations=False) is not None


def test_an_operation_that_came_again_has_the_line_of_one_that_was_cached() -> None:
    facts, written = OperationFacts("Campaign", "query", "0123456789abcdef", 12), Written()
    LogObserver(written.log()).repeated(CachedReply("id-1", "", facts, "dashboard", 200, 0.0123456))
    (line,) = written.operations
    other = finished(OperationRecord("id-1", facts, "cached"))
    assert other is not None
    assert line.keys() == other.keys()
    assert {key: value for key, value in line.items() if key != "at"} == {
        key: value for key, value in other.items() if key != "at"
    }


def test_operations_that_came_again_can_do_without_a_line() -> None:
    written = Written()
    LogObserver(written.log(), cached_operations=False).repeated(CachedReply("id-1", "", None, "dashboard", 200, 0.01))
    assert written.operations == []


async def test_lines_of_operations_that_came_again_are_written_together_at_the_latest_at_the_end() -> None:
    written = Written()
    observer = LogObserver(written.log())
    for number in range(3):
        observer.repeated(CachedReply(f"id-{number}", "", None, "dashboard", 200, 0.01))
    assert written.operations == []
    observer.close()
    assert [line["request"] for line in written.operations] == ["id-0", "id-1", "id-2"]


def test_a_request_that_is_no_operation_has_a_line_too() -> None:
    line = finished(OperationRecord("id-1"))
    assert line is not None
    assert "operation" not in line


def test_a_vendor_call_has_a_line_with_the_request_that_it_is_for() -> None:
    written = Written()
    observer = LogObserver(written.log())
    with use_operation(OperationContext(record=OperationRecord("id-1"))):
        observer.called("tinycc", "list links", 0.5, "TIMEOUT", None)
    observer.called("tinycc", "list links", 0.25, "ok", 200)
    observer.circuit("tinycc", "OPEN")
    common = {"event": "vendor call", "log_level": "info", "account": "tinycc", "operation": "list links"}
    assert written.lines == [
        {**common, "request": "id-1", "outcome": "TIMEOUT", "status": None, "ms": 500},
        {**common, "request": None, "outcome": "ok", "status": 200, "ms": 250},
        {"event": "circuit", "log_level": "warning", "account": "tinycc", "state": "OPEN"},
    ]


class Hearing(Observer):
    """Writes down what it hears."""

    def __init__(self) -> None:
        self.heard: list[Any] = []

    def __getattribute__(self, name: str) -> Any:
        if name in {"heard", "__class__"}:
            return super().__getattribute__(name)
        return lambda *told: self.heard.append((name, *told))


def test_several_observers_hear_the_same_in_their_order() -> None:
    notes, first, second = OperationRecord(), Hearing(), Hearing()
    both = Observers([first, second])
    told: list[tuple[Any, ...]] = [
        ("began", notes),
        ("ended", notes, "ok", 1.0, 200, "me"),
        ("repeated", CachedReply("id", "", None, "me", 200, 1.0)),
        ("opened", "a"),
        ("calling", "a", "list links"),
        ("called", "a", "list links", 1.0, "ok", 200),
        ("retried", "a", "list links"),
        ("waited", "a", "all", 1.0),
        ("looked_up", "answers", "a", CacheResult.FRESH),
        ("shared", "call"),
        ("circuit", "a", "OPEN"),
        ("close",),
    ]
    nobody = Observer()
    for name, *arguments in told:
        getattr(both, name)(*arguments)
        assert getattr(nobody, name)(*arguments) is None
    assert first.heard == second.heard == told
    assert {name for name, *_ in told} == {name for name in vars(Observer) if not name.startswith("_")}
