"""Adds up the numbers of several accounts, without mixing measures or hiding that a part is missing."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from linkweave.concurrency.in_turns import in_turns
from linkweave.gather.statistics.account_part import AccountPart
from linkweave.gather.statistics.buckets import add
from linkweave.models import DayClicks, Measure, Period, StatsReport

# Number of days that are added before other tasks run: some milliseconds of work.
_DAYS_PER_TURN: Final = 1_000


async def by_day(parts: Sequence[AccountPart], *, allow_incomplete: bool = False) -> tuple[DayClicks, ...]:
    """Returns one entry for each day, oldest first.

    A number of a day is None where an account that counts it did not tell it: because the day is before the first one
    that the account covers, or because the number could not be read. With `allow_incomplete` it is the sum of the rest.
    """
    merged: dict[date, DayClicks] = {}
    lacking: set[tuple[date, Measure]] = set()
    for part in parts:
        measures = part.measures
        days = (day for report in part.reports for day in report.series or ())
        async for day in in_turns(days, _DAYS_PER_TURN):
            known = merged.get(day.day, DayClicks(day.day))
            clicks, unique = add(known.clicks, day.clicks), add(known.unique_clicks, day.unique_clicks)
            merged[day.day] = DayClicks(day.day, clicks, unique)
            lacking.update((day.day, measure) for measure in _untold(day, measures))
    ordered = [merged[day] for day in sorted(merged)]
    if allow_incomplete:
        return tuple(ordered)
    begins = max((part.first_covered for part in parts if part.first_covered is not None), default=date.min)
    return tuple(DayClicks(day.day) if day.day < begins else _without(day, lacking) for day in ordered)


def covered(reports: Iterable[StatsReport]) -> Period | None:
    """Returns the days that all reports cover; None where there is none, or one covers a whole life."""
    periods = [report.covered for report in reports]
    known = [period for period in periods if period is not None]
    if not known or len(known) < len(periods):
        return None
    start, end = max(period.start for period in known), min(period.end for period in known)
    return Period(start, end) if start <= end else None


def _untold(day: DayClicks, measures: frozenset[Measure]) -> Iterable[Measure]:
    if day.clicks is None and Measure.CLICKS in measures:
        yield Measure.CLICKS
    if day.unique_clicks is None and Measure.UNIQUE_CLICKS in measures:
        yield Measure.UNIQUE_CLICKS


def _without(day: DayClicks, lacking: set[tuple[date, Measure]]) -> DayClicks:
    if (day.day, Measure.CLICKS) not in lacking and (day.day, Measure.UNIQUE_CLICKS) not in lacking:
        return day
    return DayClicks(
        day.day,
        None if (day.day, Measure.CLICKS) in lacking else day.clicks,
        None if (day.day, Measure.UNIQUE_CLICKS) in lacking else day.unique_clicks,
    )
