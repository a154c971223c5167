"""Statistics of one link: the clicks of all its names together."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, TypeVar

from linkweave.errors import VendorError
from linkweave.models import (
    SERIES,
    TOTALS,
    DayClicks,
    Dimension,
    Link,
    Measure,
    Period,
    RawBucket,
    StatsPart,
    StatsReport,
)
from linkweave.providers.bitly.click_counts import BREAKDOWNS, OPERATION, ClickReader
from linkweave.providers.bitly.coverage import Coverage, cover
from linkweave.providers.bitly.inferred import LOOKBACK_DAYS
from linkweave.providers.bitly.wire import name_of
from linkweave.providers.single_reads import read_each

MEASURES: Final = frozenset({Measure.CLICKS})
_PARTS: Final = frozenset({TOTALS, SERIES, *map(StatsPart.of, BREAKDOWNS)})

T = TypeVar("T")


def stats_call(part: StatsPart, known: bool) -> str | None:  # noqa: ARG001 - the link itself tells no clicks
    """One call for totals and days, and one for each breakdown."""
    if part.dimension is not None:
        return BREAKDOWNS[part.dimension][2] if part.dimension in BREAKDOWNS else None
    return "clicks"


@dataclass(frozen=True, slots=True)
class Target:
    """A link to count: its names, of which the first is its id, and what is known of it."""

    names: tuple[str, ...]
    created: date | None
    archived: bool

    @property
    def is_ranked(self) -> bool:
        """Whether the ranking of the group tells all clicks of the link: it counts each name by itself."""
        return len(self.names) == 1 and not self.archived


@dataclass(frozen=True, slots=True)
class _Counted:
    """A part as it was counted, and when."""

    at: datetime
    clicks: int | None = None
    days: tuple[DayClicks, ...] | None = None
    rows: tuple[RawBucket, ...] | None = None


class StatisticsReader(ClickReader):
    """LINK_STATS."""

    async def read_stats(
        self, handle: str, link: Link | None, period: Period | None, parts: frozenset[StatsPart]
    ) -> StatsReport:
        """Totals alone come from the ranking of the group, by one call for all of its links.

        Each name of a link is counted by itself (DOC), so that a link with a custom back-half is read first.

        Raises:
            NotFoundError: the group has no such link.
            VendorError: no part could be read.
        """
        target = await self._target(handle, link)
        if period is None:
            clicks, at = await self._life(target)
            return StatsReport(MEASURES, at, clicks=clicks)
        wanted = parts & _PARTS
        coverage = cover(period, self.today(), target.created, LOOKBACK_DAYS[self.settings.plan])
        failures = self._uncountable(wanted, coverage)
        answers = await self._read(target, coverage.days, wanted - failures.keys())
        good = {part: answer for part, answer in answers.items() if isinstance(answer, _Counted)}
        failed = {part: answer for part, answer in answers.items() if isinstance(answer, VendorError)}
        if failed and not good and not failures:
            raise next(iter(failed.values()))
        return self._report(coverage, good, {**failures, **failed})

    async def _target(self, handle: str, link: Link | None) -> Target:
        """What is to be counted. A link that shows its own id has no other name."""
        if link is not None and name_of(link.short_url) == handle:
            self.link_path(handle, OPERATION)
            made = link.created_at
            return Target((handle,), made and made.date(), archived=bool(link.archived))
        row, _ = await self.fetch_link(handle, OPERATION)
        return Target(row.names, row.created_at and row.created_at.date(), archived=bool(row.archived))

    async def _life(self, target: Target) -> tuple[int, datetime]:
        if target.is_ranked:
            ranking = await self.ranking(None)
            clicks = ranking.clicks_of(target.names[0])
            if clicks is not None:
                return clicks, ranking.at
        counts = await read_each(target.names, lambda name: self.life_clicks(name, is_custom=name != target.names[0]))
        return sum(clicks for clicks, _ in counts), min(at for _, at in counts)

    def _uncountable(self, wanted: frozenset[StatsPart], coverage: Coverage) -> Mapping[StatsPart, VendorError]:
        """Why some of `wanted` cannot be told: Bitly would answer with numbers of fewer days."""
        if coverage.complete:
            return {}
        lookback = LOOKBACK_DAYS[self.settings.plan]
        problem = (
            f"counts the last {lookback} days only on the plan {self.settings.plan!r}; ask for a range within them"
        )
        told = frozenset({SERIES}) if coverage.days is not None else frozenset[StatsPart]()
        return dict.fromkeys(wanted - told, self.unsupported(OPERATION, problem))

    async def _read(
        self, target: Target, days: Period | None, wanted: frozenset[StatsPart]
    ) -> dict[StatsPart, _Counted | VendorError]:
        if days is None:
            return {part: _nothing(part, self.clock.now()) for part in wanted}
        reads: dict[frozenset[StatsPart], Awaitable[_Counted | VendorError]] = {
            frozenset({part}): _outcome(self._breakdown(target, days, part.dimension))
            for part in wanted
            if part.dimension is not None
        }
        if SERIES in wanted:
            reads[frozenset(wanted & {SERIES, TOTALS})] = _outcome(self._series(target, days))
        elif TOTALS in wanted:
            reads[frozenset({TOTALS})] = _outcome(self._total(target, days))
        outcomes = await asyncio.gather(*reads.values())
        return {part: outcome for parts, outcome in zip(reads, outcomes, strict=True) for part in parts}

    async def _total(self, target: Target, days: Period) -> _Counted:
        if target.is_ranked:
            ranking = await self.ranking(days)
            clicks = ranking.clicks_of(target.names[0])
            if clicks is not None:
                return _Counted(ranking.at, clicks)
        return await self._series(target, days)

    async def _series(self, target: Target, days: Period) -> _Counted:
        counts = await read_each(
            target.names, lambda name: self.daily_clicks(name, days, is_custom=name != target.names[0])
        )
        counted = sum((each for each, _ in counts), Counter[date]())
        series = tuple(DayClicks(day, counted[day]) for day in sorted(counted))
        return _Counted(min(at for _, at in counts), counted.total(), series)

    async def _breakdown(self, target: Target, days: Period, dimension: Dimension) -> _Counted:
        counts = await read_each(target.names, lambda name: self.breakdown(name, days, dimension))
        counted = sum((each for each, _ in counts), Counter[str]())
        has_code = dimension is Dimension.COUNTRY
        rows = tuple(RawBucket(name, name if has_code else None, clicks) for name, clicks in counted.most_common())
        return _Counted(min(at for _, at in counts), rows=rows)

    def _report(
        self, coverage: Coverage, good: Mapping[StatsPart, _Counted], failures: Mapping[StatsPart, VendorError]
    ) -> StatsReport:
        nothing = _Counted(self.clock.now())
        return StatsReport(
            MEASURES,
            min((answer.at for answer in good.values()), default=nothing.at),
            covered=coverage.covered,
            truncated=not coverage.complete,
            clicks=good.get(TOTALS, nothing).clicks,
            series=good.get(SERIES, nothing).days,
            breakdowns={
                part.dimension: answer.rows or () for part, answer in good.items() if part.dimension is not None
            },
            failures=failures,
        )


def _nothing(part: StatsPart, at: datetime) -> _Counted:
    """The clicks of days on which the link did not exist."""
    return _Counted(at, 0 if part == TOTALS else None, () if part == SERIES else None)


async def _outcome(read: Awaitable[T]) -> T | VendorError:
    try:
        return await read
    except VendorError as error:
        return error
