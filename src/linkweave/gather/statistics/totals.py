"""Adds up the numbers of several reports, without mixing different measures."""

from collections.abc import Iterable, Sequence
from datetime import date

from linkweave.gather.statistics.buckets import add
from linkweave.models import DayClicks, Period, StatsReport


def total(numbers: Iterable[int | None]) -> int | None:
    """Returns the sum of the known numbers; None where none is known."""
    known: int | None = None
    for number in numbers:
        known = add(known, number)
    return known


def by_day(days: Iterable[DayClicks]) -> tuple[DayClicks, ...]:
    """Returns one entry for each day, oldest first."""
    merged: dict[date, DayClicks] = {}
    for each in days:
        known = merged.get(each.day, DayClicks(each.day))
        merged[each.day] = DayClicks(
            each.day,
            add(known.clicks, each.clicks),
            add(known.unique_clicks, each.unique_clicks),
        )
    return tuple(merged[day] for day in sorted(merged))


def covered(reports: Sequence[StatsReport]) -> Period | None:
    """Returns the days that the reports cover together; None where one covers the whole life of its link."""
    periods = [report.covered for report in reports]
    known = [period for period in periods if period is not None]
    if not known or len(known) < len(periods):
        return None
    return Period(min(period.start for period in known), max(period.end for period in known))
