"""Days from two readings of a total that counts the whole life of a link."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Reading:
    """The clicks of a link's whole life, as its vendor told them at `at`."""

    at: datetime
    clicks: int
    unique_clicks: int | None = None


@dataclass(frozen=True, slots=True)
class ObservedClicks:
    """The clicks of the days from `first_day` to `last_day`, which are mostly one day. None stands for not known."""

    first_day: date
    last_day: date
    clicks: int | None
    unique_clicks: int | None = None

    def plus(self, later: "ObservedClicks") -> "ObservedClicks":
        """Returns the clicks of these days after a further reading on the last of them."""
        return replace(
            self,
            clicks=_sum(self.clicks, later.clicks),
            unique_clicks=_sum(self.unique_clicks, later.unique_clicks),
        )


def observe(earlier: Reading, later: Reading, zone: tzinfo) -> ObservedClicks | None:
    """Returns what two readings, one after the other, tell of the days in `zone`; None where no click was made.

    Clicks between readings of the same day, or of a day and the next one, count for the day of the later reading. A
    longer gap is one span, which begins on the day after the earlier reading. The clicks are not known where the total
    fell, because the vendor reset it, or where the clock went back to an earlier day.
    """
    before, day = earlier.at.astimezone(zone).date(), later.at.astimezone(zone).date()
    if day < before:
        return ObservedClicks(day, day, None)
    first = min(before + _ONE_DAY, day)
    if later.clicks < earlier.clicks:
        return ObservedClicks(first, day, None)
    clicks, unique = later.clicks - earlier.clicks, _rise(earlier.unique_clicks, later.unique_clicks)
    return ObservedClicks(first, day, clicks, unique) if clicks or unique else None


def _rise(earlier: int | None, later: int | None) -> int | None:
    return None if earlier is None or later is None or later < earlier else later - earlier


def _sum(left: int | None, right: int | None) -> int | None:
    return None if left is None or right is None else left + right
