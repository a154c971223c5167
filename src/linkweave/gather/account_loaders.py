"""What one request reads of one account: each thing is fetched at most once, and together where possible."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from linkweave.accounts import Account
from linkweave.catalog.interfaces import Recorder
from linkweave.context.cache_control import bypass_cache
from linkweave.errors import VendorError
from linkweave.gather.cached_links import load_page
from linkweave.gather.dataloader import LoaderFactory, wait_shielded
from linkweave.gather.fact_loader import FactLoader
from linkweave.gather.known.known_account import KnownAccount
from linkweave.gather.link_loader import LinkLoader
from linkweave.gather.many_stats_loader import ManyStatsLoader
from linkweave.gather.stats_loader import StatsLoader
from linkweave.models import (
    AccountUsage,
    Campaign,
    Domain,
    ExternalIdUsage,
    LeftOut,
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
from linkweave.models.changes import ALL_LINK_FIELDS
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

if TYPE_CHECKING:
    from linkweave.catalog.catalog import Catalog

_ALWAYS_KNOWN: Final = frozenset({"handle", "short_url", "slug", "destination"})


class AccountLoaders:
    """Reads one account for one request.

    Every method raises UnsupportedError where the provider does not offer the capability. `known` is what the catalog
    knows of the account; None without a catalog.
    """

    def __init__(
        self,
        account: Account,
        make_loader: LoaderFactory,
        catalog: "Catalog | None" = None,
        recorder: Recorder | None = None,
    ) -> None:
        self.account = account
        self.key = account.key
        self.known = None if catalog is None else KnownAccount(account, catalog.reads, make_loader)
        self.recorder: Recorder | None = recorder if catalog is None else catalog.recorder
        # What upper layers have made of the account for this request, by its type and name: it stands at many places.
        self.made: dict[tuple[str, str], Any] = {}
        # Makes the object that upper layers show for the account. They set it when a request begins.
        self.make_node: Callable[[AccountLoaders], Any] = _no_node
        self._make_loader = make_loader
        self.invalidate()

    def invalidate(self) -> None:
        """Drops everything that was read, because of a write: the next read asks the vendor or the cache again."""
        self._facts = FactLoader(self.account)
        self._links = LinkLoader(self.account, self._make_loader)
        self._many_stats = ManyStatsLoader(self.account, self._make_loader, self._links)
        self._stats = StatsLoader(self.account, self._make_loader, self._links, self._many_stats, self.known)

    async def refresh(self) -> None:
        """Invalidates everything that is cached of the account, in every worker."""
        cache = self.account.stack.client.cache
        if cache is not None:
            await cache.invalidate_all()
        forget_calls(self.key)
        self.invalidate()

    @property
    def may_hold_links(self) -> bool:
        """Whether the account may have links at all, unlike one that only takes files."""
        return isinstance(self.account.adapter, CanListLinks | CanGetLinks | CanReadStats)

    def in_place_of(self, capability: type) -> KnownAccount | None:
        """Returns what the catalog knows, where the provider does not offer `capability`; else None."""
        offered = isinstance(self.account.adapter, capability)
        return None if offered or not self.may_hold_links else self.known

    def forget(self) -> None:
        """Forgets facts, and what upper layers have made of the account. Both would be garbage in cycles."""
        self.made.clear()
        self._facts.forget()

    def fetched_at(self, name: str) -> datetime | None:
        """Returns when the vendor told the facts called `name`, such as "tags"; None before they are loaded."""
        return self._facts.fetched_at(name)

    def stale_because(self, name: str) -> VendorError | None:
        """Returns the failure that makes the facts called `name` stale; None where they are current."""
        return self._facts.stale_because(name)

    def left_out(self, name: str, *key: str) -> LeftOut:
        """Returns what could not be read of the facts called `name`, such as "tags"."""
        return self._facts.left_out(name, *key)

    async def link(self, handle: str, fields: frozenset[str]) -> Link | None:
        """Returns the link with at least `fields`; None where the vendor does not know it.

        Raises:
            VendorError: the link could not be fetched.
        """
        link = await self._links.load(handle, fields)
        if link is not None:
            self.saw(link, fields)
        return link

    def saw(self, link: Link, fields: frozenset[str]) -> None:
        """Tells the catalog of a link that was looked up, of which at least `fields` are known."""
        if self.recorder is not None:
            self.recorder.saw_links(self.key, (link,), fields | _ALWAYS_KNOWN)

    def prime(self, link: Link) -> None:
        """Stores a complete link, so that it is not fetched again."""
        self._links.prime(link)

    async def stats(self, handle: str, period: Period | None, part: StatsPart) -> StatsReport:
        """Returns the report that has `part` over the days of `period`, or over the link's whole life for None.

        Raises:
            VendorError: this part could not be fetched.
        """
        report = await wait_shielded(self._stats.load(handle, period, part))
        failure = report.failures.get(part)
        if failure is not None:
            raise failure
        return report

    def stats_report(self, handle: str, period: Period | None, part: StatsPart) -> Awaitable[StatsReport]:
        """Returns the same report, or one that has the reason why it lacks `part` in its failures.

        It is fetched together with what else is loaded at this moment. Waiters must not cancel it.

        Raises:
            VendorError: no part of the report could be fetched.
        """
        return self._stats.load(handle, period, part)

    @property
    def many_stats(self) -> ManyStatsLoader:
        """The statistics of many links together."""
        return self._many_stats

    async def page(self, lane: Lane, token: str | None) -> Page[Link]:
        """Returns one page of a lane, and primes its links.

        Raises:
            VendorError: the page could not be fetched.
        """
        page = await wait_shielded(self.begin_page(lane, token))
        self._links.prime_page(page)
        if self.recorder is not None:
            self.recorder.saw_links(self.key, page.items, ALL_LINK_FIELDS)
        return page

    async def page_again(self, lane: Lane, token: str | None) -> Page[Link]:
        """Returns one page of a lane as the vendor has it now, whatever was read before.

        Raises:
            VendorError: the page could not be fetched.
        """
        with bypass_cache():
            return await self._facts.load(
                CanListLinks,
                lambda lister: load_page(self.account, lister, lane, token),
                "page again",
                *_lane_key(lane),
                token or "",
            )

    def begin_page(self, lane: Lane, token: str | None) -> asyncio.Future[Page[Link]]:
        """Starts to fetch one page of a lane, unless that was started before. `page` returns it."""

        async def load(lister: CanListLinks) -> Page[Link]:
            page = await load_page(self.account, lister, lane, token)
            if token is None:
                self.account.lane_lengths.put(_lane_key(lane), len(page.items))
            return page

        return self._facts.begin(CanListLinks, load, "page", *_lane_key(lane), token or "")

    def links_on_first_page(self, lane: Lane) -> int:
        """Returns how many links the first page of a lane had when it was read last; 0 if it was never read."""
        return self.account.lane_lengths.get(_lane_key(lane)) or 0

    async def tags(self) -> tuple[str, ...]:
        """Returns the name of every tag; of every tag in the catalog where the provider cannot list them."""
        known = self.in_place_of(CanListTags)
        if known is not None:
            return await known.tags()
        return await self._facts.load(CanListTags, lambda lister: lister.list_tags(), "tags")

    async def domains(self) -> tuple[Domain, ...]:
        """Returns every short domain; of every known one where the provider cannot list them."""
        known = self.in_place_of(CanListDomains)
        if known is not None:
            return await known.domains()
        return await self._facts.load(CanListDomains, lambda lister: lister.list_domains(), "domains")

    def known_domains(self) -> tuple[Domain, ...] | None:
        """Returns what `domains` returns, if this request has read it from the provider; else None."""
        known: tuple[Domain, ...] | None = self._facts.known("domains")
        return known

    async def teams(self) -> tuple[Team, ...]:
        """Returns every team."""
        return await self._facts.load(CanListTeams, lambda lister: lister.list_teams(), "teams")

    async def campaigns(self, team_id: str | None) -> tuple[Campaign, ...]:
        """Returns the campaigns of a team, or of all teams."""
        return await self._facts.load(
            CanListCampaigns, lambda lister: lister.list_campaigns(team_id), "campaigns", team_id or ""
        )

    async def trackers(self) -> tuple[Tracker, ...]:
        """Returns the provider's catalogue of trackers."""
        return await self._facts.load(CanListTrackers, lambda lister: lister.list_trackers(), "trackers")

    async def team_trackers(self, team_id: str) -> tuple[Tracker, ...]:
        """Returns a team's trackers."""
        return await self._facts.load(
            CanListTrackers, lambda lister: lister.list_team_trackers(team_id), "team trackers", team_id
        )

    async def link_trackers(self, handle: str) -> tuple[Tracker, ...]:
        """Returns a link's trackers."""
        return await self._facts.load(
            CanListTrackers, lambda lister: lister.list_link_trackers(handle), "link trackers", handle
        )

    async def tracking_presets(self) -> TrackingPresets:
        """Returns the UTM values, pixels and tag managers that were used before on the account."""
        return await self._facts.load(
            CanListTrackingPresets, lambda lister: lister.tracking_presets(), "tracking presets"
        )

    async def usage(self) -> AccountUsage:
        """Returns the account's plan and counters."""
        return await self._facts.load(CanReportUsage, lambda reporter: reporter.usage(), "usage")

    async def external_id_usage(self, period: Period) -> tuple[ExternalIdUsage, ...]:
        """Returns how many links were made over the API in `period`, per external id."""
        return await self._facts.load(
            CanReportExternalIdUsage,
            lambda reporter: reporter.external_id_usage(period),
            "external id usage",
            str(period),
        )

    async def external_id_usage_between(self, start: datetime, end: datetime) -> tuple[ExternalIdUsage, ...]:
        """Returns how many links were made over the API from `start` to `end`, per external id."""
        return await self._facts.load(
            CanReportExternalIdUsage,
            lambda reporter: reporter.external_id_usage_between(start, end),
            "external id usage",
            f"{start.isoformat()}/{end.isoformat()}",
        )

    async def webhooks(self, offset: int, limit: int) -> Page[Webhook]:
        """Returns at most `limit` webhooks after the first `offset`."""
        return await self._facts.load(
            CanListWebhooks, lambda lister: lister.list_webhooks(offset, limit), "webhooks", str(offset), str(limit)
        )


def _no_node(_: AccountLoaders) -> None:
    """Stands for the object of the account where no upper layer shows one."""


def _lane_key(lane: Lane) -> tuple[str, ...]:
    if not lane.query:
        return (lane.name,)
    return lane.name, *(f"{name}={value}" for name, value in sorted(lane.query.items()))
