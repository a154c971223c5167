"""Clicks of one link or of many, per measure and per source."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from linkweave.accounts import Account
from linkweave.concurrency.gather_results import gather_results
from linkweave.errors import InvalidInputError, UnsupportedError, VendorError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.capabilities import unsupported_capability
from linkweave.gather.sources import SourceStatus, is_unsupported, record_partial_sources
from linkweave.gather.statistics.buckets import Breakdown, break_down
from linkweave.gather.statistics.totals import by_day, covered, total
from linkweave.models import SERIES, TOTALS, Capability, DayClicks, Dimension, Measure, Period, StatsPart, StatsReport
from linkweave.providers.read_capabilities import CanReadStats

DEFAULT_DAYS: Final = 30
MAX_DAYS: Final = 1_096
MAX_BUCKETS: Final = 1_000


@dataclass(frozen=True, slots=True)
class DateRange:
    """What a caller asked for; a missing end is today, a missing start is 29 days before the end."""

    start: date | None = None
    end: date | None = None

    def check(self, today: date, field_name: str = "range") -> "DateRange":
        """The range itself.

        Raises:
            InvalidInputError: it starts after its end, or spans more than three years.
        """
        if self.start is not None and self.end is not None and self.start > self.end:
            raise InvalidInputError(f"{field_name}.from", f"{self.start} is after to ({self.end}); it must not be")
        period = self.on(today)
        if (period.end - period.start).days >= MAX_DAYS:
            raise InvalidInputError(field_name, f"covers more than {MAX_DAYS} days; at most that many are allowed")
        return self

    def on(self, today: date) -> Period:
        """The days meant, where the current day is `today`."""
        end = self.end or max(today, self.start or today)
        try:
            start = self.start or end - timedelta(days=DEFAULT_DAYS - 1)
        except OverflowError:
            start = date.min
        return Period(start, end)


@dataclass(frozen=True, slots=True)
class StatsSource:
    """What the numbers of one account mean."""

    account: Account
    status: SourceStatus
    measures: frozenset[Measure]
    error: VendorError | None = None
    bots_excluded: bool | None = None
    time_zone: str | None = None
    covered: Period | None = None
    truncated: bool = False
    fetched_at: datetime | None = None
    notice: str | None = None


@dataclass(frozen=True, slots=True)
class AccountTotals:
    """One account's part of merged totals."""

    account: Account
    clicks: int | None
    unique_clicks: int | None
    bot_clicks: int | None
    links: int


@dataclass(frozen=True, slots=True)
class CountedLink:
    """A link to be counted."""

    loaders: AccountLoaders
    handle: str


@dataclass(frozen=True, slots=True)
class IncompleteAccount:
    """An account of which links are missing, and why; with the error, where one kept them away."""

    account: Account
    reason: str
    error: VendorError | None = None


