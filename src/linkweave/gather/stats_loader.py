"""Statistics of one account's links that one request needs: the parts of one report are fetched together."""

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TypeAlias

from linkweave.accounts import Account
from linkweave.concurrency.gather_results import gather_results
from linkweave.context.operation_context import track_freshness
from linkweave.context.task_group import track_task
from linkweave.errors import TooManyCallsError
from linkweave.gather.capabilities import require_capability
from linkweave.gather.dataloader import Loader, LoaderFactory
from linkweave.gather.known.known_account import KnownAccount
from linkweave.gather.known.stats_gaps import fill_gaps
from linkweave.gather.link_loader import LinkLoader
from linkweave.gather.many_stats_loader import ManyStatsLoader
from linkweave.gather.stats_budget import fetch_within_rate, refuse_too_many
from linkweave.models import TOTALS, Period, StatsPart, StatsReport
from linkweave.providers.read_capabilities import CanReadStats

# A link's handle and a period, None for its whole life: one report answers all parts of it.
ReportKey: TypeAlias = tuple[str, Period | None]
PartKey: TypeAlias = tuple[str, Period | None, StatsPart]
Wanted: TypeAlias = Mapping[ReportKey, frozenset[StatsPart]]
Reports: TypeAlias = dict[ReportKey, StatsReport | BaseException]


class StatsLoader:
    """Fetches one report for all parts of a link and a period that are wanted at the same moment."""

    def __init__(
        self,
        account: Account,
        make_loader: LoaderFactory,
        links: LinkLoader,
        many: ManyStatsLoader,
        known: KnownAccount | None = None,
    ) -> None:
        self._account = account
        self._known = known
        self._links = links
        self._many = many
        self._make_loader = make_loader

    @cached_property
    def _batches(self) -> Loader[PartKey, StatsReport]:
        # Made for the first key: most requests have none.
        return self._make_loader(self._fetch)

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
        groups = self._groups(missing)
        grouped = {(handle, period) for period, handles in groups.items() for handle in handles}
        apart = {key: parts - {TOTALS} if key in grouped else parts for key, parts in missing.items()}
        fetches = [self._fetch_singly(adapter, {key: parts for key, parts in apart.items() if parts})]
        fetches += [self._fetch_group(*group) for group in groups.items()]
        # Most requests have no group, and a task takes longer than a cached answer.
        singles, *totals = await asyncio.gather(*fetches) if groups else [await fetches[0]]
        reports |= singles
        of_totals = {key: report for group in totals for key, report in group.items()}
        loaded = [
            of_totals[handle, period] if part == TOTALS and (handle, period) in grouped else reports[handle, period]
            for handle, period, part in keys
        ]
        return await fill_gaps(self._account, self._known, keys, loaded)

    def _groups(self, wanted: Wanted) -> dict[Period | None, list[str]]:
        """The links whose totals are read together, by period: one call counts several, and brings no other part."""
        groups: dict[Period | None, list[str]] = {}
        adapter = self._account.adapter
        if self._many.counts_together(TOTALS):
            for (handle, period), parts in wanted.items():
                others = {adapter.stats_call(part, link_known=True) for part in parts - {TOTALS}}
                if TOTALS in parts and adapter.stats_call(TOTALS, link_known=True) not in others:
                    groups.setdefault(period, []).append(handle)
        return {period: handles for period, handles in groups.items() if len(handles) > 1}

    async def _fetch_group(self, period: Period | None, handles: Sequence[str]) -> Reports:
        totals = await self._many.fetch_totals(handles, period)
        return {(handle, period): totals[handle] for handle in handles}

    async def _fetch_singly(self, adapter: CanReadStats, wanted: Wanted) -> Reports:
        async def fetch(keys: Sequence[ReportKey]) -> Reports:
            reports = await gather_results([self._fetch_report(adapter, *key, wanted[key]) for key in keys])
            return dict(zip(keys, reports, strict=True))

        def refuse(keys: Sequence[ReportKey]) -> TooManyCallsError | None:
            links = [(wanted[key], self._links.known(key[0]) is not None) for key in keys]
            return refuse_too_many(self._account, links)

        return await fetch_within_rate(list(wanted), fetch, refuse)

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
