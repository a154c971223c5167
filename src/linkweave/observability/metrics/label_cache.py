"""The series of a metric, found by the values of its labels without a lock."""

from typing import Generic, TypeVar

from prometheus_client import Counter, Gauge, Histogram, Summary

M = TypeVar("M", Counter, Gauge, Histogram, Summary)


class LabelCache(Generic[M]):
    """The series of one metric. The look-up of prometheus-client takes longer than the counting."""

    def __init__(self, metric: M) -> None:
        self._metric: M = metric
        self._series: dict[tuple[str, ...], M] = {}

    def __call__(self, *values: str) -> M:
        """Returns the series whose labels have these values."""
        series = self._series.get(values)
        if series is None:
            series = self._series[values] = self._metric.labels(*values)
        return series
