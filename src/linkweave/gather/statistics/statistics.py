"""Clicks of one link or of many, per measure and per account."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from linkweave.accounts import Account
from linkweave.concurrency.gather_results import gather_results
from linkweave.errors import InvalidInputError, VendorError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.capabilities import unsupported_capability
from linkweave.gather.sources import SourceStatus, is_unsupported, record_partial_sources
from linkweave.gather.statistics.buckets import Breakdown, break_down
from linkweave.gather.statistics.date_range import DateRange
from linkweave.gather.statistics.totals import by_day, covered, total
from linkweave.models import SERIES, TOTALS, Capability, DayClicks, Dimension, Measure, Period, StatsPart, StatsReport
from linkweave.providers.read_capabilities import CanReadStats

MAX_BUCKETS: Final = 1_000


@dataclass(frozen=True, slots=True)
class StatsSource:
    """What the numbers of one account cover."""

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
    """A link whose clicks are counted."""

    loaders: AccountLoaders
    handle: str


@dataclass(frozen=True, slots=True)
class IncompleteAccount:
    """An account of which some links are not counted, the reason, and the error where one is the reason."""

    account: Account
    reason: str
    error: VendorError | None = None


@dataclass(slots=True)
class Statistics:
    """The numbers of `links` over a range. Each part is fetched when it is first read.

    `parts` collects the parts that were read, so that `sources` reports on these parts only. `incomplete` are the
    accounts of which some or all links are missing in `links`.
    """

    links: Sequence[CountedLink]
    date_range: DateRange
    incomplete: Mapping[str, IncompleteAccount] = field(default_factory=dict)
    parts: set[StatsPart] = field(default_factory=set)

    async def clicks(self) -> int | None:
        """Returns all clicks; None where no account counts them."""
        return total(report.clicks for report in await self._reports(TOTALS))

    async def unique_clicks(self) -> int | None:
        """Returns the unique clicks; None where no account counts them."""
        return total(report.unique_clicks for report in await self._reports(TOTALS))

    async def bot_clicks(self) -> int | None:
        """Returns the clicks of bots; None where no account counts them."""
        return total(report.bot_clicks for report in await self._reports(TOTALS))

    async def series(self) -> tuple[DayClicks, ...] | None:
        """Returns the clicks per day, oldest first; None where no account tells days."""
        series = [report.series for report in await self._reports(SERIES) if report.series is not None]
        return by_day(day for days in series for day in days) if series else None

    async def breakdown(self, dimension: Dimension, first: int) -> Breakdown | None:
        """Returns the `first` largest buckets; None where no account tells this dimension."""
        if not 1 <= first <= MAX_BUCKETS:
            raise InvalidInputError("first", f"{first} is not allowed; it must be from 1 to {MAX_BUCKETS}")
        reports = await self._reports(StatsPart.of(dimension))
        breakdowns = [report.breakdowns[dimension] for report in reports if dimension in report.breakdowns]
        return break_down(dimension, (row for rows in breakdowns for row in rows), first) if breakdowns else None

    async def by_account(self) -> tuple[AccountTotals, ...]:
        """Returns the totals of each account that has links here."""
        self.parts.add(TOTALS)
        groups = self._groups()
        loaded = await asyncio.gather(*(self._load(links, TOTALS) for links in groups.values()))
        return tuple(
            AccountTotals(
                links[0].loaders.account,
                total(report.clicks for report in reports),
                total(report.unique_clicks for report in reports),
                total(report.bot_clicks for report in reports),
                len(links),
            )
            for links, (reports, _) in zip(groups.values(), loaded, strict=True)
        )

    async def sources(self) -> tuple[StatsSource, ...]:
        """Returns what each account contributed to the parts that were read."""
        # Fields that are selected beside this one start before the next turn of the loop, and are in `parts` then.
        await asyncio.sleep(0)
        parts = sorted(self.parts, key=lambda part: part.name)
        groups = self._groups()
        accounts = {key: links[0].loaders.account for key, links in groups.items()}
        accounts |= {key: each.account for key, each in self.incomplete.items()}
        sources = (self._source(account, groups.get(key, ()), parts) for key, account in accounts.items())
        return tuple(await asyncio.gather(*sources))

    async def _reports(self, part: StatsPart) -> list[StatsReport]:
        """Returns the reports with `part`. Raises the first error where there is no report."""
        self.parts.add(part)
        reports, errors = await self._load(self.links, part)
        missing = [each.error for each in self.incomplete.values()]
        errors += [error for error in missing if error is not None and not is_unsupported(error)]
        if errors and not reports:
            raise errors[0]
        return reports

    async def _load(self, links: Sequence[CountedLink], part: StatsPart) -> tuple[list[StatsReport], list[VendorError]]:
        counted = [link for link in links if _offers(link.loaders.account, part)]
        loaded = await gather_results([link.loaders.stats(link.handle, self._period(link), part) for link in counted])
        record_partial_sources(
            (link.loaders.account, _report_status(each)) for link, each in zip(counted, loaded, strict=True)
        )
        reports = [each for each in loaded if isinstance(each, StatsReport)]
        errors = [each for each in loaded if isinstance(each, VendorError)]
        unexpected = [each for each in loaded if not isinstance(each, StatsReport | VendorError)]
        if unexpected:
            raise unexpected[0]
        return reports, errors

    async def _source(self, account: Account, links: Sequence[CountedLink], parts: Sequence[StatsPart]) -> StatsSource:
        adapter, incomplete = account.adapter, self.incomplete.get(account.key)
        if not isinstance(adapter, CanReadStats):
            error: VendorError = unsupported_capability(account, Capability.LINK_STATS)
            return StatsSource(account, SourceStatus.UNSUPPORTED, frozenset(), error)
        loaded = await asyncio.gather(*(self._load(links, part) for part in parts))
        reports = [report for each, _ in loaded for report in each]
        errors = [error for _, each in loaded for error in each]
        stale = [each.stale_because for each in reports if isinstance(each.stale_because, VendorError)]
        status = _status(reports, errors, incomplete, counted=bool(links))
        if status is SourceStatus.OK and stale:
            status = SourceStatus.STALE
        missing = None if incomplete is None else incomplete.error
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
            None if incomplete is None or missing is not None else incomplete.reason,
        )

    def _period(self, link: CountedLink) -> Period:
        return self.date_range.resolve(link.loaders.account.adapter.today())

    def _groups(self) -> dict[str, list[CountedLink]]:
        groups: dict[str, list[CountedLink]] = {}
        for link in self.links:
            groups.setdefault(link.loaders.key, []).append(link)
        return groups


def _report_status(loaded: object) -> SourceStatus:
    if not isinstance(loaded, StatsReport):
        return SourceStatus.FAILED
    return SourceStatus.OK if loaded.stale_because is None else SourceStatus.STALE


def _offers(account: Account, part: StatsPart) -> bool:
    adapter = account.adapter
    if not isinstance(adapter, CanReadStats):
        return False
    return part.dimension is None or part.dimension in adapter.stats_dimensions


def _status(
    reports: Sequence[StatsReport],
    errors: Sequence[VendorError],
    incomplete: IncompleteAccount | None,
    *,
    counted: bool,
) -> SourceStatus:
    """Returns how much of an account is in the numbers. `counted` is whether any of its links are counted."""
    missing = None if incomplete is None else incomplete.error
    if is_unsupported(missing):
        return SourceStatus.UNSUPPORTED
    if (errors and not reports) or (missing is not None and not counted):
        return SourceStatus.FAILED
    return SourceStatus.PARTIAL if errors or incomplete is not None else SourceStatus.OK
