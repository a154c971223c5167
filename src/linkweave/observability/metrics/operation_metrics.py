"""Metrics of operations and caches. No label holds a caller's own words, except the names of trusted documents."""

from collections import Counter as Count
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Summary

from linkweave.context.operation_record import OperationRecord
from linkweave.observability.delayed_batch import DelayedBatch
from linkweave.observability.metrics.label_cache import LabelCache
from linkweave.observability.observer import CacheResult, Observer
from linkweave.observability.operation_outcome import CachedReply, OperationOutcome

_SECONDS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_JWT: Final = "jwt"
_TOO_MANY_REQUESTS: Final = 429


class OperationMetrics(Observer):
    """Counts operations and cache look-ups."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._register_operations(registry)
        self._register_caches_and_errors(registry)
        self._cached_replies = DelayedBatch(self._count_cached_replies)

    def _register_operations(self, registry: CollectorRegistry) -> None:
        self._operations = LabelCache(
            Counter(
                "linkweave_operations",
                "Finished requests.",
                ["kind", "outcome", "answered"],
                registry=registry,
            )
        )
        self._seconds = LabelCache(
            Histogram(
                "linkweave_operation_seconds",
                "Time from a request's headers to its response's last byte, without responses from the response cache.",
                ["kind", "answered"],
                buckets=_SECONDS,
                registry=registry,
            )
        )
        self._running = Gauge(
            "linkweave_operations_running",
            "Requests that are being answered.",
            multiprocess_mode="livesum",
            registry=registry,
        )
        self._trusted = LabelCache(
            Summary(
                "linkweave_trusted_operation_seconds",
                "Time of operations of trusted documents, by name.",
                ["operation"],
                registry=registry,
            )
        )

    def _register_caches_and_errors(self, registry: CollectorRegistry) -> None:
        self._errors = LabelCache(
            Counter(
                "linkweave_errors",
                "Errors in responses, of fields and of whole operations.",
                ["code"],
                registry=registry,
            )
        )
        self._lookups = LabelCache(
            Counter("linkweave_cache_lookups", "Cache look-ups.", ["cache", "account", "result"], registry=registry)
        )
        self._cache_degraded = Gauge(
            "linkweave_cache_degraded",
            "1 while the server of [cache] cannot be used, else 0; of several workers the worst.",
            multiprocess_mode="livemax",
            registry=registry,
        )
        self._catalog_degraded = Gauge(
            "linkweave_catalog_degraded",
            "1 while the database of [catalog] cannot be used, else 0; of several workers the worst.",
            multiprocess_mode="livemax",
            registry=registry,
        )
        self._shared = LabelCache(
            Counter("linkweave_shared", "Waiters that shared a running call or operation.", ["what"], registry=registry)
        )
        self._refusals = LabelCache(
            Counter(
                "linkweave_client_refusals",
                "Requests over their client's rate limit.",
                ["client"],
                registry=registry,
            )
        )

    def operation_started(self, record: OperationRecord) -> None:  # noqa: ARG002 - it is not filled yet
        """Counts a running request."""
        self._running.inc()

    def operation_ended(
        self, record: OperationRecord, outcome: OperationOutcome, seconds: float, status: int | None, client: str
    ) -> None:
        """Counts a finished request and its errors."""
        self._running.dec()
        facts, answered = record.operation, record.answered
        kind = "unknown" if facts is None else facts.kind
        self._operations(kind, outcome, answered).inc()
        if answered != "cached":
            self._seconds(kind, answered).observe(seconds)
        if status == _TOO_MANY_REQUESTS:
            # All bearers of tokens are one client here: their number has no limit.
            self._refusals(_JWT if client.startswith(f"{_JWT}:") else client).inc()
        for code, count in record.errors.items():
            self._errors(code).inc(count)
        if facts is not None and facts.trusted and facts.name is not None:
            self._trusted(facts.name).observe(seconds)

    def cached_reply_sent(self, reply: CachedReply) -> None:
        """Counts the reply a moment later."""
        self._cached_replies.add(reply)

    def cache_looked_up(self, cache: str, account: str | None, result: CacheResult) -> None:
        """Counts the look-up."""
        self._lookups(cache, account or "", result.value).inc()

    def cache_server_changed(self, problem: str | None) -> None:
        """Reports whether the server can be used."""
        self._cache_degraded.set(0 if problem is None else 1)

    def catalog_changed(self, problem: str | None) -> None:
        """Reports whether the database can be used."""
        self._catalog_degraded.set(0 if problem is None else 1)

    def result_shared(self, what: str) -> None:
        """Counts the waiter."""
        self._shared(what).inc()

    def flush(self) -> None:
        """Counts what waits to be counted."""
        self._cached_replies.flush()

    def close(self) -> None:
        """Counts what waits to be counted."""
        self.flush()

    def _count_cached_replies(self, replies: list[CachedReply]) -> None:
        kinds = Count("unknown" if each.facts is None else each.facts.kind for each in replies)
        for kind, count in kinds.items():
            self._operations(kind, "ok", "cached").inc(count)
        self._lookups("operations", "", CacheResult.FRESH.value).inc(len(replies))
