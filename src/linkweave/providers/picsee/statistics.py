"""Statistics of one link: the fewest calls for the wanted parts, made at the same time, in one report."""

import asyncio
from collections.abc import Coroutine, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from linkweave.errors import VendorError
from linkweave.models import SERIES, TOTALS, Dimension, Link, Period, StatsPart, StatsReport
from linkweave.providers.picsee.details import BREAKDOWNS, LinkDetails
from linkweave.providers.picsee.link_reader import LinkReader
from linkweave.providers.picsee.links import MEASURES
from linkweave.providers.picsee.times import taipei_day

DIMENSIONS: Final = frozenset({*BREAKDOWNS, Dimension.INTEREST, Dimension.BRAND_AFFINITY})

# Both come from one endpoint, and are about a link's whole life.
_AUDIENCE: Final = frozenset({StatsPart.of(Dimension.INTEREST), StatsPart.of(Dimension.BRAND_AFFINITY)})
_DAILY: Final = frozenset({TOTALS, SERIES})
_PARTS: Final = frozenset({*_DAILY, *map(StatsPart.of, DIMENSIONS)})
_ADVANCED_LOOKBACK_DAYS: Final = 365
_LOOKBACK_DAYS: Final = 30


def stats_call(part: StatsPart, known: bool) -> str | None:  # noqa: ARG001 - the same for all links
    """One call for totals and days, one for each breakdown, one for both kinds of audience labels."""
    if part in _DAILY:
        return "daily clicks"
    return "audience labels" if part in _AUDIENCE else part.name


class StatisticsReader(LinkReader):
    """LINK_STATS."""

    async def read_stats(
        self, handle: str, link: Link | None, period: Period, parts: frozenset[StatsPart]
    ) -> StatsReport:
        """One call for totals and days, one for each breakdown, one for both kinds of audience labels.

        A period that PicSee cannot count costs no call. Its report is truncated, has no numbers, and covers the period.
        Totals of a link's whole life are those that came with the link. `covered` and `truncated` are then about the
        other parts.

        Raises:
            NotFoundError: PicSee has no such link.
            VendorError: no part could be read.
        """
        slug = self.path_segment(handle, "read statistics")
        today = self.today()
        created = taipei_day(link.created_at) if link and link.created_at else None
        coverage = covered_part(period, today, created, advanced=self.settings.advanced)
        if coverage.days is None:
            return StatsReport(MEASURES, self.clock.now(), covered=period, truncated=True)
        totals = lifetime_totals(link, period, today) if link and TOTALS in parts else None
        missing = (parts & _PARTS) - ({TOTALS} if totals else frozenset())
        details = LinkDetails(self, slug, coverage.days, self.settings.advanced)
        calls = tuple(_calls(details, missing))
        outcomes = await asyncio.gather(*(_outcome(call.report) for call in calls))
        report = _merge(totals, calls, outcomes) or StatsReport(MEASURES, self.clock.now())
        if missing <= _AUDIENCE:
            return report
        return replace(report, covered=coverage.days, truncated=coverage.truncated)

    def known_stats(self, link: Link, period: Period, parts: frozenset[StatsPart]) -> StatsReport | None:
        """The totals of a link's whole life, where PicSee has no other wanted part."""
        return lifetime_totals(link, period, self.today()) if parts & _PARTS == {TOTALS} else None


@dataclass(frozen=True, slots=True)
class Coverage:
    """The days of a period that PicSee counts; `days` is None where it counts none."""

    days: Period | None
    truncated: bool


def covered_part(period: Period, today: date, created: date | None, *, advanced: bool) -> Coverage:
    """The part of `period` within the plan's lookback (DOC). Days before the link was created are no loss."""
    lookback = _ADVANCED_LOOKBACK_DAYS if advanced else _LOOKBACK_DAYS
    # The midnight that begins this day is within the lookback at any time of today.
    earliest = today - timedelta(days=lookback - 1)
    start, end = max(period.start, earliest), min(period.end, today)
    if start > end:
        return Coverage(None, truncated=True)
    first_day = period.start if created is None else max(period.start, created)
    return Coverage(Period(start, end), first_day < earliest)


def lifetime_totals(link: Link, period: Period, today: date) -> StatsReport | None:
    """The totals that came with `link`, where `period` holds its whole life."""
    if link.created_at is None or not period.start <= taipei_day(link.created_at) <= today <= period.end:
        return None
    return link.included


@dataclass(frozen=True, slots=True)
class _StatsCall:
    """A call on its way to a report, and the parts that it reads."""

    parts: frozenset[StatsPart]
    report: Coroutine[Any, Any, StatsReport]


def _calls(details: LinkDetails, parts: frozenset[StatsPart]) -> Iterator[_StatsCall]:
    if daily := parts & _DAILY:
        yield _StatsCall(daily, details.daily_clicks(daily))
    for dimension in BREAKDOWNS:
        if (part := StatsPart.of(dimension)) in parts:
            yield _StatsCall(frozenset({part}), details.breakdown(dimension))
    if audience := parts & _AUDIENCE:
        yield _StatsCall(audience, details.audience_labels(audience))


async def _outcome(report: Coroutine[Any, Any, StatsReport]) -> StatsReport | VendorError:
    try:
        return await report
    except VendorError as error:
        return error


def _merge(
    totals: StatsReport | None, calls: Sequence[_StatsCall], outcomes: Sequence[StatsReport | VendorError]
) -> StatsReport | None:
    """All reports in one, as old as the oldest; None without any.

    Raises:
        VendorError: every call failed, and nothing came with the link. It is the failure of the first call.
    """
    reports = [*([totals] if totals else []), *(each for each in outcomes if isinstance(each, StatsReport))]
    failures: dict[StatsPart, Exception] = {
        part: outcome
        for call, outcome in zip(calls, outcomes, strict=True)
        for part in call.parts
        if isinstance(outcome, VendorError)
    }
    if not reports:
        first = next((each for each in outcomes if isinstance(each, VendorError)), None)
        if first is not None:
            raise first
        return None
    return StatsReport(
        MEASURES,
        min(each.fetched_at for each in reports),
        clicks=next((each.clicks for each in reports if each.clicks is not None), None),
        unique_clicks=next((each.unique_clicks for each in reports if each.unique_clicks is not None), None),
        series=next((each.series for each in reports if each.series is not None), None),
        breakdowns={dimension: rows for each in reports for dimension, rows in each.breakdowns.items()},
        failures=failures | {part: error for each in reports for part, error in each.failures.items()},
    )
