"""Statistics of many links: their totals by the ranking of the group, and days and breakdowns of the whole group."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date
from typing import Final

from linkweave.errors import PlanRequiredError, TooManyCallsError, VendorError
from linkweave.models import SERIES, TOTALS, Dimension, Link, Period, StatsPart, StatsReport
from linkweave.providers.bitly.click_counts import OPERATION, Ranking
from linkweave.providers.bitly.inferred import CALLS_AN_HOUR, PAGE_SIZE
from linkweave.providers.bitly.settings import SMALL_PLANS
from linkweave.providers.bitly.statistics import (
    Counted,
    StatisticsReader,
    Target,
    nothing_of,
    outcome,
    ranked_clicks,
    rows_of,
    series_of,
)
from linkweave.providers.bitly.wire import GroupClicksAnswer, name_of
from linkweave.providers.single_reads import read_each
from linkweave.providers.wire import parse_moment

_ALL_LINKS: Final = 1_000_000
"""Stands for the number of links of any group."""
_MAX_SINGLE_CALLS: Final = CALLS_AN_HOUR // 10
"""Maximum number of links that are counted one by one for one question: the calls of a minute."""
_OF_GROUPS: Final = frozenset({StatsPart.of(Dimension.COUNTRY), StatsPart.of(Dimension.DEVICE)})


class ManyStatisticsReader(StatisticsReader):
    """BATCH_STATS."""

    def links_per_call(self, part: StatsPart, *, whole_account: bool = False) -> int:
        """Totals of the 100 links with the most clicks; everything of the whole group.

        Small plans have no clicks of the group (DOC).
        """
        told = part in _OF_GROUPS or (part in {TOTALS, SERIES} and self.settings.plan not in SMALL_PLANS)
        if whole_account and told:
            return _ALL_LINKS
        return PAGE_SIZE if part == TOTALS else 1

    async def read_totals(
        self, links: Sequence[Link], period: Period | None
    ) -> Mapping[str, StatsReport | VendorError]:
        """One call for all links in the ranking, and calls for each of the others, unless these are too many."""
        targets = dict(zip((link.handle for link in links), await self._targets(links), strict=True))
        ranking: Ranking | VendorError | None = None
        if any(isinstance(each, Target) and self._is_in_ranking(each, period) for each in targets.values()):
            ranking = await outcome(self.ranking(self.window(period)))
        results: dict[str, StatsReport | VendorError] = {}
        single: dict[str, Target] = {}
        for handle, target in targets.items():
            told = target if isinstance(target, VendorError) else self._told(target, period, ranking)
            if told is not None:
                results[handle] = told
            elif isinstance(target, Target):
                single[handle] = target
        return {**results, **await self._count_singly(single, period)}

    async def read_sums(
        self, links: Sequence[Link], period: Period, parts: frozenset[StatsPart], *, whole_account: bool = False
    ) -> Sequence[StatsReport | VendorError]:
        """One call for each part of the whole group, and one for totals and days; nothing else is counted together.

        A plan without the clicks of the group has those of each link.
        """
        if not whole_account or not parts:
            return ()
        made = [None if link.created_at is None else link.created_at.date() for link in links]
        oldest = None if None in made else min((day for day in made if day is not None), default=None)
        group = Target(("",), oldest, archived=False)
        coverage = self.coverage_of(group, period)
        failures = self.uncountable(parts, coverage)
        wanted = [part for part in sorted(parts, key=lambda part: part.name) if part not in failures]
        if coverage is None or coverage.days is None:
            good = {part: nothing_of(part, self.clock.now()) for part in wanted}
            return (self.report(coverage, good, failures),)
        days = coverage.days
        counted = await asyncio.gather(*(outcome(self._of_group(days, part)) for part in wanted))
        answers = dict(zip(wanted, counted, strict=True))
        if isinstance(answers.get(TOTALS), PlanRequiredError):
            answers[TOTALS] = await self._add_up(links, period)
        good = {part: answer for part, answer in answers.items() if isinstance(answer, Counted)}
        failed = {part: answer for part, answer in answers.items() if isinstance(answer, VendorError)}
        return (self.report(coverage, good, {**failures, **failed}),)

    async def _targets(self, links: Sequence[Link]) -> list[Target | VendorError]:
        """What is to be counted of each link. One with a back-half is read before, for all of its names."""
        to_read = sum(name_of(link.short_url) != link.handle for link in links)
        refusal = self._too_many(to_read) if to_read > _MAX_SINGLE_CALLS else None

        async def read(link: Link) -> Target | VendorError:
            if refusal is not None and name_of(link.short_url) != link.handle:
                return refusal
            return await outcome(self.target_of(link.handle, link))

        return await read_each(links, read)

    def _is_in_ranking(self, target: Target, period: Period | None) -> bool:
        """Whether the ranking may tell the clicks of a link over `period`."""
        coverage = self.coverage_of(target, period)
        return target.is_ranked and (coverage is None or (coverage.complete and coverage.days is not None))

    def _told(
        self, target: Target, period: Period | None, ranking: Ranking | VendorError | None
    ) -> StatsReport | VendorError | None:
        """The totals as far as they are known without a call of the link's own; None where it needs some."""
        coverage = self.coverage_of(target, period)
        if coverage is not None and not coverage.complete:
            return self._totals_report(target, period, None)
        if coverage is not None and coverage.days is None:
            return self._totals_report(target, period, nothing_of(TOTALS, self.clock.now()))
        if not target.is_ranked or ranking is None:
            return None
        if isinstance(ranking, VendorError):
            return ranking
        counted = ranked_clicks(target, ranking)
        return None if counted is None else self._totals_report(target, period, counted)

    def _totals_report(self, target: Target, period: Period | None, counted: Counted | None) -> StatsReport:
        coverage = self.coverage_of(target, period)
        failures = self.uncountable(frozenset({TOTALS}), coverage)
        return self.report(coverage, {} if counted is None or failures else {TOTALS: counted}, failures)

    async def _count_singly(
        self, targets: Mapping[str, Target], period: Period | None
    ) -> Mapping[str, StatsReport | VendorError]:
        calls = sum(len(target.names) for target in targets.values())
        if calls > _MAX_SINGLE_CALLS:
            return dict.fromkeys(targets, self._too_many(calls))

        async def count(target: Target) -> StatsReport | VendorError:
            coverage = self.coverage_of(target, period)
            counted = await outcome(self.count_names(target, None if coverage is None else coverage.days))
            return counted if isinstance(counted, VendorError) else self._totals_report(target, period, counted)

        return dict(zip(targets, await read_each(targets.values(), count), strict=True))

    def _too_many(self, calls: int) -> TooManyCallsError:
        """Why links are not counted one by one: they would take the calls of some minutes, and much of a month's."""
        problem = f"needs {calls} calls for links outside the {PAGE_SIZE} with the most clicks, or with back-halves"
        error = self.error(TooManyCallsError, f"{problem}; ask for fewer links", OPERATION)
        error.calls, error.max_calls = calls, _MAX_SINGLE_CALLS
        return error

    async def _add_up(self, links: Sequence[Link], period: Period) -> Counted | VendorError:
        """The sum of the totals of all links, each for itself."""
        told = await self.read_totals(links, period)
        reports = [report for report in told.values() if isinstance(report, StatsReport)]
        failures = [failure for failure in told.values() if isinstance(failure, VendorError)]
        failures += [failure for report in reports if isinstance(failure := report.failures.get(TOTALS), VendorError)]
        if failures:
            return failures[0]
        at = min((report.fetched_at for report in reports), default=self.clock.now())
        return Counted(at, sum(report.clicks or 0 for report in reports))

    async def _of_group(self, days: Period, part: StatsPart) -> Counted:
        if part.dimension is not None:
            counted, at = await self.group_breakdown(days, part.dimension)
            return Counted(at, rows=rows_of(counted, part.dimension))
        call = await self.group_call("/clicks", days)
        answer, fetched = await self.fetch(GroupClicksAnswer, call)
        by_day: Counter[date] = Counter()
        try:
            for row in answer.data:
                by_day[parse_moment(row.ts).astimezone(UTC).date()] += row.count
        except ValueError:
            raise self.bad_response(call, "a day has an unexpected shape") from None
        self.require_all_rows(answer, call)
        within = {day: clicks for day, clicks in by_day.items() if clicks and days.start <= day <= days.end}
        return Counted(fetched.at, sum(within.values()), series_of(Counter(within)))
