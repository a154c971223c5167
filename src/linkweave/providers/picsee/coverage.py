"""The days that PicSee counts: its lookback, and the life of a link."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from linkweave.models import Link, Period
from linkweave.providers.picsee.times import taipei_day

# DOC. Days back to which details reach, today included.
_ADVANCED_LOOKBACK_DAYS: Final = 365
_LOOKBACK_DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class Coverage:
    """What PicSee counts of a period: the `days` to ask for, and the days that the answer `covered`.

    `days` is None where there is nothing to ask for, and `covered` where PicSee counts none of the period. `complete`
    says that every click of the period is in the answer.
    """

    days: Period | None
    covered: Period | None
    complete: bool


def earliest_day(today: date, *, advanced: bool) -> date:
    """The first day of the plan's lookback. The midnight that begins it is within the lookback at any time of today."""
    return today - timedelta(days=(_ADVANCED_LOOKBACK_DAYS if advanced else _LOOKBACK_DAYS) - 1)


def cover(period: Period, today: date, created: date | None, *, advanced: bool) -> Coverage:
    """The part of `period` that PicSee counts. Days before the link was created had no clicks."""
    earliest = earliest_day(today, advanced=advanced)
    start, end = max(period.start, earliest), min(period.end, today)
    if created is not None and period.start <= end < created:
        return Coverage(None, Period(period.start, end), complete=True)
    if start > end:
        return Coverage(None, None, complete=False)
    days = Period(start, end)
    first_click = period.start if created is None else max(period.start, created)
    complete = first_click >= earliest
    return Coverage(days, Period(period.start, end) if complete else days, complete)


def day_created(link: Link | None) -> date | None:
    """The day in Taipei on which `link` was created; None where that is not known."""
    return None if link is None or link.created_at is None else taipei_day(link.created_at)


def holds_whole_life(period: Period, link: Link | None, today: date) -> bool:
    """Whether every click of `link` until now is certainly within `period`."""
    created = day_created(link)
    return created is not None and period.start <= created <= today <= period.end
