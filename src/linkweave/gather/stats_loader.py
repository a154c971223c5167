"""Statistics of one account's links that one request needs: the parts of one report are fetched together."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeAlias

from linkweave.accounts import Account
from linkweave.concurrency.gather_results import gather_results
from linkweave.context.operation_context import track_freshness
from linkweave.context.task_group import track_task
from linkweave.gather.capabilities import require_capability
from linkweave.gather.dataloader import Loader, LoaderFactory, wait_shielded
from linkweave.gather.link_loader import LinkLoader
from linkweave.gather.stats_budget import refuse_too_many
from linkweave.models import Period, StatsPart, StatsReport
from linkweave.providers.read_capabilities import CanReadStats

# A link's handle and a period, None for its whole life: one report answers all parts of it.
ReportKey: TypeAlias = tuple[str, Period | None]
PartKey: TypeAlias = tuple[str, Period | None, StatsPart]


class StatsLoader:
    """Fetches one report for all parts of a link and a period that are wanted at the same moment."""

    def __init__(self, account: Account, make_loader: LoaderFactory, links: LinkLoader) -> None:
        self._account = account
        self._links = links
        self._batches: Loader[PartKey, StatsReport] = make_loader(self._fetch)

    def request(self, handle: str, period: Period | None, part: StatsPart) -> None:
        """Adds a part to the next batch, so that it is fetched together with what is loaded at this moment."""
        self._batches.load((handle, period, part))

    async def load(self, handle: str, period: Period | None, part: StatsPart) -> StatsReport:
        """Returns the report with `part`, or with the reason in its failures.

        Raises:
            VendorError: no part of the report could be fetched, or the provider does not offer statistics.
        """
        return await wait_shielded(self._batches.load((handle, period, part)))

    async def _fetch(self, keys: list[PartKey]) -> Sequence[StatsReport | BaseException]:
        track_task(asyncio.current_task())
        adapter = require_capability(self._account, CanReadStats)
        wanted: dict[ReportKey, set[StatsPart]] = {}
        for handle, period, part in keys:
            wanted.setdefault((handle, period), set()).add(part)
        reports: dict[ReportKey, StatsReport | BaseException] = {
            key: report
            for key, parts in wanted.items()
            if (report := self._known_report(adapter, *key, frozenset(parts))) is not None
        }
        missing = [key for key in wanted if key not in reports]
        calls = [(frozenset(wanted[key]), self._links.known(key[0]) is not None) for key in missing]
        refusal = refuse_too_many(self._account, calls)
        if refusal is not None:
            reports.update(dict.fromkeys(missing, refusal))
            return [reports[handle, period] for handle, period, _ in keys]
        fetched = await gather_results([self._fetch_report(adapter, *key, frozenset(wanted[key])) for key in missing])
        reports.update(zip(missing, fetched, strict=True))
        return [reports[handle, period] for handle, period, _ in keys]

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
