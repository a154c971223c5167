"""What a process counts, and how it is written for Prometheus, added up over all workers."""

from collections.abc import Collection
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, ProcessCollector
from prometheus_client.exposition import choose_encoder
from prometheus_client.multiprocess import MultiProcessCollector

from linkweave.observability.metrics.operation_metrics import OperationMetrics
from linkweave.observability.metrics.vendor_metrics import VendorMetrics
from linkweave.observability.observer import Observer


class Metrics:
    """The numbers of one process, in a registry of their own, which a reload does not set back.

    `shared` is the directory in which prometheus-client keeps the numbers of several workers; it must have been told of
    it before it was imported, by the environment variable PROMETHEUS_MULTIPROC_DIR. Any worker then tells for all.
    """

    def __init__(self, version: str, shared: Path | None = None) -> None:
        self.registry = CollectorRegistry()
        self._shared = shared
        self._vendors = VendorMetrics(self.registry)
        self._operations = OperationMetrics(self.registry)
        self.observers: tuple[Observer, ...] = (self._operations, self._vendors)
        self._reloads = Counter(
            "linkweave_reloads", "Attempts to reload the configuration.", ["result"], registry=self.registry
        )
        build = Gauge(
            "linkweave_build_info", "Always 1.", ["version"], multiprocess_mode="livemax", registry=self.registry
        )
        build.labels(version).set(1)
        if shared is None:
            ProcessCollector(registry=self.registry)

    def reloaded(self, result: str) -> None:
        """The configuration was read again: "ok" or "refused"."""
        self._reloads.labels(result).inc()

    def serving(self, accounts: Collection[str]) -> None:
        """These are all accounts that there are now."""
        self._vendors.serving(accounts)

    def page(self, accept: str) -> tuple[bytes, str]:
        """All numbers in the newest format that `accept` allows, and its media type."""
        self._operations.settle()
        encode, media_type = choose_encoder(accept)
        registry = self.registry
        if self._shared is not None:
            registry = CollectorRegistry()
            MultiProcessCollector(registry, str(self._shared))  # type: ignore[no-untyped-call] # it has no types
        return encode(registry), media_type
