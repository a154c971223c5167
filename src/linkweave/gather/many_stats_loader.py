"""Statistics of many links of one account, at vendors of which one call counts many links."""

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, TypeAlias

from linkweave.accounts import Account
from linkweave.concurrency.gather_results import gather_results
from linkweave.context.operation_context import track_freshness
from linkweave.context.task_group import track_task
from linkweave.errors import TooManyCallsError
from linkweave.gather.capabilities import require_capability
from linkweave.gather.dataloader import Loader, LoaderFactory
from linkweave.gather.link_loader import LinkLoader
from linkweave.gather.stats_budget import fetch_within_rate, refuse_together
from linkweave.models import TOTALS, Link, Period, StatsPart, StatsReport
from linkweave.providers.read_capabilities import CanReadManyStats


@dataclass(frozen=True, slots=True)
class LinkSet:
    """Links of one account that are counted together. `is_whole_account` says that the account has no others."""

    handles: tuple[str, ...]
    is_whole_account: bool = False


Result: TypeAlias = StatsReport | BaseException
SumKey: TypeAlias = tuple[LinkSet, Period, StatsPart]

_OPERATION: Final = "read statistics"


class ManyStatsLoader:
    """Fetches the totals of several links, and sums over sets of links, in as few calls as the vendor allows.

    A link that the request has not read is read first: the vendors leave out unknown links without a word.
    """

    def __init__(self, account: Account, make_loader: LoaderFactory, links: LinkLoader) -> None:
        self._account = account
        self._links = links
        self._make_loader = make_loader

    @cached_property
    def _sums(self) -> Loader[SumKey, tuple[Result, ...]]:
        # Made for the first key: most requests have none.
        return self._make_loader(self._fetch_sums)

    def counts_together(self, part: StatsPart, *, whole_account: bool = False) -> bool:
        """Returns whether one call counts `part` for several links."""
        adapter = self._account.adapter
        if not isinstance(adapter, CanReadManyStats) or not adapter.tells(part):
            return False
        return adapter.links_per_call(part, whole_account=whole_account) > 1

    def sums_totals(self, *, whole_account: bool) -> bool:
        """Returns whether the vendor tells one sum of the totals of all links, in place of that of each."""
        adapter = self._account.adapter
        if not whole_account or not isinstance(adapter, CanReadManyStats):
            return False
        return adapter.links_per_call(TOTALS, whole_account=True) > adapter.links_per_call(TOTALS)

    def load_sums(self, links: LinkSet, period: Period, part: StatsPart) -> Awaitable[tuple[Result, ...]]:
        """Returns reports whose sum is that of `links`, together with the parts that are loaded now.

        A link that could not be read, and a call that failed, have their errors among them. Waiters must not cancel it:
        others may wait for the same reports.

        Raises:
            VendorError: the sums were not read.
        """
        return self._sums.load((links, period, part))

    async def fetch_totals(self, handles: Sequence[str], period: Period | None) -> dict[str, Result]:
        """Returns the report with the totals of each link, or the error in its place."""
        adapter = require_capability(self._account, CanReadManyStats)
        links, missing = await self._read_links(handles)
        known = {
            handle: report
            for handle, link in links.items()
            if (report := adapter.known_stats(link, period, frozenset({TOTALS}))) is not None
        }

        async def fetch(wanted: Sequence[str]) -> dict[str, Result]:
            return await self._fetch_totals(adapter, [links[handle] for handle in wanted], period)

        rest = [handle for handle in links if handle not in known]
        fetched = await fetch_within_rate(rest, fetch, lambda wanted: refuse_together(self._account, len(wanted)))
        return {**missing, **known, **fetched}

    async def _fetch_totals(
        self, adapter: CanReadManyStats, links: Sequence[Link], period: Period | None
    ) -> dict[str, Result]:
        if not links:
            return {}
        with track_freshness() as freshness:
            (totals,) = await gather_results([adapter.read_totals(links, period)])
        if isinstance(totals, BaseException):
            return {link.handle: totals for link in links}
        stale_because = freshness.stale.get(self._account.key)
        return {link.handle: _marked(totals[link.handle], stale_because) for link in links}

    async def _fetch_sums(self, keys: list[SumKey]) -> Sequence[tuple[Result, ...] | BaseException]:
        track_task(asyncio.current_task())
        adapter = require_capability(self._account, CanReadManyStats)
        wanted: dict[tuple[LinkSet, Period], set[StatsPart]] = {}
        for links, period, part in keys:
            wanted.setdefault((links, period), set()).add(part)
        read = await gather_results([self._fetch_sum(adapter, *key, frozenset(parts)) for key, parts in wanted.items()])
        sums = dict(zip(wanted, read, strict=True))
        return [sums[links, period] for links, period, _ in keys]

    async def _fetch_sum(
        self, adapter: CanReadManyStats, link_set: LinkSet, period: Period, parts: frozenset[StatsPart]
    ) -> tuple[Result, ...]:
        found, missing = await self._read_links(link_set.handles)
        links, whole = list(found.values()), link_set.is_whole_account

        async def fetch(wanted: Sequence[LinkSet]) -> Mapping[LinkSet, Sequence[Result] | BaseException]:
            sums = adapter.read_sums(links, period, parts, whole_account=whole)
            return dict(zip(wanted, await gather_results([sums]), strict=True))

        def refuse(_: Sequence[LinkSet]) -> TooManyCallsError | None:
            return refuse_together(self._account, len(links), parts, whole_account=whole)

        if not links:
            return tuple(missing.values())
        with track_freshness() as freshness:
            reports = (await fetch_within_rate([link_set], fetch, refuse))[link_set]
        stale_because = freshness.stale.get(self._account.key)
        told = (reports,) if isinstance(reports, BaseException) else reports
        return (*missing.values(), *(_marked(each, stale_because) for each in told))

    async def _read_links(self, handles: Sequence[str]) -> tuple[dict[str, Link], dict[str, BaseException]]:
        """Returns the links that exist, and the errors of the others."""
        unread = [handle for handle in handles if self._links.known(handle) is None]
        loads = (self._links.load(handle, frozenset()) for handle in unread)
        loaded = await asyncio.gather(*loads, return_exceptions=True)
        errors = {
            handle: result if isinstance(result, BaseException) else self._account.adapter.not_found(_OPERATION)
            for handle, result in zip(unread, loaded, strict=True)
            if not isinstance(result, Link)
        }
        links = {handle: link for handle in handles if (link := self._links.known(handle)) is not None}
        return links, errors


def _marked(result: Result, stale_because: Exception | None) -> Result:
    """Returns the report with the reason why it is stale, if it is."""
    if isinstance(result, BaseException) or stale_because is None:
        return result
    return replace(result, stale_because=stale_because)
