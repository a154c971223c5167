"""Statistics of one link: the fewest calls for the wanted parts, made at the same time, in one report."""

import asyncio
from collections.abc import Coroutine, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final

from linkweave.errors import UnsupportedError, VendorError
from linkweave.models import SERIES, TOTALS, Dimension, Link, Period, StatsPart, StatsReport
from linkweave.providers.picsee.coverage import Coverage, cover, day_created, earliest_day, holds_whole_life
from linkweave.providers.picsee.details import BREAKDOWNS, LinkDetails
from linkweave.providers.picsee.link_reader import LinkReader
from linkweave.providers.picsee.links import MEASURES

DIMENSIONS: Final = frozenset({*BREAKDOWNS, Dimension.INTEREST, Dimension.BRAND_AFFINITY})

# Both come from one endpoint, and are about a link's whole life.
_AUDIENCE: Final = frozenset({StatsPart.of(Dimension.INTEREST), StatsPart.of(Dimension.BRAND_AFFINITY)})
_DAILY: Final = frozenset({TOTALS, SERIES})
_PARTS: Final = frozenset({*_DAILY, *map(StatsPart.of, DIMENSIONS)})
_OPERATION: Final = "read statistics"


# The rate limit of each call that `stats_call` names.
STATS_BUCKETS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "daily clicks": "details",
        "audience labels": "audienceLabels",
        **dict.fromkeys(BREAKDOWNS.values(), "details"),
    }
)


def stats_call(part: StatsPart, known: bool) -> str | None:  # noqa: ARG001 - the same for all links
    """One call for totals and days, one for each breakdown, one for both kinds of audience labels."""
    if part in _DAILY:
        return "daily clicks"
    return "audience labels" if part in _AUDIENCE else BREAKDOWNS.get(part.dimension or Dimension.OS)


