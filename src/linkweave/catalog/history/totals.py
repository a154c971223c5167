"""What a reading of a total changes of a link. Nothing here reads a database."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Final

from linkweave.catalog.history.due_times import Bounds, statistics_interval
from linkweave.catalog.history.observed_days import DayRow, Observation, Reading, observe_first, observe_next
from linkweave.models import Link

VENDOR: Final = "VENDOR"
"""The vendor tells the days of a link itself."""
OBSERVED: Final = "OBSERVED"
"""The gateway takes the difference between two totals."""


@dataclass(frozen=True, slots=True)
class KnownClicks:
    """The clicks of a link as the catalog has them. The columns of the table have the same names."""

    id: int
    created_at: datetime | None = None
    clicks: int | None = None
    unique_clicks: int | None = None
    clicks_at: datetime | None = None
    days_at: datetime | None = None
    days_from: date | None = None
    days_source: str | None = None
    statistics_due_at: datetime | None = None

    @property
    def reading(self) -> Reading | None:
        """The latest reading of the total."""
        if self.clicks is None or self.clicks_at is None:
            return None
        return Reading(self.clicks_at, self.clicks, self.unique_clicks)


@dataclass(frozen=True, slots=True)
class NewTotal:
    """A reading to store, with what follows from it. `observation` is None where the vendor tells the days.

    `moved` is the number of clicks since the reading before, and `seconds` the time; both are None for the first one.
    """

    known: KnownClicks
    reading: Reading
    observation: Observation | None
    days_at: datetime | None
    statistics_due_at: datetime | None
    moved: int | None = None
    seconds: float | None = None


def whole_life(link: Link) -> Reading | None:
    """Returns the clicks of its whole life that came with `link`; None where it has none."""
    report = link.included
    if report is None or report.covered is not None or report.clicks is None:
        return None
    return Reading(report.fetched_at, report.clicks, report.unique_clicks)


def take_reading(known: KnownClicks, reading: Reading, zone: tzinfo, now: datetime, bounds: Bounds) -> NewTotal | None:
    """Returns what a reading changes; None where it is older than the known one.

    Where the vendor tells days, those of a link that was clicked are due soon, and those of a link that was not clicked
    are known until now. Else, the reading is all that there is to read, and the link is due after its next interval.
    A known reading of the future was made before the clock went back.
    """
    earlier, days_at, due = known.reading, known.days_at, known.statistics_due_at
    if earlier is None:
        if known.days_source == VENDOR:
            return NewTotal(known, reading, None, days_at, due)
        return NewTotal(known, reading, observe_first(reading, known.created_at, zone), reading.at, due)
    if reading.at <= earlier.at <= now:
        return None
    moved, seconds = reading.clicks - earlier.clicks, (reading.at - earlier.at).total_seconds()
    if known.days_source != VENDOR:
        from_day = known.days_from or earlier.at.astimezone(zone).date()
        observation = observe_next(earlier, reading, from_day, zone)
        due = None if due is None else now + timedelta(seconds=statistics_interval(moved, seconds, bounds))
        return NewTotal(known, reading, observation, reading.at, due, moved, seconds)
    if moved:
        # Days of the future were read before the clock went back.
        last = min(days_at or now, now)
        due = None if due is None else min(due, max(now, last + timedelta(seconds=bounds.min_seconds)))
    elif days_at is not None and earlier.at <= days_at <= reading.at:
        days_at = reading.at
    return NewTotal(known, reading, None, days_at, due, moved, seconds)


def merge(stored: DayRow | None, new: DayRow) -> DayRow:
    """Returns the row for a link that has `stored` on the last day of `new`."""
    return new if stored is None else stored.plus(new)
