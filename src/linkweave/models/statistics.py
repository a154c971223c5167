"""Clicks of one link, as one account tells them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import ClassVar, Final

from linkweave.models.vocabulary import Dimension, Measure

_DIMENSIONS: Final[Mapping[str, Dimension]] = MappingProxyType({each.value: each for each in Dimension})


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `start` to `end`, both included, in the reporting time zone of the account asked."""

    start: date
    end: date


@dataclass(frozen=True, slots=True)
class RawBucket:
    """One row of a breakdown as the vendor names it; `code` where the vendor gives one besides the name."""

    name: str
    code: str | None = None
    clicks: int | None = None
    unique_clicks: int | None = None


@dataclass(frozen=True, slots=True)
class DayClicks:
    """Clicks of one day."""

    day: date
    clicks: int | None = None
    unique_clicks: int | None = None


@dataclass(frozen=True, slots=True)
class StatsPart:
    """One thing that a query can select of statistics: the totals, the days, or one dimension."""

    name: str

    @classmethod
    def of(cls, dimension: Dimension) -> "StatsPart":
        """The part that is the breakdown by `dimension`."""
        return cls(dimension.value)

    @property
    def dimension(self) -> Dimension | None:
        """The dimension of a breakdown; None for totals and series."""
        return _DIMENSIONS.get(self.name)


TOTALS = StatsPart("TOTALS")


SERIES = StatsPart("SERIES")


@dataclass(frozen=True, slots=True)
class StatsReport:
    """Statistics of one link from one account.

    `covered` is what the numbers are really about; None means since the link exists. `truncated` says that
    it is less than was asked for. A dimension missing from `breakdowns` was not asked for or cannot be told;
    one in `failures` was asked for and failed (the value is the error that the vendor's answer became).
    `stale_because` is why there are no newer numbers, where there should be.
    """

    # For who keeps a report as JSON with pydantic: it need not know the errors in `failures`.
    __pydantic_config__: ClassVar[dict[str, bool]] = {"arbitrary_types_allowed": True}

    measures: frozenset[Measure]
    fetched_at: datetime
    covered: Period | None = None
    truncated: bool = False
    clicks: int | None = None
    unique_clicks: int | None = None
    bot_clicks: int | None = None
    series: tuple[DayClicks, ...] | None = None
    breakdowns: Mapping[Dimension, tuple[RawBucket, ...]] = field(default_factory=lambda: MappingProxyType({}))
    failures: Mapping["StatsPart", Exception] = field(default_factory=lambda: MappingProxyType({}))
    stale_because: Exception | None = None
