"""Operations and vendor calls are spans, in the trace of the caller."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from harness.linkweave_process import account_table
from linkweave.context.operation_context import OperationContext, use_operation
from linkweave.errors import ConfigurationError
from linkweave.observability import CachedReply, OperationFacts, OperationRecord
from linkweave.observability.tracing import Tracing, open_tracing
from linkweave.runtime.process import Process
from linkweave.settings import TracesSettings
from linkweave.settings.traces import MISSING_EXTRA

TRACE = "0af7651916cd43dd8448eb211c80319c"
SAMPLED = f"00-{TRACE}-b7ad6b7169203331-01"
UNSAMPLED = f"00-{TRACE}-b7ad6b7169203331-00"


class Spans:
    """Tracing that exports to memory, with a clock that advances by a second at each reading."""

    def __init__(self, **settings: object) -> None:
        self._time = 1_000
        self._exporter = InMemorySpanExporter()
        self.tracing: Tracing = open_tracing(
            TracesSettings.model_validate(settings), self._tick, str, SimpleSpanProcessor(self._exporter)
        )

    def _tick(self) -> int:
        self._time += 1
        return self._time * 1_000_000_000

    def run(self, record: OperationRecord, outcome: str = "ok") -> None:
        """Reports an operation with one vendor call."""
        self.tracing.operation_started(record)
        with use_operation(OperationContext(record=record)):
            self.tracing.call_ended("tinycc", "list links", 0.25, "TIMEOUT", None)
        self.tracing.operation_ended(record, outcome, 3.0, 200, "dashboard")  # type: ignore[arg-type] # the tests have words of their own

    @property
    def all(self) -> list[ReadableSpan]:
        return list(self._exporter.get_finished_spans())


def attributes(span: ReadableSpan) -> Mapping[str, Any]:
    return dict(span.attributes or {})


def test_an_operation_is_a_span_and_its_vendor_call_is_a_child() -> None:
    spans = Spans()
    record = OperationRecord("id-1", OperationFacts("Campaign", "query", "0123456789abcdef", 12))
    spans.run(record)
    call, operation = spans.all
    assert (operation.name, operation.kind) == ("query", SpanKind.SERVER)
    assert attributes(operation) == {
        "graphql.operation.type": "query",
        "graphql.operation.name": "Campaign",
        "linkweave.document.hash": "0123456789abcdef",
        "linkweave.cost": 12,
        "linkweave.request": "id-1",
        "linkweave.client": "dashboard",
        "linkweave.outcome": "ok",
        "linkweave.answered": "executed",
        "http.response.status_code": 200,
    }
    assert (call.name, call.kind, call.status.status_code) == ("tinycc: list links", SpanKind.CLIENT, StatusCode.ERROR)
    assert call.parent is not None
    assert call.parent.span_id == operation.context.span_id
    assert call.end_time is not None
    assert call.start_time is not None
    assert call.end_time - call.start_time == 250_000_000
    assert operation.resource.attributes["service.name"] == "linkweave"


def test_a_cached_reply_is_a_span_of_its_duration() -> None:
    spans = Spans()
    facts = OperationFacts("Campaign", "query", "0123456789abcdef", 12)
    spans.tracing.cached_reply_sent(CachedReply("id-1", SAMPLED, facts, "dashboard", 200, 0.25))
    (operation,) = spans.all
    assert f"{operation.context.trace_id:032x}" == TRACE
    assert attributes(operation).items() >= {"linkweave.request": "id-1", "linkweave.answered": "cached"}.items()
    assert operation.start_time is not None
    assert operation.end_time is not None
    # The clock advances by a second at each reading.
    assert operation.end_time - operation.start_time == 1_250_000_000


def test_an_operation_belongs_to_the_trace_of_its_caller() -> None:
    spans = Spans(sample_ratio=0)
    spans.run(OperationRecord("id-1", traceparent=SAMPLED))
    assert {format(span.context.trace_id, "032x") for span in spans.all} == {TRACE}
    operation = spans.all[1]
    assert operation.name == "operation"
    assert operation.parent is not None
    assert format(operation.parent.span_id, "016x") == "b7ad6b7169203331"


@pytest.mark.parametrize(("ratio", "traceparent"), [(1, UNSAMPLED), (0, ""), (0, "nonsense")])
def test_an_operation_that_is_not_sampled_has_no_span(ratio: int, traceparent: str) -> None:
    spans = Spans(sample_ratio=ratio)
    spans.run(OperationRecord("id-1", traceparent=traceparent))
    assert spans.all == []


@pytest.mark.parametrize("traceparent", ["nonsense", "00-0-0-01", "é" * 500])
def test_an_invalid_traceparent_starts_a_new_trace(traceparent: str) -> None:
    spans = Spans()
    spans.run(OperationRecord("id-1", traceparent=traceparent))
    assert spans.all[1].parent is None


def test_a_call_outside_of_an_operation_has_a_trace_of_its_own() -> None:
    spans = Spans()
    spans.tracing.call_ended("tinycc", "list links", 0.25, "ok", 200)
    (call,) = spans.all
    assert call.parent is None
    assert call.status.status_code is StatusCode.UNSET
    assert attributes(call)["http.response.status_code"] == 200


def test_the_span_of_a_failed_operation_has_an_error_status() -> None:
    spans = Spans()
    spans.run(OperationRecord(), "failed")
    assert spans.all[1].status.status_code is StatusCode.ERROR


def test_an_operation_that_started_before_tracing_has_no_span() -> None:
    spans = Spans()
    spans.tracing.operation_ended(OperationRecord(), "ok", 1.0, 200, "dashboard")
    spans.tracing.close()
    assert spans.all == []


def test_without_the_exporter_the_setting_says_what_to_install() -> None:
    assert "opentelemetry.exporter" not in sys.modules
    process = Process()
    with pytest.raises(ConfigurationError, match=r"^traces\.endpoint: .*install linkweave\[otel\]"):
        process.trace(TracesSettings(endpoint="http://127.0.0.1:4318/v1/traces"))
    process.trace(TracesSettings())
    assert process.tracing is None
    process.close()


WITHOUT = """
import sys
sys.modules["opentelemetry"] = None  # as if it were not installed
from linkweave.cli import main
main(["serve", "--config", sys.argv[1]])
"""


def test_without_opentelemetry_the_gateway_says_in_one_line_what_to_install(tmp_path: Path) -> None:
    """The environment of the tests has a part of the extra."""
    config = tmp_path / "linkweave.toml"
    config.write_text(f'[traces]\nendpoint = "http://127.0.0.1:4318"\n{account_table("http://127.0.0.1:1", "tinycc")}')
    command = [sys.executable, "-c", WITHOUT, str(config)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603 - ourselves
    assert (done.returncode, done.stderr) == (1, f"Error: {MISSING_EXTRA}\n")


def test_no_span_holds_a_url_or_a_trace_context() -> None:
    spans = Spans()
    spans.run(OperationRecord("id-1", OperationFacts("A", "query", "hash")))
    text = "".join(json.dumps(json.loads(span.to_json())["attributes"]) for span in spans.all)
    assert "http://" not in text
    assert "traceparent" not in text
