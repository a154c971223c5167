"""Statistics of one account's links that one request needs: the parts of one report are fetched together."""

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from linkweave.accounts import Account
from linkweave.concurrency.gather_results import gather_results
from linkweave.context.cache_alone import NotCachedError, use_cache_alone
from linkweave.context.operation_context import track_freshness
from linkweave.context.task_group import track_task
from linkweave.errors import TooManyCallsError
from linkweave.gather.capabilities import require_capability
from linkweave.gather.dataloader import Loader, LoaderFactory
from linkweave.gather.link_loader import LinkLoader
from linkweave.gather.stats_budget import refuse_too_many
from linkweave.models import Period, StatsPart, StatsReport
from linkweave.providers.read_capabilities import CanReadStats

# A link's handle and a period, None for its whole life: one report answers all parts of it.
ReportKey: TypeAlias = tuple[str, Period | None]
PartKey: TypeAlias = tuple[str, Period | None, StatsPart]
Wanted: TypeAlias = Mapping[ReportKey, frozenset[StatsPart]]
Reports: TypeAlias = dict[ReportKey, StatsReport | BaseException]


class StatsLoader:
    """Fetches one report for all parts of a link and a period that are wanted at the same moment."""

    def __init__(self, account: Account, make_loader: LoaderFactory, links: LinkLoader) -> None:
        self._account = account
        self._links = links
        self._batches: Loader[PartKey, StatsReport] = make_loader(self._fetch)

    def load(self, handle: str, period: Period | None, part: StatsPart) -> Awaitable[StatsReport]:
        """Returns the report with `part`, or with the reason in its failures, together with what is loaded now.

        Waiters must not cancel it: others may wait for the same report.

        Raises:
            VendorError: no part of the report could be fetched, or the provider does not offer statistics.
        """
        return self._batches.load((handle, period, part))

    async def _fetch(self, keys: list[PartKey]) -> Sequence[StatsReport | BaseException]:
        track_task(asyncio.current_task())
        adapter = require_capability(self._account, CanReadStats)
        wanted: dict[ReportKey, set[StatsPart]] = {}
        for handle, period, part in keys:
            wanted.setdefault((handle, period), set()).add(part)
        reports: Reports = {
            key: report
            for key, parts in wanted.items()
            if (report := self._known_report(adapter, *key, frozenset(parts))) is not None
        }
        missing = {key: frozenset(parts) for key, parts in wanted.items() if key not in reports}
        reports |= await self._fetch_within_rate(adapter, missing)
        return [reports[handle, period] for handle, period, _ in keys]

    async def _fetch_within_rate(self, adapter: CanReadStats, wanted: Wanted) -> Reports:
        """Fetches all reports; where that needs too many calls, those that the cache holds, and the rest if it fits."""
        if self._refusal(wanted) is None:
            return await self._fetch_reports(adapter, wanted)
        with use_cache_alone():
            reports = await self._fetch_reports(adapter, wanted)
        rest = {key: parts for key, parts in wanted.items() if isinstance(reports[key], NotCachedError)}
        refusal = self._refusal(rest)
        if refusal is None:
            return reports | await self._fetch_reports(adapter, rest)
        return reports | {key: refusal.copy() for key in rest}

    async def _fetch_reports(self, adapter: CanReadStats, wanted: Wanted) -> Reports:
        fetched = await gather_results([self._fetch_report(adapter, *key, parts) for key, parts in wanted.items()])
        return dict(zip(wanted, fetched, strict=True))

    def _refusal(self, wanted: Wanted) -> TooManyCallsError | None:
        links = [(parts, self._links.known(handle) is not None) for (handle, _), parts in wanted.items()]
        return refuse_too_many(self._account, links)

    def _known_report(
        self, adapter: CanReadStats, handle: str, period: Period | None, parts: frozenset[StatsPart]
    ) -> StatsReport | None:
        """Returns the numbers that came with the link, where they answer all of `parts`."""
        link = self._links.known(handle)
        report = None if link is None else adapter.known_stats(link, period, parts)
        stale_because = self._links.stale_because(handle)
        return report if report is None or stale_because is None else replace(report, stale_because=stale_because)

    async def _fetch_report(
        self, adapter: CanReadStats, handle: str, period: Period | None, parts: frozenset[StatsPart]
    ) -> StatsReport:
        with track_freshness() as freshness:
            report = await adapter.read_stats(handle, self._links.known(handle), period, parts)
        # A report that was made without a call has the numbers that came with the link, and their age.
        called = bool(freshness.accounts)
        stale_because = freshness.stale.get(self._account.key) if called else self._links.stale_because(handle)
        return report if stale_because is None else replace(report, stale_because=stale_because)
