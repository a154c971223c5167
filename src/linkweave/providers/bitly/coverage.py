"""The days that Bitly counts: the lookback of the plan, and the life of a link."""

from dataclasses import dataclass
from datetime import date, timedelta

from linkweave.models import Period


@dataclass(frozen=True, slots=True)
class Coverage:
    """What Bitly counts of a period: the `days` to ask for, and the days that the answer `covered`.

    `days` is None where there is nothing to ask for, and `covered` where Bitly counts none of the period. `complete`
    says that every click of the period is in the answer.
    """

    days: Period | None
    covered: Period | None
    complete: bool


def cover(period: Period, today: date, created: date | None, lookback: int) -> Coverage:
    """The part of `period` that Bitly counts. Days before the link was made had no clicks, nor have days to come."""
    end = min(period.end, today)
    first = period.start if created is None else max(period.start, created)
    earliest = today - timedelta(days=lookback - 1)
    start = max(first, earliest)
    days = Period(start, end) if start <= end else None
    if first >= earliest or first > end:
        return Coverage(days, Period(period.start, max(period.start, end)), complete=True)
    return Coverage(days, days, complete=False)