class StatisticsReader(LinkReader):
    """LINK_STATS."""

    async def read_stats(
        self, handle: str, link: Link | None, period: Period | None, parts: frozenset[StatsPart]
    ) -> StatsReport:
        """One call for totals and days, one for each breakdown, one for both kinds of audience labels.

        PicSee counts the days of its lookback. Of a period that begins earlier, and in which the link existed, it can
        tell the days within the lookback, but no totals. Audience labels are told where the period holds the link's
        whole life.

        Raises:
            NotFoundError: PicSee has no such link.
            VendorError: no part could be read.
        """
        slug = self.path_segment(handle, _OPERATION)
        if period is None:
            return await self._read_life(handle, link)
        wanted = parts & _PARTS
        if link is None and self._depends_on_age(period, wanted):
            link = await self._existing(handle)
        known = None if link is None else self.known_stats(link, period, parts)
        return known or await self._read_days(slug, link, period, wanted)

    def known_stats(self, link: Link, period: Period | None, parts: frozenset[StatsPart]) -> StatsReport | None:
        """What needs no call: totals of a link's whole life, and days on which the link did not exist."""
        wanted = parts & _PARTS
        if period is None:
            return link.included if wanted == {TOTALS} else None
        coverage = self._cover(period, link)
        if coverage.complete and coverage.days is None and not wanted & _AUDIENCE:
            return _no_clicks(link, coverage.covered, wanted)
        totals = self._totals_of_life(link, period) if wanted == {TOTALS} else None
        return None if totals is None else replace(totals, covered=coverage.covered)

    async def _read_life(self, handle: str, link: Link | None) -> StatsReport:
        if link is None or link.included is None:
            link = await self._existing(handle)
        return link.included or StatsReport(MEASURES, link.fetched_at)

    async def _existing(self, handle: str) -> Link:
        link = await self.read_overview(handle)
        if link is None:
            raise self.not_found(_OPERATION)
        return link

    async def _read_days(
        self, slug: str, link: Link | None, period: Period, wanted: frozenset[StatsPart]
    ) -> StatsReport:
        coverage = self._cover(period, link)
        failures = self._uncountable(wanted, period, link, coverage)
        missing = wanted - failures.keys()
        known = None
        if link is not None and coverage.complete and coverage.days is None:
            known, missing = _no_clicks(link, coverage.covered, missing - _AUDIENCE), missing & _AUDIENCE
        elif TOTALS in missing and (known := self._totals_of_life(link, period)) is not None:
            missing -= {TOTALS}
        details = LinkDetails(self, slug, coverage.days or period, self.settings.advanced)
        calls = tuple(_calls(details, missing))
        outcomes = await asyncio.gather(*(_outcome(call.report) for call in calls))
        report = _merge(known, calls, outcomes) or StatsReport(MEASURES, self.clock.now())
        of_life = wanted <= _AUDIENCE
        return replace(
            report,
            covered=Period(period.start, self.today()) if of_life and not failures else coverage.covered,
            truncated=not (of_life or coverage.complete),
            failures={**report.failures, **failures},
        )

    def _cover(self, period: Period, link: Link | None) -> Coverage:
        return cover(period, self.today(), day_created(link), advanced=self.settings.advanced)

    def _depends_on_age(self, period: Period, wanted: frozenset[StatsPart]) -> bool:
        earliest = earliest_day(self.today(), advanced=self.settings.advanced)
        return period.start < earliest or bool(wanted & _AUDIENCE and self.settings.advanced)

    def _uncountable(
        self, wanted: frozenset[StatsPart], period: Period, link: Link | None, coverage: Coverage
    ) -> Mapping[StatsPart, UnsupportedError]:
        """Why some of `wanted` cannot be told: PicSee would answer with numbers of other days."""
        first = earliest_day(self.today(), advanced=self.settings.advanced)
        problem = f"counts clicks from {first} to {self.today()} only; ask for a range within these days"
        told = wanted if coverage.complete else _AUDIENCE if coverage.days is None else _AUDIENCE | {SERIES}
        failures = dict.fromkeys(wanted - told, self.unsupported(_OPERATION, problem))
        if self.settings.advanced and not holds_whole_life(period, link, self.today()):
            problem = "counts audience labels of a link's whole life only; ask for a range from its first day to today"
            failures |= dict.fromkeys(wanted & _AUDIENCE, self.unsupported("read audience labels", problem))
        return failures

    def _totals_of_life(self, link: Link | None, period: Period) -> StatsReport | None:
        """The totals that came with `link`, where `period` holds its whole life and PicSee counts all of its days."""
        if link is None or not holds_whole_life(period, link, self.today()):
            return None
        return link.included if self._cover(period, link).complete else None


@dataclass(frozen=True, slots=True)
class _StatsCall:
    """A call on its way to a report, and the parts that it reads."""

    parts: frozenset[StatsPart]
    report: Coroutine[Any, Any, StatsReport]


def _no_clicks(link: Link, covered: Period | None, wanted: frozenset[StatsPart]) -> StatsReport:
    """The report of days on which `link` did not exist."""
    zero = 0 if TOTALS in wanted else None
    return StatsReport(
        MEASURES,
        link.fetched_at,
        covered=covered,
        clicks=zero,
        unique_clicks=zero,
        series=() if SERIES in wanted else None,
        breakdowns={part.dimension: () for part in wanted if part.dimension is not None},
    )


def _calls(details: LinkDetails, parts: frozenset[StatsPart]) -> Iterator[_StatsCall]:
    if daily := parts & _DAILY:
        yield _StatsCall(daily, details.daily_clicks(daily))
    for endpoint in dict.fromkeys(BREAKDOWNS.values()):
        wanted = [each for each, path in BREAKDOWNS.items() if path == endpoint and StatsPart.of(each) in parts]
        if wanted:
            yield _StatsCall(frozenset(map(StatsPart.of, wanted)), details.breakdown(endpoint, wanted))
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
