"""Speaks PicSee's API for one account."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from linkweave.errors import NotFoundError, VendorError
from linkweave.models import (
    AccountUsage,
    Dimension,
    Domain,
    ExternalIdUsage,
    Link,
    LinkFilter,
    Measure,
    Page,
    Period,
    Plan,
    Preset,
    Quota,
    StatsPart,
    StatsReport,
    TrackingPresets,
)
from linkweave.providers.base import Adapter
from linkweave.providers.capabilities import (
    CanGetLinks,
    CanListDomains,
    CanListLinks,
    CanListTags,
    CanListTrackingPresets,
    CanReadStats,
    CanReportExternalIdUsage,
    CanReportUsage,
    Lane,
    LinkOrder,
    ListPlan,
)
from linkweave.providers.picsee.completion import find_listed
from linkweave.providers.picsee.inferred import DOMAIN_KINDS
from linkweave.providers.picsee.links import LISTED_ONLY, MEASURES, completed, from_item, from_overview, link_path
from linkweave.providers.picsee.listing import PAGE_SIZE, impossible, page_call, plan, searchable, tag_to_search
from linkweave.providers.picsee.settings import ADVANCED
from linkweave.providers.picsee.statistics import DIMENSIONS, read_stats
from linkweave.providers.picsee.times import range_query
from linkweave.providers.picsee.wire import (
    DomainsAnswer,
    ListAnswer,
    ListItem,
    OverviewAnswer,
    PresetRow,
    StatusAnswer,
    TagsAnswer,
    TrackingToolsAnswer,
    UsageAnswer,
)
from linkweave.providers.singly import get_singly
from linkweave.transport.call import Call


class PicseeAdapter(
    Adapter,
    CanListLinks,
    CanGetLinks,
    CanReadStats,
    CanListTags,
    CanListDomains,
    CanListTrackingPresets,
    CanReportUsage,
    CanReportExternalIdUsage,
):
    """PicSee.

    `bots_excluded` is None: PicSee leaves bots out of unique clicks (FOUND) and does not say so of all clicks.
    """

    time_zone: ClassVar[str | None] = "Asia/Taipei"
    link_order: ClassVar[LinkOrder] = LinkOrder.NEWEST_FIRST
    stats_dimensions: ClassVar[frozenset[Dimension]] = DIMENSIONS
    measures: ClassVar[frozenset[Measure]] = MEASURES
    bots_excluded: ClassVar[bool | None] = None
    max_usage_days: ClassVar[int] = 31

    @property
    def advanced(self) -> bool:
        """Whether the account is on the plan that searches, looks back a year and tells audience labels."""
        return self.settings.plan == ADVANCED

    async def plan_links(self, wanted: LinkFilter) -> ListPlan:
        """Up to four lanes: made by API or not, starred or not. Asks for the account's tags to search for one."""
        reason = impossible(wanted)
        if reason is not None:
            return ListPlan((), notice=reason)
        search = await self._search(wanted) if self.advanced else {}
        return plan(wanted, search, self.clock.now())

    async def list_links(self, lane: Lane, page: str | None) -> Page[Link]:
        """At most 50 links; the token of the next page is the smallest mapId of this one.

        Raises:
            BadResponseError: among others, when the list does not get on.
        """
        call = page_call(lane.query, page)
        answer, fetched = await self.ask(ListAnswer, call)
        starred, external_id = lane.query["isStar"] == "true", lane.query.get("externalId")
        links = (from_item(item, starred=starred, external_id=external_id, at=fetched.at) for item in answer.data)
        return Page(tuple(links), fetched.at, self._next_page(answer.data, page, call))

    async def get_links(self, handles: Sequence[str], fields: frozenset[str]) -> Mapping[str, Link | VendorError]:
        """One overview each, at once; what only the list tells is looked up there, for a few seconds at most."""
        found = await get_singly(handles, self._overview)
        links = {handle: each for handle, each in found.items() if isinstance(each, Link)}
        return found | await self._complete(links, fields)

    async def find_link(self, domain: str, slug: str, fields: frozenset[str]) -> Link | None:
        """The link called `slug`, if PicSee answers that it lives on `domain`: slugs are unique at PicSee (FOUND)."""
        link = await self._overview(slug)
        if link is None or link.domain != domain.lower():
            return None
        return (await self._complete({slug: link}, fields))[slug]

    async def read_stats(
        self,
        handle: str,
        link: Link | None,
        period: Period,
        parts: frozenset[StatsPart],
    ) -> StatsReport:
        """One call for totals and days, one for each breakdown, one for both kinds of audience labels."""
        slug = self._slug(handle, "read statistics")
        return await read_stats(self, slug, link, period, parts, advanced=self.advanced)

    async def list_tags(self) -> tuple[str, ...]:
        """Every tag, as spelled at PicSee, which may keep the answer for an hour (DOC)."""
        answer, _ = await self.ask(TagsAnswer, Call("list tags", "GET", "/v4/my/api/tags", bucket="tags"))
        return tuple(tag.value for tag in answer.data)

    async def list_domains(self) -> tuple[Domain, ...]:
        """Brand domains, subdomains and the shared one."""
        answer, _ = await self.ask(DomainsAnswer, Call("list domains", "GET", "/v4/my/api/domains", bucket="domains"))
        return tuple(
            Domain(
                name=row.name.lower(),
                kind=DOMAIN_KINDS.get(row.kind or ""),
                is_default=row.is_default,
                https=row.https,
            )
            for row in answer.data
        )

    async def tracking_presets(self) -> TrackingPresets:
        """UTM values used before, Meta pixels, and tag managers."""
        call = Call("read tracking presets", "GET", "/v4/my/api/trackingTools", bucket="trackingTools")
        tools = (await self.ask(TrackingToolsAnswer, call))[0].data
        return TrackingPresets(
            tools.utm_sources,
            tools.utm_mediums,
            tuple(map(_preset, tools.pixels)),
            tuple(map(_preset, tools.tag_managers)),
        )

    async def probe(self) -> tuple[str, ...]:
        """Read the plan, and compare it with the one in the settings, which decides what is asked and how often.

        Raises:
            VendorError: the account cannot be used.
        """
        plan = (await self.usage()).plan
        if plan is None or self.settings.plan is None or self.settings.plan in plan.name.lower():
            return ()
        return (f"plan is {self.settings.plan!r} in the configuration, but {plan.name!r} at PicSee",)

    async def usage(self) -> AccountUsage:
        """The plan and its yearly API requests. When their count starts anew is not documented."""
        answer, fetched = await self.ask(StatusAnswer, Call("read usage", "GET", "/v2/my/api/status", bucket="status"))
        status = answer.data
        asked_at = status.query_time or fetched.at
        active = None if status.end_time is None else status.end_time > asked_at
        quota = Quota("API requests per year", status.usage, status.quota)
        return AccountUsage(Plan(status.plan_name, status.end_time, active), (quota,))

    async def external_id_usage(self, period: Period) -> tuple[ExternalIdUsage, ...]:
        """Links made over the API; days to come are none, and are not asked about."""
        if period.start > self.today():
            return ()
        query = range_query(period, self.clock.now())
        call = Call("count links by external id", "GET", "/v4/my/api/usage", query, bucket="usage")
        answer, _ = await self.ask(UsageAnswer, call)
        return tuple(ExternalIdUsage(row.external_id, row.count) for row in answer.data)

    async def _search(self, wanted: LinkFilter) -> dict[str, str]:
        """What the vendor's search can narrow the list by; nothing where the gateway has to."""
        tag = tag_to_search(wanted)
        if tag is not None:
            spelled = await self._spelling(tag)
            return {} if spelled is None else {"tag": spelled}
        if wanted.search is not None and searchable(wanted.search):
            return {"keyword": wanted.search}
        return {}

    async def _spelling(self, tag: str) -> str | None:
        """How the account spells `tag`: filters on tags ignore case, and whether PicSee's search does is not known."""
        try:
            known = {name for name in await self.list_tags() if name.casefold() == tag.casefold()} or {tag}
        except VendorError:
            return None
        return known.pop() if len(known) == 1 else None

    def _next_page(self, items: Sequence[ListItem], page: str | None, call: Call) -> str | None:
        if len(items) < PAGE_SIZE:
            return None
        oldest = min(item.map_id for item in items)
        if page is not None and oldest >= int(page):
            raise self.bad_response(call, "the list repeats itself")
        return str(oldest)

    async def _overview(self, handle: str) -> Link | None:
        operation = "get link"
        try:
            call = Call(operation, "GET", f"/v1/links/{self._slug(handle, operation)}/overview")
            answer, fetched = await self.ask(OverviewAnswer, call)
        except NotFoundError:
            return None
        return from_overview(handle, answer.data, fetched.at)

    async def _complete(self, links: dict[str, Link], fields: frozenset[str]) -> dict[str, Link]:
        if not links or not fields & LISTED_ONLY:
            return links
        listed = await find_listed(links, self._first_page, self.clock, by_slug=self.advanced)
        return {handle: completed(link, listed.get(handle)) for handle, link in links.items()}

    async def _first_page(self, lane: Lane) -> Page[Link]:
        return await self.list_links(lane, None)

    def _slug(self, handle: str, operation: str) -> str:
        slug = link_path(handle)
        if slug is None:
            raise NotFoundError(
                f"{self.account}: no such link ({operation})", account=self.account, operation=operation
            )
        return slug


def _preset(row: PresetRow) -> Preset:
    return Preset(row.id, row.name)
