"""Statistics of one link: the clicks of all its names together."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
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
from linkweave.providers.bitly.click_counts import BREAKDOWNS, OPERATION, ClickReader, Ranking
from linkweave.providers.bitly.coverage import Coverage, cover
from linkweave.providers.bitly.inferred import LOOKBACK_DAYS
from linkweave.providers.bitly.settings import CLICKS, RANKING
from linkweave.providers.bitly.wire import name_of
from linkweave.providers.single_reads import read_each

MEASURES: Final = frozenset({Measure.CLICKS})
_PARTS: Final = frozenset({TOTALS, SERIES, *map(StatsPart.of, BREAKDOWNS)})

T = TypeVar("T")


def stats_call(part: StatsPart, known: bool) -> str | None:  # noqa: ARG001 - the link itself tells no clicks
    """A call for each part; that for the totals is the ranking of all links."""
    if part.dimension is not None:
        return BREAKDOWNS[part.dimension][2] if part.dimension in BREAKDOWNS else None
    return RANKING if part == TOTALS else CLICKS


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
class Counted:
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
        target = await self.target_of(handle, link)
        wanted = parts & _PARTS if period is not None else frozenset({TOTALS})
        coverage = self.coverage_of(target, period)
        failures = self.uncountable(wanted, coverage)
        answers = await self._read(target, period, coverage, frozenset(wanted - failures.keys()))
        good = {part: answer for part, answer in answers.items() if isinstance(answer, Counted)}
        failed = {part: answer for part, answer in answers.items() if isinstance(answer, VendorError)}
        if failed and not good and not failures:
            raise next(iter(failed.values()))
        return self.report(coverage, good, {**failures, **failed})

    async def target_of(self, handle: str, link: Link | None) -> Target:
        """What is to be counted. A link that shows its own id has no other name.

        Raises:
            NotFoundError: the group has no such link.
            VendorError: the link had to be read, and could not be.
        """
        if link is not None and name_of(link.short_url) == handle:
            self.link_path(handle, OPERATION)
            made = link.created_at
            return Target((handle,), made and made.date(), archived=bool(link.archived))
        row, _ = await self.fetch_link(handle, OPERATION)
        return Target(row.names, row.created_at and row.created_at.date(), archived=bool(row.archived))

    def coverage_of(self, target: Target, period: Period | None) -> Coverage | None:
        """The days of `period` that Bitly counts for a link; None for its whole life."""
        return None if period is None else cover(period, self.today(), target.created, self.lookback)

    def window(self, period: Period | None) -> Period | None:
        """The days of `period` that a ranking counts, the same for all links."""
        if period is None:
            return None
        earliest = self.today() - timedelta(days=self.lookback - 1)
        return Period(max(period.start, earliest), min(period.end, self.today()))

    @property
    def lookback(self) -> int:
        """Number of days that Bitly counts on the configured plan, today included."""
        return LOOKBACK_DAYS[self.settings.plan]

    def uncountable(self, wanted: frozenset[StatsPart], coverage: Coverage | None) -> Mapping[StatsPart, VendorError]:
        """Why some of `wanted` cannot be told: Bitly would answer with numbers of fewer days."""
        if coverage is None or coverage.complete:
            return {}
        plan = self.settings.plan
        problem = f"counts the last {self.lookback} days only on the plan {plan!r}; ask for a range within them"
        told = frozenset({SERIES}) if coverage.days is not None else frozenset[StatsPart]()
        return dict.fromkeys(wanted - told, self.unsupported(OPERATION, problem))

    async def count_names(self, target: Target, days: Period | None) -> Counted:
        """The clicks of a link, by a call for each of its names; None is its whole life.

        Raises:
            VendorError: they could not be read.
        """
        if days is not None:
            return await self._series(target, days)
        counts = await read_each(target.names, lambda name: self.life_clicks(name, is_custom=name != target.names[0]))
        return Counted(min(at for _, at in counts), sum(clicks for clicks, _ in counts))

    def report(
        self,
        coverage: Coverage | None,
        good: Mapping[StatsPart, Counted],
        failures: Mapping[StatsPart, VendorError],
    ) -> StatsReport:
        """The report of what was counted."""
        nothing = Counted(self.clock.now())
        rows = {part.dimension: answer.rows or () for part, answer in good.items() if part.dimension is not None}
        return StatsReport(
            MEASURES,
            min((answer.at for answer in good.values()), default=nothing.at),
            covered=None if coverage is None else coverage.covered,
            truncated=coverage is not None and not coverage.complete,
            clicks=good.get(TOTALS, nothing).clicks,
            series=good.get(SERIES, nothing).days,
            breakdowns=rows,
            failures=failures,
        )

    async def _read(
        self, target: Target, period: Period | None, coverage: Coverage | None, wanted: frozenset[StatsPart]
    ) -> dict[StatsPart, Counted | VendorError]:
        days = None if coverage is None else coverage.days
        if coverage is not None and days is None:
            return {part: nothing_of(part, self.clock.now()) for part in wanted}
        reads: dict[frozenset[StatsPart], Awaitable[Counted | VendorError]] = {}
        if days is not None:
            reads = {
                frozenset({part}): outcome(self._breakdown(target, days, part.dimension))
                for part in wanted
                if part.dimension is not None
            }
        if SERIES in wanted and days is not None:
            reads[frozenset(wanted & {SERIES, TOTALS})] = outcome(self._series(target, days))
        elif TOTALS in wanted:
            reads[frozenset({TOTALS})] = outcome(self._total(target, period, days))
        outcomes = await asyncio.gather(*reads.values())
        return {part: result for parts, result in zip(reads, outcomes, strict=True) for part in parts}

    async def _total(self, target: Target, period: Period | None, days: Period | None) -> Counted:
        ranked = ranked_clicks(target, await self.ranking(self.window(period))) if target.is_ranked else None
        return ranked or await self.count_names(target, days)

    async def _series(self, target: Target, days: Period) -> Counted:
        counts = await read_each(
            target.names, lambda name: self.daily_clicks(name, days, is_custom=name != target.names[0])
        )
        counted = sum((each for each, _ in counts), Counter[date]())
        return Counted(min(at for _, at in counts), counted.total(), series_of(counted))

    async def _breakdown(self, target: Target, days: Period, dimension: Dimension) -> Counted:
        counts = await read_each(target.names, lambda name: self.breakdown(name, days, dimension))
        counted = sum((each for each, _ in counts), Counter[str]())
        return Counted(min(at for _, at in counts), rows=rows_of(counted, dimension))


def ranked_clicks(target: Target, ranking: Ranking) -> Counted | None:
    """The clicks of a link by the ranking; None where that does not tell them."""
    clicks = ranking.clicks_of(target.names[0]) if target.is_ranked else None
    return None if clicks is None else Counted(ranking.at, clicks)


def series_of(counted: Counter[date]) -> tuple[DayClicks, ...]:
    """The days, in their order."""
    return tuple(DayClicks(day, counted[day]) for day in sorted(counted))


def rows_of(counted: Counter[str], dimension: Dimension) -> tuple[RawBucket, ...]:
    """The rows of a breakdown. Bitly names countries by their codes (DOC)."""
    has_code = dimension is Dimension.COUNTRY
    return tuple(RawBucket(name, name if has_code else None, clicks) for name, clicks in counted.most_common())


def nothing_of(part: StatsPart, at: datetime) -> Counted:
    """The clicks of days on which a link did not exist."""
    return Counted(at, 0 if part == TOTALS else None, () if part == SERIES else None)


async def outcome(read: Awaitable[T]) -> T | VendorError:
    """What `read` returns, or the error that it raises."""
    try:
        return await read
    except VendorError as error:
        return error
