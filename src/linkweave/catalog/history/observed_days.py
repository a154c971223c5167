"""Days from readings of a total that counts the whole life of a link."""

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
class DayRow:
    """The clicks of the days from `first_day` to `last_day`, which are mostly one day. None stands for not known."""

    first_day: date
    last_day: date
    clicks: int | None
    unique_clicks: int | None = None

    def plus(self, later: "DayRow") -> "DayRow":
        """Returns the clicks of these days after a further reading on the last of them."""
        return replace(
            self,
            clicks=_sum(self.clicks, later.clicks),
            unique_clicks=_sum(self.unique_clicks, later.unique_clicks),
        )


@dataclass(frozen=True, slots=True)
class Observation:
    """What a reading tells: the first day that is known, and clicks to add to the days, if there were any."""

    days_from: date
    row: DayRow | None = None


def observe_first(reading: Reading, created_at: datetime | None, zone: tzinfo) -> Observation:
    """Returns what the first reading of a link tells. All clicks of a link are of the day on which it was made today.

    A link without clicks had none on any day of its life.
    """
    day = reading.at.astimezone(zone).date()
    created = None if created_at is None else created_at.astimezone(zone).date()
    if created is None or created > day:
        return Observation(day)
    if not reading.clicks:
        return Observation(created)
    if created == day:
        return Observation(day, DayRow(day, day, reading.clicks, reading.unique_clicks))
    return Observation(day)


def observe_next(earlier: Reading, later: Reading, days_from: date, zone: tzinfo) -> Observation:
    """Returns what a reading tells after an earlier one. Days are those of `zone`.

    Clicks between readings of the same day, or of a day and the next one, count for the day of the later reading. A
    longer gap is one span, which begins on the day after the earlier reading. The clicks are not known where the total
    fell, because the vendor reset it, or where the clock went back to an earlier day. Then days are known again from
    the day after.
    """
    before, day = earlier.at.astimezone(zone).date(), later.at.astimezone(zone).date()
    if day < before:
        return Observation(day + _ONE_DAY, DayRow(day, day, None))
    first = min(before + _ONE_DAY, day)
    if later.clicks < earlier.clicks:
        return Observation(day + _ONE_DAY, DayRow(first, day, None))
    clicks, unique = later.clicks - earlier.clicks, _rise(earlier.unique_clicks, later.unique_clicks)
    return Observation(days_from, DayRow(first, day, clicks, unique) if clicks or unique else None)


def _rise(earlier: int | None, later: int | None) -> int | None:
    return None if earlier is None or later is None or later < earlier else later - earlier


def _sum(left: int | None, right: int | None) -> int | None:
    return None if left is None or right is None else left + right
