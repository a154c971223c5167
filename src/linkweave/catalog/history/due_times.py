"""When something is to be read again."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Bounds:
    """The fewest and the most seconds between two readings of a link's statistics."""

    min_seconds: float
    max_seconds: float

    def clamp(self, seconds: float) -> float:
        """Returns the nearest number of seconds within the bounds."""
        return min(max(seconds, self.min_seconds), self.max_seconds)


def statistics_interval(clicks: int, seconds: float | None, bounds: Bounds) -> float:
    """Returns the seconds until the next reading of a link that had `clicks` in the last `seconds`.

    A link is read once for each click that it gets, within the bounds. One without clicks is read half as often as
    before. Without an earlier reading (None), the interval is the geometric mean of the bounds.
    """
    if seconds is None or seconds <= 0:
        return bounds.clamp((bounds.min_seconds * bounds.max_seconds) ** 0.5)
    return bounds.clamp(seconds / clicks if clicks > 0 else 2 * seconds)


def due_at(last: datetime | None, seconds: float, now: datetime) -> datetime:
    """Returns when something is due that is done every `seconds`; `now` if it was never done.

    A time in the future is of a clock that has gone back since, and says nothing.
    """
    if last is None or last > now:
        return now
    return max(now, last + timedelta(seconds=seconds))
