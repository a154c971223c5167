"""Series of numbers, each found by its labels' values without a lock."""

from typing import Generic, TypeVar

from prometheus_client import Counter, Gauge, Histogram, Summary

M = TypeVar("M", Counter, Gauge, Histogram, Summary)


class Series(Generic[M]):
    """The series of one metric: prometheus-client's own look-up costs more than the counting."""

    def __init__(self, metric: M) -> None:
        self._metric: M = metric
        self._known: dict[tuple[str, ...], M] = {}

    def __call__(self, *values: str) -> M:
        """The series with these labels' values."""
        known = self._known.get(values)
        if known is None:
            known = self._known[values] = self._metric.labels(*values)
        return known
