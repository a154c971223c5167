"""The answers of statistics.short.io."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, date
from types import MappingProxyType
from typing import Any, Final

from pydantic import Field

from linkweave.models import DayClicks, Dimension, Measure, RawBucket
from linkweave.providers.wire import Count, TolerantWire, parse_count, parse_moment

MEASURES: Final = frozenset({Measure.CLICKS, Measure.BOT_CLICKS})

# DOC: the key of a list, and of the value in its rows.
DIMENSIONS: Final[Mapping[Dimension, str]] = MappingProxyType(
    {
        Dimension.COUNTRY: "country",
        Dimension.REFERRER: "referer",
        Dimension.OS: "os",
        Dimension.BROWSER: "browser",
        Dimension.SOCIAL: "social",
    }
)
_COUNTRY_NAME: Final = "countryName"


class ContradictionError(ValueError):
    """A part counts other clicks than the total. The message says so."""


class ReportAnswer(TolerantWire):
    """GET /statistics/link/{id}, and POST /statistics/domain/{id} with some paths.

    The days and the lists are read where they are wanted.
    """

    total_clicks: Count = Field(alias="totalClicks")
    human_clicks: Count = Field(alias="humanClicks")
    click_statistics: object = Field(default=None, alias="clickStatistics")
    country: object = None
    referer: object = None
    os: object = None
    browser: object = None
    social: object = None

    def bot_clicks(self) -> int:
        """The clicks of bots.

        Raises:
            ValueError: all clicks are fewer than those of people.
        """
        return parse_count(self.total_clicks - self.human_clicks)

    def days(self) -> tuple[DayClicks, ...]:
        """The clicks of each day; days without clicks may be missing.

        Raises:
            ContradictionError: their sum is not that of people. FOUND, but not verified: the chart counts people.
            ValueError: a point has an unexpected shape.
        """
        counted: Counter[date] = Counter()
        for point in _points(self.click_statistics):
            counted[parse_moment(point.get("x")).astimezone(UTC).date()] += parse_count(point.get("y"))
        if counted.total() != self.human_clicks:
            raise ContradictionError("counts other clicks by day than in total")
        return tuple(DayClicks(day, counted[day]) for day in sorted(counted))

    def buckets(self, dimension: Dimension) -> tuple[RawBucket, ...]:
        """The rows of a breakdown.

        Raises:
            ContradictionError: they count more than the clicks of people.
            ValueError: a row has an unexpected shape.
        """
        key = DIMENSIONS[dimension]
        buckets = tuple(_bucket(row, key) for row in _rows(getattr(self, key)))
        if sum(bucket.clicks or 0 for bucket in buckets) > self.human_clicks:
            raise ContradictionError(f"counts other clicks by {dimension.value.lower()} than in total")
        return buckets


class LinkClicksAnswer(TolerantWire):
    """GET /statistics/domain/{id}/link_clicks: the clicks of each link by its id."""

    clicks: dict[str, Count]

    @classmethod
    def prepare(cls, data: object) -> object:
        """The object, under a name."""
        return {"clicks": data}


def _points(chart: object) -> Iterator[Mapping[str, Any]]:
    """The points of a chart: below `datasets` and `data` (DOC), or a plain list (FOUND)."""
    if isinstance(chart, dict):
        for dataset in _rows(chart.get("datasets")):
            yield from _rows(dataset.get("data"))
        return
    yield from _rows(chart)


def _rows(value: object) -> list[Mapping[str, Any]]:
    """A list of objects; an absent one is empty."""
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise ValueError("is not a list of rows")
    return value


def _bucket(row: Mapping[str, Any], key: str) -> RawBucket:
    value = row.get(key) or ""
    name = row.get(_COUNTRY_NAME) or value
    if not isinstance(value, str) or not isinstance(name, str):
        raise ValueError("has no name")  # noqa: TRY004 - callers catch ValueError
    clicks = parse_count(row.get("score"))
    return RawBucket(name, value if key == DIMENSIONS[Dimension.COUNTRY] else None, clicks)
