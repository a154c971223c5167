"""The numbers of operations and of caches. No label holds what a caller chooses, except names of trusted documents."""

from collections import Counter as Count
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Summary

from linkweave.context.operation_record import OperationRecord
from linkweave.observability.delayed_batch import Gathered
from linkweave.observability.metrics.label_cache import Series
from linkweave.observability.observer import CacheResult, Observer
from linkweave.observability.operation_outcome import CachedReply, Outcome

_SECONDS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_JWT: Final = "jwt"
_TOO_MANY_REQUESTS: Final = 429


class OperationMetrics(Observer):
    """Counts what callers ask and get."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._count_operations(registry)
        self._count_beside(registry)
        self._repetitions = Gathered(self._count_repetitions)

    def _count_operations(self, registry: CollectorRegistry) -> None:
        self._operations = Series(
            Counter(
                "linkweave_operations",
                "Requests that have ended.",
                ["kind", "outcome", "answered"],
                registry=registry,
            )
        )
        self._seconds = Series(
            Histogram(
                "linkweave_operation_seconds",
                "Time from a request's headers to its answer's last byte, unless the operation cache had it.",
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
        self._trusted = Series(
            Summary(
                "linkweave_trusted_operation_seconds",
                "Time of operations of trusted documents, by name.",
                ["operation"],
                registry=registry,
            )
        )

    def _count_beside(self, registry: CollectorRegistry) -> None:
        self._errors = Series(
            Counter("linkweave_errors", "Errors in answers, each field's its own.", ["code"], registry=registry)
        )
        self._lookups = Series(
            Counter(
                "linkweave_cache_lookups",
                "Looks into a cache, and what came of them.",
                ["cache", "account", "result"],
                registry=registry,
            )
        )
        self._shared = Series(
            Counter("linkweave_shared", "What somebody got that another had asked for.", ["what"], registry=registry)
        )
        self._refusals = Series(
            Counter(
                "linkweave_client_refusals",
                "Requests over their client's rate limit.",
                ["client"],
                registry=registry,
            )
        )

    def began(self, tally: OperationRecord) -> None:  # noqa: ARG002 - what it is shows later
        """One more runs."""
        self._running.inc()

    def ended(self, tally: OperationRecord, outcome: Outcome, seconds: float, status: int | None, client: str) -> None:
        """One less runs."""
        self._running.dec()
        facts, answered = tally.operation, tally.answered
        kind = "unknown" if facts is None else facts.kind
        self._operations(kind, outcome, answered).inc()
        if answered != "cached":
            self._seconds(kind, answered).observe(seconds)
        if status == _TOO_MANY_REQUESTS:
            # Bearers of foreign tokens are counted together: there is no end of them.
            self._refusals(_JWT if client.startswith(f"{_JWT}:") else client).inc()
        for code, count in tally.errors.items():
            self._errors(code).inc(count)
        if facts is not None and facts.trusted and facts.name is not None:
            self._trusted(facts.name).observe(seconds)

    def repeated(self, repetition: CachedReply) -> None:
        """Count it a moment later."""
        self._repetitions.add(repetition)

    def settle(self) -> None:
        """Count what waits to be counted."""
        self._repetitions.flush()

    def close(self) -> None:
        """Count the last."""
        self.settle()

    def _count_repetitions(self, repetitions: list[CachedReply]) -> None:
        kinds = Count("unknown" if each.facts is None else each.facts.kind for each in repetitions)
        for kind, count in kinds.items():
            self._operations(kind, "ok", "cached").inc(count)
        self._lookups("operations", "", CacheResult.FRESH.value).inc(len(repetitions))

    def looked_up(self, cache: str, account: str | None, result: CacheResult) -> None:
        """A cache was asked."""
        self._lookups(cache, account or "", result.value).inc()

    def shared(self, what: str) -> None:
        """An answer had two who wanted it."""
        self._shared(what).inc()
