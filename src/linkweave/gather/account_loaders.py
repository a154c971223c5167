"""What one request knows of one account: everything is asked at most once, and together where it can be."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeAlias, TypeVar

from linkweave.accounts import Account
from linkweave.context.freshness import Freshness
from linkweave.context.operation_context import track_freshness
from linkweave.context.task_group import track_task
from linkweave.errors import VendorError
from linkweave.gather.cached_links import get_links, load_page
from linkweave.gather.dataloader import Loader, LoaderFactory, wait_shielded
from linkweave.gather.sources import unsupported_capability
from linkweave.models import (
    AccountUsage,
    Campaign,
    Capability,
    Domain,
    ExternalIdUsage,
    Link,
    Page,
    Period,
    StatsPart,
    StatsReport,
    Team,
    Tracker,
    TrackingPresets,
    Webhook,
)
from linkweave.providers.read_capabilities import (
    CanGetLinks,
    CanListCampaigns,
    CanListDomains,
    CanListLinks,
    CanListTags,
    CanListTeams,
    CanListTrackers,
    CanListTrackingPresets,
    CanListWebhooks,
    CanReadStats,
    CanReportExternalIdUsage,
    CanReportUsage,
    Lane,
)
from linkweave.transport.call_memo import forget_calls

T = TypeVar("T")

StatsKey: TypeAlias = tuple[str, Period, StatsPart]
LinkKey: TypeAlias = tuple[str, frozenset[str]]


class AccountLoaders:
    """Asks one account on behalf of one request."""

    def __init__(self, account: Account, make_loader: LoaderFactory) -> None:
        self.account = account
        self._make_loader = make_loader
        self.forget()

    def forget(self) -> None:
        """Know nothing any more, after something was written: what is read next is asked anew."""
        make_loader = self._make_loader
        self._known: dict[str, Link] = {}
        self._links: Loader[LinkKey, Link | None] = make_loader(self._load_links)
        self._stats: Loader[StatsKey, StatsReport] = make_loader(self._load_stats)
        self._facts: dict[tuple[str, ...], asyncio.Task[Any]] = {}
        self._told: dict[str, Freshness] = {}
        self._stale: dict[str, Exception] = {}

    async def refresh(self) -> None:
        """Let everything be asked of the vendor anew, in every worker."""
        cache = self.account.stack.client.cache
        if cache is not None:
            await cache.forget()
        forget_calls(self.key)
        self.forget()

    def answered_at(self, what: str) -> datetime | None:
        """When the vendor answered the question called `what`; None before that."""
        return self._told[what].oldest if what in self._told else None

    def stale_because(self, what: str) -> VendorError | None:
        """Why there is no newer answer to the question called `what`, where there should be."""
        return self._told[what].stale.get(self.key) if what in self._told else None

    @property
    def key(self) -> str:
        """The account's key."""
        return self.account.key

    async def link(self, handle: str, fields: frozenset[str]) -> Link | None:
        """The link behind `handle`, or None; `fields` are those that will be read.

        Raises:
            VendorError: the vendor could not be asked, or offers no way to get a link.
        """
        known = self._known.get(handle)
        return known if known is not None else await wait_shielded(self._links.load((handle, fields)))

    def remember(self, link: Link) -> None:
        """Take in a complete link that came with a list, so that it is not asked for again."""
        self._known.setdefault(link.handle, link)

    async def stats(self, handle: str, period: Period, part: StatsPart) -> StatsReport:
        """The report that tells `part`; parts wanted at the same moment come from one reading.

        Raises:
            VendorError: this part could not be told.
        """
        report = await wait_shielded(self._stats.load((handle, period, part)))
        failure = report.failures.get(part)
        if failure is not None:
            raise failure
        return report

    async def page(self, lane: Lane, token: str | None) -> Page[Link]:
        """One page of a lane; its links are remembered.

        Raises:
            VendorError: the page could not be got.
        """
        adapter = self._require(CanListLinks, Capability.LIST_LINKS)
        name = ("page", lane.name, *sorted(f"{key}={value}" for key, value in lane.query.items()), token or "")
        page: Page[Link] = await self._load_once(name, lambda: load_page(self.account, adapter, lane, token))
        for link in page.items:
            self.remember(link)
            if page.stale_because is not None:
                self._stale[link.handle] = page.stale_because
        return page

    async def tags(self) -> tuple[str, ...]:
        """Every tag's name."""
        adapter = self._require(CanListTags, Capability.LIST_TAGS)
        return await self._load_once(("tags",), adapter.list_tags)

    async def domains(self) -> tuple[Domain, ...]:
        """Every short domain."""
        adapter = self._require(CanListDomains, Capability.LIST_DOMAINS)
        return await self._load_once(("domains",), adapter.list_domains)

    async def teams(self) -> tuple[Team, ...]:
        """Every team."""
        adapter = self._require(CanListTeams, Capability.LIST_TEAMS)
        return await self._load_once(("teams",), adapter.list_teams)

    async def campaigns(self, team_id: str | None) -> tuple[Campaign, ...]:
        """The campaigns of a team, or of all."""
        adapter = self._require(CanListCampaigns, Capability.LIST_CAMPAIGNS)
        return await self._load_once(("campaigns", team_id or ""), lambda: adapter.list_campaigns(team_id))

    async def trackers(self) -> tuple[Tracker, ...]:
        """The provider's catalogue of trackers."""
        adapter = self._require(CanListTrackers, Capability.LIST_TRACKERS)
        return await self._load_once(("trackers",), adapter.list_trackers)

    async def team_trackers(self, team_id: str) -> tuple[Tracker, ...]:
        """A team's trackers."""
        adapter = self._require(CanListTrackers, Capability.LIST_TRACKERS)
        return await self._load_once(("team trackers", team_id), lambda: adapter.list_team_trackers(team_id))

    async def link_trackers(self, handle: str) -> tuple[Tracker, ...]:
        """A link's trackers."""
        adapter = self._require(CanListTrackers, Capability.LIST_TRACKERS)
        return await self._load_once(("link trackers", handle), lambda: adapter.list_link_trackers(handle))

    async def tracking_presets(self) -> TrackingPresets:
        """What was used before."""
        adapter = self._require(CanListTrackingPresets, Capability.LIST_TRACKING_PRESETS)
        return await self._load_once(("tracking presets",), adapter.tracking_presets)

    async def usage(self) -> AccountUsage:
        """Plan and counters."""
        adapter = self._require(CanReportUsage, Capability.ACCOUNT_USAGE)
        return await self._load_once(("usage",), adapter.usage)

    async def external_id_usage(self, period: Period) -> tuple[ExternalIdUsage, ...]:
        """Links made over the API in `period` per external id."""
        adapter = self._require(CanReportExternalIdUsage, Capability.EXTERNAL_ID_USAGE)
        name = ("external id usage", str(period))
        return await self._load_once(name, lambda: adapter.external_id_usage(period))

    async def webhooks(self, offset: int, limit: int) -> Page[Webhook]:
        """At most `limit` webhooks after the first `offset`."""
        adapter = self._require(CanListWebhooks, Capability.LIST_WEBHOOKS)
        return await self._load_once(
            ("webhooks", str(offset), str(limit)), lambda: adapter.list_webhooks(offset, limit)
        )

    def _require(self, kind: type[T], capability: Capability) -> T:
        adapter = self.account.adapter
        if not isinstance(adapter, kind):
            raise unsupported_capability(self.account, capability)
        return adapter

    async def _load_once(self, name: tuple[str, ...], ask: Callable[[], Awaitable[T]]) -> T:
        # Not a loader: these have nothing in common, and a slow one must not keep the others waiting.
        task = self._facts.get(name)
        if task is None:
            task = self._facts[name] = asyncio.create_task(self._ask(name[0], ask))
            track_task(task)
        answer: T = await wait_shielded(task)
        return answer

    async def _ask(self, what: str, ask: Callable[[], Awaitable[T]]) -> T:
        with track_freshness() as read:
            answer = await ask()
        if read.oldest is None:
            read.oldest = self.account.adapter.clock.now()
        self._told[what] = read
        return answer

    async def _load_links(self, keys: list[LinkKey]) -> Sequence[Link | VendorError | None]:
        track_task(asyncio.current_task())
        adapter = self._require(CanGetLinks, Capability.GET_LINK)
        handles = list(dict.fromkeys(handle for handle, _ in keys))
        fields = frozenset[str]().union(*(fields for _, fields in keys))
        found = await get_links(self.account, adapter, handles, fields)
        self._known.update({handle: link for handle, link in found.items() if isinstance(link, Link)})
        return [found.get(handle) for handle, _ in keys]

    async def _load_stats(self, keys: list[StatsKey]) -> Sequence[StatsReport | BaseException]:
        track_task(asyncio.current_task())
        adapter = self._require(CanReadStats, Capability.LINK_STATS)
        wanted: dict[tuple[str, Period], set[StatsPart]] = {}
        for handle, period, part in keys:
            wanted.setdefault((handle, period), set()).add(part)
        told: dict[tuple[str, Period], StatsReport | BaseException] = {
            question: report
            for question, parts in wanted.items()
            if (report := self._known_stats(adapter, *question, frozenset(parts))) is not None
        }
        rest = [question for question in wanted if question not in told]
        asked = (self._read_stats(adapter, *question, frozenset(wanted[question])) for question in rest)
        told.update(zip(rest, await asyncio.gather(*asked, return_exceptions=True), strict=True))
        return [told[handle, period] for handle, period, _ in keys]

    def _known_stats(
        self, adapter: CanReadStats, handle: str, period: Period, parts: frozenset[StatsPart]
    ) -> StatsReport | None:
        link = self._known.get(handle)
        report = None if link is None else adapter.known_stats(link, period, parts)
        # Numbers that came with the link are as old as the link.
        because = self._stale.get(handle)
        return report if report is None or because is None else replace(report, stale_because=because)

    async def _read_stats(
        self, adapter: CanReadStats, handle: str, period: Period, parts: frozenset[StatsPart]
    ) -> StatsReport:
        with track_freshness() as read:
            report = await adapter.read_stats(handle, self._known.get(handle), period, parts)
        because = read.stale.get(self.key) if read.accounts else self._stale.get(handle)
        return report if because is None else replace(report, stale_because=because)
