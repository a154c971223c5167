"""The metrics of a process, and their page for Prometheus, which has the sums over all workers."""

from collections.abc import Collection
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, ProcessCollector
from prometheus_client.exposition import choose_encoder
from prometheus_client.multiprocess import MultiProcessCollector

from linkweave.observability.metrics.operation_metrics import OperationMetrics
from linkweave.observability.metrics.sync_metrics import SyncMetrics
from linkweave.observability.metrics.vendor_metrics import VendorMetrics
from linkweave.observability.metrics.webhook_metrics import WebhookMetrics
from linkweave.observability.observer import Observer


class Metrics:
    """The metrics of one process, in a registry of their own. A reload does not reset them.

    `shared` is the directory in which prometheus-client keeps the metrics of several workers, so that every worker can
    report those of all. prometheus-client must know it before it is imported, from PROMETHEUS_MULTIPROC_DIR.
    """

    def __init__(self, version: str, shared: Path | None = None) -> None:
        self.registry = CollectorRegistry()
        self._shared = shared
        self._vendors = VendorMetrics(self.registry)
        self._operations = OperationMetrics(self.registry)
        others = SyncMetrics(self.registry), WebhookMetrics(self.registry)
        self.observers: tuple[Observer, ...] = (self._operations, self._vendors, *others)
        self._reloads = Counter(
            "linkweave_reloads", "Reloads of the configuration.", ["result"], registry=self.registry
        )
        build = Gauge(
            "linkweave_build_info", "Always 1.", ["version"], multiprocess_mode="livemax", registry=self.registry
        )
        build.labels(version).set(1)
        if shared is None:
            ProcessCollector(registry=self.registry)

    def count_reload(self, result: str) -> None:
        """Counts a reload of the configuration with its `result`, "ok" or "refused"."""
        self._reloads.labels(result).inc()

    def set_accounts(self, accounts: Collection[str]) -> None:
        """Must be called with the keys of all accounts when they change."""
        self._vendors.set_accounts(accounts)

    def page(self, accept: str) -> tuple[bytes, str]:
        """Returns all metrics in the newest format that the header `accept` allows, and its media type."""
        self._operations.flush()
        encode, media_type = choose_encoder(accept)
        registry = self.registry
        if self._shared is not None:
            registry = CollectorRegistry()
            MultiProcessCollector(registry, str(self._shared))  # type: ignore[no-untyped-call] # it has no types
        return encode(registry), media_type
