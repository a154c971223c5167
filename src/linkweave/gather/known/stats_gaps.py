"""Fills the gaps in a vendor's statistics with what the catalog knows: totals and series."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, TypeAlias

from linkweave.accounts import Account
from linkweave.catalog.reads.questions.clicks import DaySpan, LinkReadings
from linkweave.errors import NotFoundError, VendorError
from linkweave.gather.known.counted_days import counted_days, measures_of, zone_of
from linkweave.gather.known.known_account import KnownAccount
from linkweave.gather.known.points import points
from linkweave.gather.sources import is_unsupported
from linkweave.gather.statistics.date_range import DateRange
from linkweave.models import SERIES, TOTALS, DayClicks, Measure, Period, StatsPart, StatsReport

# A link's handle, a period (None for its whole life), and one part of its statistics.
PartKey: TypeAlias = tuple[str, Period | None, StatsPart]
Loaded: TypeAlias = StatsReport | BaseException

_DAY: Final = timedelta(days=1)


async def fill_gaps(
    account: Account, known: KnownAccount | None, keys: Sequence[PartKey], loaded: Sequence[Loaded]
) -> Sequence[Loaded]:
    """Returns `loaded`, where a vendor told nothing with what the catalog knows. Without a catalog, nothing changes."""
    gaps = [] if known is None else [index for index, key in enumerate(keys) if _is_gap(loaded[index], key[2])]
    if known is None or not gaps:
        return loaded
    filled = list(loaded)
    for period in {keys[index][1] for index in gaps}:
        mine = [index for index in gaps if keys[index][1] == period]
        try:
            readings = await known.clicks(list(dict.fromkeys(keys[index][0] for index in mine)), period)
        except VendorError:
            # The vendor's own answer says what is missing.
            continue
        for index in mine:
            handle, _, part = keys[index]
            if handle in readings and readings[handle].is_deleted:
                # A link that is gone has no new clicks: its days would look like days with 0.
                filled[index] = account.adapter.error(NotFoundError, "the link was deleted", "read statistics")
            elif handle in readings:
                report = _report(account, readings[handle], period, part)
                filled[index] = loaded[index] if report is None else _because(report, loaded[index], part)
    return filled


def _is_gap(loaded: Loaded, part: StatsPart) -> bool:
    if part not in {TOTALS, SERIES}:
        return False
    if isinstance(loaded, StatsReport):
        untold = loaded.series is None if part == SERIES else loaded.clicks is None and loaded.unique_clicks is None
        return untold or loaded.truncated or part in loaded.failures
    return isinstance(loaded, VendorError) and not isinstance(loaded, NotFoundError)


def _because(report: StatsReport, loaded: Loaded, part: StatsPart) -> StatsReport:
    """The report from the catalog with the failure in place of which it stands, if it is one."""
    error = loaded.failures.get(part) if isinstance(loaded, StatsReport) else loaded
    if not isinstance(error, VendorError) or is_unsupported(error):
        return report
    return replace(report, stale_because=error)


def _report(account: Account, known: LinkReadings, period: Period | None, part: StatsPart) -> StatsReport | None:
    if period is not None:
        return _report_of_days(account, known, period, part)
    if part != TOTALS or known.clicks_at is None or (known.clicks is None and known.unique_clicks is None):
        return None
    clicks, unique = known.clicks, known.unique_clicks
    return StatsReport(
        measures_of(account), known.clicks_at, clicks=clicks, unique_clicks=unique, as_of=known.clicks_at
    )


def _report_of_days(account: Account, known: LinkReadings, period: Period, part: StatsPart) -> StatsReport | None:
    covered = _covered(account, known, period)
    if covered is None or known.days_at is None:
        return None
    days = _Days(known.days, covered, measures_of(account))
    report = StatsReport(
        measures_of(account), known.days_at, covered, as_of=known.days_at, is_observed=known.is_observed
    )
    if part == SERIES:
        return replace(report, series=days.series(account.adapter.today()), truncated=covered != period)
    clicks, unique = days.total(Measure.CLICKS), days.total(Measure.UNIQUE_CLICKS)
    if covered != period or (clicks is None and unique is None):
        return None
    return replace(report, clicks=clicks, unique_clicks=unique)


def _covered(account: Account, known: LinkReadings, period: Period) -> Period | None:
    """The days of `period` that the catalog knows: from the first known one, or all before the link was created."""
    if known.days_from is None or known.days_at is None:
        return None
    read_since = counted_days([account], DateRange(period.start, period.end), account.adapter.clock.now()).read_since
    # The day of a reading was not over then.
    zone = zone_of(account)
    end = period.end if known.days_at >= read_since else min(period.end, known.days_at.astimezone(zone).date() - _DAY)
    since_creation = known.created_at is not None and known.days_from <= known.created_at.astimezone(zone).date()
    start = period.start if since_creation else max(period.start, known.days_from)
    return Period(start, end) if start <= end else None


@dataclass(frozen=True, slots=True)
class _Days:
    """The days and spans of a link that `covered` touches."""

    spans: tuple[DaySpan, ...]
    covered: Period
    measures: frozenset[Measure]

    def total(self, measure: Measure) -> int | None:
        """The sum of the days; None where one of them is not known, or a span reaches beyond them."""
        inside = all(self.covered.start <= each.first_day and each.last_day <= self.covered.end for each in self.spans)
        counts = [each.clicks if measure is Measure.CLICKS else each.unique_clicks for each in self.spans]
        known = [count for count in counts if count is not None]
        return sum(known) if inside and measure in self.measures and len(known) == len(counts) else None

    def series(self, today: date) -> tuple[DayClicks, ...]:
        """A point for each day up to `today`. A number is None where it is not known."""
        period = Period(self.covered.start, max(self.covered.start, min(self.covered.end, today)))
        touched = [each for each in self.spans if each.first_day <= period.end and each.last_day >= period.start]
        clicks, unique = Measure.CLICKS in self.measures, Measure.UNIQUE_CLICKS in self.measures
        told = points(touched, period, clicks=clicks, unique_clicks=unique)
        return tuple(_without(day, touched) for day in told)


def _without(day: DayClicks, spans: Iterable[DaySpan]) -> DayClicks:
    """The day without the numbers that its row does not have."""
    row = next((each for each in spans if each.first_day <= day.day <= each.last_day), None)
    if row is None:
        return day
    return DayClicks(
        day.day,
        None if row.clicks is None else day.clicks,
        None if row.unique_clicks is None else day.unique_clicks,
    )