@dataclass(slots=True)
class Statistics:
    """Numbers of `targets` over a range. Each part is asked of the vendors when it is first read.

    `asked` collects what was read, so that `sources` can tell about exactly that. `cut` are the accounts of
    which some links, or all, are not among the targets.
    """

    targets: Sequence[CountedLink]
    within: DateRange
    cut: Mapping[str, IncompleteAccount] = field(default_factory=dict)
    asked: set[StatsPart] = field(default_factory=set)

    async def clicks(self) -> int | None:
        """All clicks; None where no account counts them."""
        return total(report.clicks for report in await self._reports(TOTALS))

    async def unique_clicks(self) -> int | None:
        """Unique clicks; None where no account counts them."""
        return total(report.unique_clicks for report in await self._reports(TOTALS))

    async def bot_clicks(self) -> int | None:
        """Clicks of bots; None where no account counts them."""
        return total(report.bot_clicks for report in await self._reports(TOTALS))

    async def series(self) -> tuple[DayClicks, ...] | None:
        """Clicks per day, oldest first; None where no account tells days."""
        told = [report.series for report in await self._reports(SERIES) if report.series is not None]
        return by_day(day for series in told for day in series) if told else None

    async def breakdown(self, dimension: Dimension, first: int) -> Breakdown | None:
        """The `first` largest buckets; None where no account tells this dimension."""
        if not 1 <= first <= MAX_BUCKETS:
            raise InvalidInputError("first", f"{first} is not allowed; it must be from 1 to {MAX_BUCKETS}")
        part = StatsPart.of(dimension)
        rows = [report.breakdowns.get(dimension) for report in await self._reports(part)]
        told = [buckets for buckets in rows if buckets is not None]
        return break_down(dimension, (row for buckets in told for row in buckets), first) if told else None

    async def by_account(self) -> tuple[AccountTotals, ...]:
        """The totals of each account that has links here."""
        self.asked.add(TOTALS)
        groups = self._groups()
        loaded = await asyncio.gather(*(self._load(targets, TOTALS) for targets in groups.values()))
        return tuple(
            AccountTotals(
                targets[0].loaders.account,
                total(report.clicks for report in reports),
                total(report.unique_clicks for report in reports),
                total(report.bot_clicks for report in reports),
                len(targets),
            )
            for targets, (reports, _) in zip(groups.values(), loaded, strict=True)
        )

    async def sources(self) -> tuple[StatsSource, ...]:
        """What each account contributed to the parts that were read beside this."""
        # Whatever is selected beside this field has started by the next turn of the loop, and is in `asked` then.
        await asyncio.sleep(0)
        parts = sorted(self.asked, key=lambda part: part.name)
        groups = self._groups()
        accounts = {key: targets[0].loaders.account for key, targets in groups.items()}
        accounts |= {key: cut.account for key, cut in self.cut.items()}
        asked = (self._source(account, groups.get(key, ()), parts) for key, account in accounts.items())
        return tuple(await asyncio.gather(*asked))

    async def _reports(self, part: StatsPart) -> list[StatsReport]:
        """What could be told of `part`; raises when something failed and nothing could."""
        self.asked.add(part)
        reports, errors = await self._load(self.targets, part)
        errors += [cut.error for cut in self.cut.values() if cut.error is not None and not is_unsupported(cut.error)]
        if errors and not reports:
            raise errors[0]
        return reports

    async def _load(
        self, targets: Sequence[CountedLink], part: StatsPart
    ) -> tuple[list[StatsReport], list[VendorError]]:
        able = [target for target in targets if _tells(target.loaders.account, part)]
        loaded = await gather_results(
            [target.loaders.stats(target.handle, self._period(target), part) for target in able]
        )
        record_partial_sources(
            (target.loaders.account, _status_of(each)) for target, each in zip(able, loaded, strict=True)
        )
        reports = [each for each in loaded if isinstance(each, StatsReport)]
        errors = [each for each in loaded if isinstance(each, VendorError)]
        unexpected = [each for each in loaded if not isinstance(each, StatsReport | VendorError)]
        if unexpected:
            raise unexpected[0]
        return reports, errors

    async def _source(
        self, account: Account, targets: Sequence[CountedLink], parts: Sequence[StatsPart]
    ) -> StatsSource:
        adapter, cut = account.adapter, self.cut.get(account.key)
        missing = None if cut is None else cut.error
        if not isinstance(adapter, CanReadStats):
            refusal: UnsupportedError = unsupported_capability(account, Capability.LINK_STATS)
            return StatsSource(account, SourceStatus.UNSUPPORTED, frozenset(), refusal)
        loaded = await asyncio.gather(*(self._load(targets, part) for part in parts))
        reports = [report for told, _ in loaded for report in told]
        errors = [error for _, failed in loaded for error in failed]
        stale = [each.stale_because for each in reports if isinstance(each.stale_because, VendorError)]
        status = _status(reports, errors, cut, counted=bool(targets))
        if status is SourceStatus.OK and stale:
            status = SourceStatus.STALE
        return StatsSource(
            account,
            status,
            adapter.measures,
            errors[0] if errors else missing or next(iter(stale), None),
            adapter.bots_excluded,
            adapter.time_zone,
            covered(reports),
            any(report.truncated for report in reports),
            min((report.fetched_at for report in reports), default=None),
            None if cut is None or missing is not None else cut.reason,
        )

    def _period(self, target: CountedLink) -> Period:
        return self.within.on(target.loaders.account.adapter.today())

    def _groups(self) -> dict[str, list[CountedLink]]:
        groups: dict[str, list[CountedLink]] = {}
        for target in self.targets:
            groups.setdefault(target.loaders.key, []).append(target)
        return groups


def _status_of(loaded: object) -> SourceStatus:
    if not isinstance(loaded, StatsReport):
        return SourceStatus.FAILED
    return SourceStatus.OK if loaded.stale_because is None else SourceStatus.STALE


def _tells(account: Account, part: StatsPart) -> bool:
    adapter = account.adapter
    if not isinstance(adapter, CanReadStats):
        return False
    return part.dimension is None or part.dimension in adapter.stats_dimensions


def _status(
    reports: Sequence[StatsReport], errors: Sequence[VendorError], cut: IncompleteAccount | None, *, counted: bool
) -> SourceStatus:
    """How much of an account was told; `counted` when any of its links were to be."""
    cut_by = None if cut is None else cut.error
    if is_unsupported(cut_by):
        return SourceStatus.UNSUPPORTED
    if (errors and not reports) or (cut_by is not None and not counted):
        return SourceStatus.FAILED
    return SourceStatus.PARTIAL if errors or cut is not None else SourceStatus.OK
