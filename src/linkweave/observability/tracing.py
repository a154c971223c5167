"""Spans for OpenTelemetry: one per operation, in the trace that its caller names, and one per call to a vendor.

Imported only where traces are wanted: OpenTelemetry is an extra (`linkweave[otel]`). Spans hold what log lines hold, no
URL and no header; vendors are not told of the trace.
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
from linkweave.observability.operation_outcome import CachedReply, Outcome
from linkweave.settings import TracesSettings
from linkweave.settings.traces import MISSING_EXTRA

_W3C: Final = TraceContextTextMapPropagator()
_EXPORTER: Final = "opentelemetry.exporter.otlp.proto.http.trace_exporter"
_EXPORT_SECONDS: Final = 2
_NANOSECONDS: Final = 1_000_000_000


class Tracing(Observer):
    """Makes spans. `now` is the time in nanoseconds since 1970; `mask` hides secrets in a caller's own words."""

    def __init__(self, provider: TracerProvider, now: Callable[[], int], mask: Callable[[str], str]) -> None:
        self._provider = provider
        self._mask = mask
        self._tracer = provider.get_tracer("linkweave")
        self._now = now

    def repeated(self, repetition: CachedReply) -> None:
        """A span of the answer that has just come again."""
        tally = OperationRecord(repetition.request_id, repetition.facts, "cached", traceparent=repetition.traceparent)
        self._begin(tally, self._now() - round(repetition.seconds * _NANOSECONDS))
        self.ended(tally, "ok", repetition.seconds, repetition.status, repetition.client)

    def began(self, tally: OperationRecord) -> None:
        """Begin the operation's span."""
        self._begin(tally, self._now())

    def _begin(self, tally: OperationRecord, at: int) -> None:
        around = _W3C.extract({"traceparent": tally.traceparent}) if tally.traceparent else Context()
        tally.span = self._tracer.start_span("operation", around, SpanKind.SERVER, start_time=at)

    def ended(self, tally: OperationRecord, outcome: Outcome, seconds: float, status: int | None, client: str) -> None:  # noqa: ARG002 - the span has its own times
        """End it, with all that is known of the operation."""
        span = tally.span
        if not isinstance(span, Span):
            return
        if tally.operation is not None:
            span.update_name(tally.operation.kind)
            _tell(span, self._facts(tally.operation))
        _tell(
            span,
            {
                "linkweave.request": self._mask(tally.request_id),
                "linkweave.client": client,
                "linkweave.outcome": outcome,
                "linkweave.answered": tally.answered,
                "http.response.status_code": status,
            },
        )
        if outcome == "failed":
            span.set_status(StatusCode.ERROR)
        span.end(self._now())

    def called(self, account: str, operation: str, seconds: float, outcome: str, status: int | None) -> None:
        """A span of the call that has just ended."""
        now, tally = self._now(), current_operation().record
        parent = None if tally is None else tally.span
        around = set_span_in_context(parent) if isinstance(parent, Span) else Context()
        started = now - round(seconds * _NANOSECONDS)
        span = self._tracer.start_span(f"{account}: {operation}", around, SpanKind.CLIENT, start_time=started)
        _tell(
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
        """Send what has not been sent, for as long as an export may take."""
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
    """Tracing that sends spans to `settings.endpoint`, or hands them to `processor`.

    Raises:
        ConfigurationError: what sends them is not installed.
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


def _tell(span: Span, attributes: Mapping[str, str | int | None]) -> None:
    span.set_attributes({name: value for name, value in attributes.items() if value is not None})
