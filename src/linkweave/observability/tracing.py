"""Spans for OpenTelemetry: one per operation, in the trace of its caller, and one per vendor call.

This module is imported only if traces are configured, because OpenTelemetry is an extra (`linkweave[otel]`). Spans hold
what log lines hold, without URLs and headers. Calls to vendors carry no trace context.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, Final

from opentelemetry.context import Context
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased
from opentelemetry.trace import Span, SpanKind, StatusCode, set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from linkweave.context.operation_context import current_operation
from linkweave.context.operation_record import OperationFacts, OperationRecord
from linkweave.errors import ConfigurationError
from linkweave.observability.observer import Observer
from linkweave.observability.operation_outcome import CachedReply, OperationOutcome
from linkweave.settings import TracesSettings
from linkweave.settings.traces import MISSING_EXTRA

_W3C: Final = TraceContextTextMapPropagator()
_EXPORTER: Final = "opentelemetry.exporter.otlp.proto.http.trace_exporter"
_EXPORT_SECONDS: Final = 2
_NANOSECONDS: Final = 1_000_000_000


class Tracing(Observer):
    """Makes spans. `now` returns nanoseconds since 1970; `mask` masks secrets in a caller's own words."""

    def __init__(self, provider: TracerProvider, now: Callable[[], int], mask: Callable[[str], str]) -> None:
        self._provider = provider
        self._mask = mask
        self._tracer = provider.get_tracer("linkweave")
        self._now = now

    def cached_reply_sent(self, reply: CachedReply) -> None:
        """Makes the span of the operation, which has ended."""
        record = OperationRecord(reply.request_id, reply.facts, "cached", traceparent=reply.traceparent)
        self._start_span(record, self._now() - round(reply.seconds * _NANOSECONDS))
        self.operation_ended(record, "ok", reply.seconds, reply.status, reply.client)

    def operation_started(self, record: OperationRecord) -> None:
        """Starts the span of the operation."""
        self._start_span(record, self._now())

    def _start_span(self, record: OperationRecord, at: int) -> None:
        context = _W3C.extract({"traceparent": record.traceparent}) if record.traceparent else Context()
        record.span = self._tracer.start_span("operation", context, SpanKind.SERVER, start_time=at)

    def operation_ended(
        self,
        record: OperationRecord,
        outcome: OperationOutcome,
        seconds: float,  # noqa: ARG002 - the span has its own times
        status: int | None,
        client: str,
    ) -> None:
        """Ends the span of the operation, with its attributes."""
        span = record.span
        if not isinstance(span, Span):
            return
        if record.operation is not None:
            span.update_name(record.operation.kind)
            _set_attributes(span, self._facts(record.operation))
        _set_attributes(
            span,
            {
                "linkweave.request": self._mask(record.request_id),
                "linkweave.client": client,
                "linkweave.outcome": outcome,
                "linkweave.answered": record.answered,
                "http.response.status_code": status,
            },
        )
        if outcome == "failed":
            span.set_status(StatusCode.ERROR)
        span.end(self._now())

    def call_ended(self, account: str, operation: str, seconds: float, outcome: str, status: int | None) -> None:
        """Makes the span of the call, which has ended."""
        now, record = self._now(), current_operation().record
        parent = None if record is None else record.span
        context = set_span_in_context(parent) if isinstance(parent, Span) else Context()
        started = now - round(seconds * _NANOSECONDS)
        span = self._tracer.start_span(f"{account}: {operation}", context, SpanKind.CLIENT, start_time=started)
        _set_attributes(
            span,
            {
                "linkweave.account": account,
                "linkweave.operation": operation,
                "linkweave.outcome": outcome,
                "http.response.status_code": status,
            },
        )
        if outcome != "ok":
            span.set_status(StatusCode.ERROR)
        span.end(now)

    def close(self) -> None:
        """Sends the spans that wait, for at most as long as an export may take."""
        self._provider.shutdown()

    def _facts(self, facts: OperationFacts) -> dict[str, str | int | None]:
        return {
            "graphql.operation.type": facts.kind,
            "graphql.operation.name": None if facts.name is None else self._mask(facts.name),
            "linkweave.document.hash": facts.hash,
            "linkweave.cost": facts.cost,
        }


def open_tracing(
    settings: TracesSettings,
    now: Callable[[], int],
    mask: Callable[[str], str],
    processor: SpanProcessor | None = None,
) -> Tracing:
    """Returns an observer that sends spans to `settings.endpoint`, or passes them to `processor`.

    Raises:
        ConfigurationError: the exporter is not installed.
    """
    sampler = ParentBased(TraceIdRatioBased(settings.sample_ratio))
    resource = Resource({"service.name": settings.service_name})
    provider = TracerProvider(sampler=sampler, resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(processor or BatchSpanProcessor(_exporter(str(settings.endpoint))))
    return Tracing(provider, now, mask)


def _exporter(endpoint: str) -> Any:
    try:
        module = import_module(_EXPORTER)
    except ImportError:
        raise ConfigurationError(MISSING_EXTRA) from None
    return module.OTLPSpanExporter(endpoint=endpoint, timeout=_EXPORT_SECONDS)


def _set_attributes(span: Span, attributes: Mapping[str, str | int | None]) -> None:
    span.set_attributes({name: value for name, value in attributes.items() if value is not None})
