"""The clicks of one link, as one account reports them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, ClassVar, Final

from linkweave.models.vocabulary import Dimension, Measure

_NONE: Final[Mapping[Any, Any]] = MappingProxyType({})
_DIMENSIONS: Final[Mapping[str, Dimension]] = MappingProxyType({each.value: each for each in Dimension})


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `start` to `end`, both included, in the reporting time zone of the account."""

    start: date
    end: date


@dataclass(frozen=True, slots=True)
class RawBucket:
    """One row of a breakdown, as the vendor names it. `code` is the vendor's code besides the name, if there is one."""

    name: str
    code: str | None = None
    clicks: int | None = None
    unique_clicks: int | None = None


@dataclass(frozen=True, slots=True)
class DayClicks:
    """The clicks of one day."""

    day: date
    clicks: int | None = None
    unique_clicks: int | None = None


@dataclass(frozen=True, slots=True)
class StatsPart:
    """One part of statistics that a query can select: the totals, the days, or one dimension."""

    name: str

    @classmethod
    def of(cls, dimension: Dimension) -> "StatsPart":
        """Returns the part that is the breakdown by `dimension`."""
        return cls(dimension.value)

    @property
    def dimension(self) -> Dimension | None:
        """The dimension of a breakdown; None for the totals and the series."""
        return _DIMENSIONS.get(self.name)


TOTALS = StatsPart("TOTALS")
"""Clicks and unique clicks."""

BOT_TOTALS = StatsPart("BOT_TOTALS")
"""Clicks of bots. A part of its own, because the clicks that come with a link may lack them."""

SERIES = StatsPart("SERIES")

TOTALS_OF: Final[Mapping[Measure, StatsPart]] = MappingProxyType(
    {Measure.CLICKS: TOTALS, Measure.UNIQUE_CLICKS: TOTALS, Measure.BOT_CLICKS: BOT_TOTALS}
)
"""The part that has the sum of each measure."""


@dataclass(frozen=True, slots=True)
class StatsReport:
    """Statistics of one link from one account.

    `covered` are the days that the numbers cover. It is None where they cover the link's whole life, and where there
    are no numbers. `truncated` is True where the vendor counts fewer days than the query asked for: then there are no
    totals and no breakdowns, and the series has the days that the vendor counts. A dimension that is missing in
    `breakdowns` was not asked for, or the vendor does not tell it. A part in `failures` was asked for and failed.
    `stale_because` is the error that prevented newer numbers. `as_of` is when the catalog had read them, where they
    come from it; `is_observed` says that the gateway itself measured some of them.
    """

    # The cache stores reports as JSON with pydantic, which has no schema for the errors in `failures`.
    __pydantic_config__: ClassVar[dict[str, bool]] = {"arbitrary_types_allowed": True}

    measures: frozenset[Measure]
    fetched_at: datetime
    covered: Period | None = None
    truncated: bool = False
    clicks: int | None = None
    unique_clicks: int | None = None
    bot_clicks: int | None = None
    series: tuple[DayClicks, ...] | None = None
    breakdowns: Mapping[Dimension, tuple[RawBucket, ...]] = field(default_factory=lambda: _NONE)
    failures: Mapping["StatsPart", Exception] = field(default_factory=lambda: _NONE)
    stale_because: Exception | None = None
    as_of: datetime | None = None
    is_observed: bool = False
