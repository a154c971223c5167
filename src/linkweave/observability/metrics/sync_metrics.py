"""Metrics of the catalog's syncer."""

from prometheus_client import CollectorRegistry, Counter, Gauge

from linkweave.observability.metrics.label_cache import LabelCache
from linkweave.observability.observer import Observer


class SyncMetrics(Observer):
    """Counts the steps and the calls of the syncer, and reports its latest full walks."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._steps = LabelCache(
            Counter(
                "linkweave_catalog_steps",
                "Finished steps that keep the catalog in step with a vendor.",
                ["account", "step", "outcome"],
                registry=registry,
            )
        )
        self._calls = LabelCache(
            Counter(
                "linkweave_catalog_calls",
                "Vendor calls that keep the catalog in step; linkweave_vendor_calls counts them as well.",
                ["account"],
                registry=registry,
            )
        )
        self._links = LabelCache(
            Gauge(
                "linkweave_catalog_walk_links",
                "Links that the latest full walk over an account has seen.",
                ["account"],
                multiprocess_mode="livemostrecent",
                registry=registry,
            )
        )
        self._seconds = LabelCache(
            Gauge(
                "linkweave_catalog_walk_seconds",
                "Time from the start to the end of the latest full walk over an account.",
                ["account"],
                multiprocess_mode="livemostrecent",
                registry=registry,
            )
        )

    def catalog_stepped(self, account: str, step: str, calls: int, outcome: str) -> None:
        """Counts the step and its calls."""
        self._steps(account, step.lower(), outcome).inc()
        self._calls(account).inc(calls)

    def catalog_walked(self, account: str, links: int, seconds: float) -> None:
        """Reports the walk."""
        self._links(account).set(links)
        self._seconds(account).set(seconds)
