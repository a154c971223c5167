"""The numbers of calls to vendors, by account. Operations are the adapters' own words for their calls."""

from collections.abc import Collection
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from linkweave.observability.metrics.label_cache import Series
from linkweave.observability.observer import Observer

_CALL_SECONDS: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_WAIT_SECONDS: Final = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
_CIRCUIT: Final = {"CLOSED": 0, "HALF_OPEN": 1, "OPEN": 2}


class VendorMetrics(Observer):
    """Counts what vendors are asked and answer."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._opened: set[str] = set()
        self._count_calls(registry)
        self._count_care(registry)

    def _count_calls(self, registry: CollectorRegistry) -> None:
        self._calls = Series(
            Counter(
                "linkweave_vendor_calls",
                "Calls to vendors that have ended.",
                ["account", "operation", "outcome", "status"],
                registry=registry,
            )
        )
        self._seconds = Series(
            Histogram(
                "linkweave_vendor_call_seconds",
                "Time of calls to vendors, without the wait for their limits.",
                ["account"],
                buckets=_CALL_SECONDS,
                registry=registry,
            )
        )
        self._running = Series(
            Gauge(
                "linkweave_vendor_calls_running",
                "Calls to vendors that are under way.",
                ["account"],
                multiprocess_mode="livesum",
                registry=registry,
            )
        )

    def _count_care(self, registry: CollectorRegistry) -> None:
        self._retries = Series(
            Counter(
                "linkweave_vendor_retries",
                "Reads that were sent once more.",
                ["account", "operation"],
                registry=registry,
            )
        )
        self._waits = Series(
            Histogram(
                "linkweave_vendor_wait_seconds",
                "Waits for a vendor's limit, also those that were too long to be waited out.",
                ["account", "bucket"],
                buckets=_WAIT_SECONDS,
                registry=registry,
            )
        )
        self._circuits = Series(
            Gauge(
                "linkweave_circuit_state",
                "An account's circuit: 0 closed, 1 half open, 2 open; of several workers the worst.",
                ["account"],
                multiprocess_mode="livemax",
                registry=registry,
            )
        )

    def opened(self, account: str) -> None:
        """There is one whose circuit has not changed yet."""
        self._opened.add(account)
        self.circuit(account, "CLOSED")

    def serving(self, accounts: Collection[str]) -> None:
        """Let the circuits of all accounts but these not be told as open any more: nobody calls them."""
        for gone in self._opened.difference(accounts):
            self.circuit(gone, "CLOSED")

    def calling(self, account: str, operation: str) -> None:  # noqa: ARG002 - no label
        """One more is under way."""
        self._running(account).inc()

    def called(self, account: str, operation: str, seconds: float, outcome: str, status: int | None) -> None:
        """One less is under way."""
        self._running(account).dec()
        self._calls(account, operation, outcome, "none" if status is None else str(status)).inc()
        self._seconds(account).observe(seconds)

    def retried(self, account: str, operation: str) -> None:
        """A read is sent once more."""
        self._retries(account, operation).inc()

    def waited(self, account: str, bucket: str, seconds: float) -> None:
        """A call waited."""
        self._waits(account, bucket).observe(seconds)

    def circuit(self, account: str, state: str) -> None:
        """A circuit changed."""
        self._circuits(account).set(_CIRCUIT[state])
