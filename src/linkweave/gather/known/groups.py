"""Clicks by group from the catalog, and how to read them."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from linkweave.accounts import Account
from linkweave.catalog.reads.questions.clicks import CountedDays
from linkweave.catalog.reads.questions.groups import GroupNumbers, GroupOrder, GroupQuestion, KnownGroup, StatsGroup
from linkweave.catalog.reads.questions.links import AccountState
from linkweave.catalog.reads.questions.orders import OrderValue
from linkweave.context.cache_control import forbid_storing
from linkweave.context.task_group import track_task
from linkweave.errors import UnsupportedError
from linkweave.gather.capabilities import unsupported_capability
from linkweave.gather.dataloader import wait_shielded
from linkweave.gather.known.counted_days import last_day_of, measures_of
from linkweave.gather.known.link_lists import KnownLinks, knows_all, with_state
from linkweave.gather.known.points import Interval, points
from linkweave.gather.sources import ReadFrom, Source, SourceStatus, add_loss, record_status
from linkweave.gather.statistics.breakdowns import Breakdown
from linkweave.gather.statistics.sources import StatsSource, measured_by
from linkweave.gather.statistics.statistics import Told
from linkweave.models import Capability, DayClicks, Dimension, Measure, Period
from linkweave.providers.read_capabilities import CanReadStats

if TYPE_CHECKING:
    from linkweave.catalog.reads.series import CountedSpan

SOME_UNKNOWN_NOTICE: Final = "The clicks of some links are not known on each of these days, and are not in the numbers."
ALL_UNKNOWN_NOTICE: Final = "The clicks of these days are not known of any link."


@dataclass(frozen=True, slots=True)
class GroupPage:
    """A page of groups, and what each account contributed."""

    groups: tuple["CountedGroup", ...]
    sources: tuple[StatsSource, ...]
    has_next: bool


@dataclass(slots=True)
class PageSpans:
    """The days of all groups of a page: they are read once, by the first series that is selected."""

    links: KnownLinks
    question: GroupQuestion
    keys: Sequence[str]
    _task: "asyncio.Task[tuple[CountedSpan, ...]] | None" = None

    async def of(self, key: str) -> tuple["CountedSpan", ...]:
        """Returns the days of one group.

        Raises:
            CatalogUnavailableError: the database cannot be used.
        """
        if self._task is None:
            self._task = asyncio.create_task(self.links.reads.spans(self.question, self.keys))
            track_task(self._task)
        return tuple(span for span in await wait_shielded(self._task) if span.key == key)


@dataclass(frozen=True, slots=True)
class CountedGroup:
    """A group of links with its numbers. `complete` is False also where accounts may have links that are not known."""

    known: KnownGroup
    complete: bool
    spans: PageSpans
    period: Period

    async def series(self, interval: Interval, account: str | None = None) -> tuple[DayClicks, ...] | None:
        """Returns the clicks per day, week or month, of all accounts or of one; None where no clicks are known."""
        numbers = self.known.numbers if account is None else dict(self.known.by_account)[account]
        if numbers.clicks is None and numbers.unique_clicks is None:
            return None
        spans = [each for each in await self.spans.of(self.known.key) if account in (None, each.account)]
        counted = (numbers.clicks is not None, numbers.unique_clicks is not None)
        return points(spans, self.period, interval, clicks=counted[0], unique_clicks=counted[1])


@dataclass(frozen=True, slots=True)
class KnownNumbers:
    """The numbers of one account in a group, as statistics. The catalog has no breakdowns."""

    group: CountedGroup
    account: str
    numbers: GroupNumbers

    async def total(self, measure: Measure) -> Told[int]:
        """Returns the sum of `measure` over the links of which it is known; None where it is of none."""
        known = {Measure.CLICKS: self.numbers.clicks, Measure.UNIQUE_CLICKS: self.numbers.unique_clicks}
        return Told(known.get(measure))

    async def series(self) -> Told[tuple[DayClicks, ...]]:
        """Returns the clicks per day."""
        return Told(await self.group.series(Interval.DAY, self.account))

    async def breakdown(self, dimension: Dimension, first: int) -> Told[Breakdown]:  # noqa: ARG002 - as Statistics has it
        """Returns None, and an error that says why."""
        problem = f"{self.account}: the catalog does not know clicks by {dimension.value.lower()}; ask `stats`"
        return Told(None, (UnsupportedError(problem, account=self.account, operation="read statistics"),))


@dataclass(frozen=True, slots=True)
class KnownGroups:
    """The groups of the links that match, over the days of `days`."""

    links: KnownLinks
    group: StatsGroup
    days: CountedDays
    now: datetime

    async def page(self, order: GroupOrder, first: int, after: tuple[OrderValue, str] | None) -> GroupPage:
        """Returns the next `first` groups after `after`.

        Raises:
            CatalogUnavailableError: the database cannot be used.
        """
        forbid_storing()
        accounts = [each.loaders.account for each in self.links.query.accounts]
        providers = tuple((account.key, account.provider.id) for account in accounts)
        question = GroupQuestion(self.group, self.links.question, self.days, providers)
        page = await self.links.reads.groups(question, order, first, after)
        states = await self.links.reads.states([account.key for account in accounts])
        holding = [each.loaders.account for each in self.links.query.accounts if each.loaders.may_hold_links]
        is_whole = all(knows_all(account, states) for account in holding)
        spans = PageSpans(self.links, question, [each.key for each in page.groups])
        period = last_day_of(self.days.period, accounts, self.now)
        groups = (CountedGroup(each, each.numbers.complete and is_whole, spans, period) for each in page.groups)
        sources = tuple(self._sources(page.groups, states))
        return GroupPage(tuple(groups), sources, page.has_next)

    def _sources(self, groups: Sequence[KnownGroup], states: Mapping[str, AccountState]) -> Iterator[StatsSource]:
        for query in self.links.query.accounts:
            account = query.loaders.account
            if not isinstance(account.adapter, CanReadStats):
                yield _unsupported(account)
                continue
            state = states.get(account.key, AccountState())
            parts = [numbers for each in groups for key, numbers in each.by_account if key == account.key]
            source = _with_gaps(with_state(Source(account, read=ReadFrom.CATALOG), state), parts)
            record_status(account, source.status)
            yield StatsSource(
                account,
                source.status,
                measures_of(account),
                bots_excluded=account.adapter.bots_excluded,
                time_zone=account.adapter.time_zone,
                covered=self.days.period if any(map(_is_told, parts)) else None,
                fetched_at=state.statistics_at,
                notice=source.notice,
                measured_by=measured_by(each.is_observed for each in parts if _is_told(each)),
                as_of=state.statistics_at,
            )


def _is_told(numbers: GroupNumbers) -> bool:
    return numbers.clicks is not None or numbers.unique_clicks is not None


def _with_gaps(source: Source, parts: Sequence[GroupNumbers]) -> Source:
    """Returns `source`, and whether clicks of the account's links in the groups are not known."""
    if all(each.complete for each in parts):
        return source
    return add_loss(source, SOME_UNKNOWN_NOTICE if any(map(_is_told, parts)) else ALL_UNKNOWN_NOTICE)


def _unsupported(account: Account) -> StatsSource:
    record_status(account, SourceStatus.UNSUPPORTED)
    error = unsupported_capability(account, Capability.LINK_STATS)
    return StatsSource(account, SourceStatus.UNSUPPORTED, frozenset(), error)
