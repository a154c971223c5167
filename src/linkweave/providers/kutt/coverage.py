"""Which days Kutt can count exactly: it has spans that end now, by hours or by months, and a count for ever.

The spans of a week, a month and a year do not start at midnight. So a period has numbers in three cases: it holds the
link's whole life until now; it is the current day of UTC, whose hours are in the last day; or it ended before the link
was made. A number for another period would be a guess.
"""

from datetime import date, datetime
from enum import Enum

from linkweave.models import Period


class Coverage(Enum):
    """The visits that a period has."""

    WHOLE_LIFE = "WHOLE_LIFE"
    TODAY = "TODAY"
    NONE = "NONE"
    """The period ended before the link was made."""


def cover(period: Period | None, created: datetime | None, now: datetime) -> Coverage | None:
    """What `period` holds of the visits of a link; None where Kutt cannot tell. A period of None is the whole life."""
    today = now.date()
    if period is None:
        return Coverage.WHOLE_LIFE
    if created is not None and period.start <= created.date() <= today <= period.end:
        return Coverage.WHOLE_LIFE
    if created is not None and period.end < created.date():
        return Coverage.NONE
    return Coverage.TODAY if period.start == today <= period.end else None


def covered_days(period: Period | None, today: date) -> Period | None:
    """The days of `period` until today."""
    return None if period is None else Period(period.start, max(period.start, min(period.end, today)))
