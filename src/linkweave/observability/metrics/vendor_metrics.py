"""Metrics of calls to vendors, by account. Their operations are the adapters' own words."""

from collections.abc import Collection
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from linkweave.observability.metrics.label_cache import LabelCache
from linkweave.observability.observer import Observer

_CALL_SECONDS: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_WAIT_SECONDS: Final = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
_CIRCUIT: Final = {"CLOSED": 0, "HALF_OPEN": 1, "OPEN": 2}


class VendorMetrics(Observer):
    """Counts calls to vendors, their retries and waits, and the states of circuits."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._accounts: set[str] = set()
        self._register_calls(registry)
        self._register_limits_and_circuits(registry)

    def _register_calls(self, registry: CollectorRegistry) -> None:
        self._calls = LabelCache(
            Counter(
                "linkweave_vendor_calls",
                "Finished vendor calls.",
                ["account", "operation", "outcome", "status"],
                registry=registry,
            )
        )
        self._seconds = LabelCache(
            Histogram(
                "linkweave_vendor_call_seconds",
                "Time of vendor calls, without the wait for limits.",
                ["account"],
                buckets=_CALL_SECONDS,
                registry=registry,
            )
        )
        self._running = LabelCache(
            Gauge(
                "linkweave_vendor_calls_running",
                "Vendor calls in progress.",
                ["account"],
                multiprocess_mode="livesum",
                registry=registry,
            )
        )

    def _register_limits_and_circuits(self, registry: CollectorRegistry) -> None:
        self._retries = LabelCache(
            Counter(
                "linkweave_vendor_retries",
                "Reads that were sent again.",
                ["account", "operation"],
                registry=registry,
            )
        )
        self._waits = LabelCache(
            Histogram(
                "linkweave_vendor_wait_seconds",
                "Waits for a vendor's limit, including those that were too long and given up.",
                ["account", "bucket"],
                buckets=_WAIT_SECONDS,
                registry=registry,
            )
        )
        self._circuits = LabelCache(
            Gauge(
                "linkweave_circuit_state",
                "An account's circuit: 0 closed, 1 half open, 2 open; of several workers the worst.",
                ["account"],
                multiprocess_mode="livemax",
                registry=registry,
            )
        )

    def account_opened(self, account: str) -> None:
        """Reports the circuit as closed."""
        self._accounts.add(account)
        self.circuit_changed(account, "CLOSED")

    def set_accounts(self, accounts: Collection[str]) -> None:
        """Reports the circuits of all other accounts as closed, because no call will change them."""
        for removed in self._accounts.difference(accounts):
            self.circuit_changed(removed, "CLOSED")

    def call_started(self, account: str, operation: str) -> None:  # noqa: ARG002 - it is no label
        """Counts a running call."""
        self._running(account).inc()

    def call_ended(self, account: str, operation: str, seconds: float, outcome: str, status: int | None) -> None:
        """Counts a finished call."""
        self._running(account).dec()
        self._calls(account, operation, outcome, "none" if status is None else str(status)).inc()
        self._seconds(account).observe(seconds)

    def call_retried(self, account: str, operation: str) -> None:
        """Counts the retry."""
        self._retries(account, operation).inc()

    def call_waited(self, account: str, bucket: str, seconds: float) -> None:
        """Counts the wait."""
        self._waits(account, bucket).observe(seconds)

    def circuit_changed(self, account: str, state: str) -> None:
        """Reports the new state."""
        self._circuits(account).set(_CIRCUIT[state])
