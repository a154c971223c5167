"""Counts visits by day and by dimension. Shlink has no such counts: it lists the visits themselves."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Final

from linkweave.models import DayClicks, Dimension, RawBucket
from linkweave.providers.shlink.inferred import device_of
from linkweave.providers.shlink.wire import VisitRow

_UNKNOWN: Final = "unknown"
_DIRECT: Final = "direct"


def _country(visit: VisitRow) -> tuple[str, str | None]:
    """The country; the location is null until the server has looked it up."""
    if visit.location is None:
        return _UNKNOWN, None
    return visit.location.name or _UNKNOWN, visit.location.code or None


# The name of a visit's bucket, and the vendor's code for it.
_NAMES: Final[Mapping[Dimension, Callable[[VisitRow], tuple[str, str | None]]]] = MappingProxyType(
    {
        Dimension.COUNTRY: _country,
        Dimension.REFERRER: lambda visit: (visit.referer or _DIRECT, None),
        Dimension.DEVICE: lambda visit: (device_of(visit.user_agent), None),
    }
)
DIMENSIONS: Final = frozenset(_NAMES)


def count_days(visits: Iterable[VisitRow]) -> tuple[DayClicks, ...]:
    """The visits of each day of UTC that has any."""
    counts: Counter[date] = Counter(visit.date.date() for visit in visits)
    return tuple(DayClicks(day, counts[day]) for day in sorted(counts))


def count_by(dimension: Dimension, visits: Sequence[VisitRow]) -> tuple[RawBucket, ...]:
    """The visits by one dimension, the most frequent first."""
    counts = Counter(map(_NAMES[dimension], visits))
    return tuple(RawBucket(name, code, clicks=clicks) for (name, code), clicks in counts.most_common())
