"""Speaks PicSee's API for one account."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import ClassVar

from linkweave.errors import VendorError
from linkweave.models import (
    TOTALS,
    AccountUsage,
    Dimension,
    Domain,
    ExternalIdUsage,
    Link,
    LinkFilter,
    Measure,
    Page,
    Period,
    StatsPart,
    StatsReport,
    TrackingPresets,
)
from linkweave.models.changes import AbuseReport, InputProblem, LinkPatch, NewLink, WrittenLink
from linkweave.providers.base import Adapter
from linkweave.providers.call_costs import CallCosts
from linkweave.providers.picsee import abuse, creating, updating
from linkweave.providers.picsee.account import (
    count_by_external_id,
    read_domains,
    read_presets,
    read_tags,
    read_usage,
)
from linkweave.providers.picsee.completion import find_listed
from linkweave.providers.picsee.expense import CALL_COSTS
from linkweave.providers.picsee.links import LISTED_ONLY, MEASURES, completed
from linkweave.providers.picsee.listing import impossible, plan
from linkweave.providers.picsee.reading import read_overview, read_page, segment
from linkweave.providers.picsee.searching import search_for
from linkweave.providers.picsee.settings import ADVANCED, PicseeSettings
from linkweave.providers.picsee.statistics import DIMENSIONS, PARTS, read_stats, totals_of
from linkweave.providers.picsee.wire import DoneAnswer
from linkweave.providers.read_capabilities import (
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
from linkweave.providers.single_reads import get_singly
from linkweave.providers.write_capabilities import (
    CanCreateLinks,
    CanDeleteLinks,
    CanReportAbuse,
    CanRestoreLinks,
    CanUpdateLinks,
    UpdateStep,
)
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
    CanCreateLinks,
    CanUpdateLinks,
    CanDeleteLinks,
    CanRestoreLinks,
    CanReportAbuse,
):
    """PicSee.

    `bots_excluded` is None: PicSee leaves bots out of unique clicks (FOUND) and does not say so of all clicks.
    """

    settings: PicseeSettings

    time_zone: ClassVar[str | None] = "Asia/Taipei"
    call_costs: ClassVar[CallCosts] = CALL_COSTS
    link_order: ClassVar[LinkOrder] = LinkOrder.NEWEST_FIRST
    stats_dimensions: ClassVar[frozenset[Dimension]] = DIMENSIONS
    measures: ClassVar[frozenset[Measure]] = MEASURES
    bots_excluded: ClassVar[bool | None] = None
    max_usage_days: ClassVar[int] = 31
    creatable: ClassVar[frozenset[str]] = creating.CREATABLE
    updatable: ClassVar[frozenset[str]] = updating.UPDATABLE
    clearable: ClassVar[frozenset[str]] = updating.CLEARABLE

    @property
    def advanced(self) -> bool:
        """Whether the account is on the plan that searches, looks back a year and tells audience labels."""
        return self.settings.plan == ADVANCED

    async def plan_links(self, wanted: LinkFilter) -> ListPlan:
        """Up to four lanes: made by API or not, starred or not. Asks for the account's tags to search for one."""
        reason = impossible(wanted)
        if reason is not None:
            return ListPlan((), notice=reason)
        search = await search_for(wanted, self.list_tags) if self.advanced else {}
        return plan(wanted, search, self.clock.now())

    async def list_links(self, lane: Lane, page: str | None) -> Page[Link]:
        """At most 50 links; the token of the next page is the smallest mapId of this one.

        Raises:
            BadResponseError: among others, when the list does not get on.
        """
        return await read_page(self, lane, page)

    async def get_links(self, handles: Sequence[str], fields: frozenset[str]) -> Mapping[str, Link | VendorError]:
        """One overview each, at once; what only the list tells is looked up there, for a few seconds at most."""
        found = await get_singly(handles, partial(read_overview, self))
        links = {handle: each for handle, each in found.items() if isinstance(each, Link)}
        return found | await self._complete(links, fields)

    async def find_link(self, domain: str, slug: str, fields: frozenset[str]) -> Link | None:
        """The link called `slug`, if PicSee answers that it lives on `domain`: slugs are unique at PicSee (FOUND)."""
        link = await read_overview(self, slug)
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
        slug = segment(self, handle, "read statistics")
        return await read_stats(self, slug, link, period, parts, advanced=self.advanced)

    def known_stats(self, link: Link, period: Period, parts: frozenset[StatsPart]) -> StatsReport | None:
        """The totals of a link's whole life, where no other part is wanted that PicSee tells."""
        return totals_of(link, period, self.today()) if parts & PARTS == {TOTALS} else None

    async def list_tags(self) -> tuple[str, ...]:
        """Every tag, as spelled at PicSee, which may keep the answer for an hour (DOC)."""
        return await read_tags(self)

    async def list_domains(self) -> tuple[Domain, ...]:
        """Brand domains, subdomains and the shared one."""
        return await read_domains(self)

    async def tracking_presets(self) -> TrackingPresets:
        """UTM values used before, Meta pixels, and tag managers."""
        return await read_presets(self)

    async def usage(self) -> AccountUsage:
        """The plan and its yearly API requests."""
        return await read_usage(self)

    async def external_id_usage(self, period: Period) -> tuple[ExternalIdUsage, ...]:
        """Links made over the API, one call."""
        return await count_by_external_id(self, period)

    async def probe(self) -> tuple[str, ...]:
        """Read the plan, and compare it with the one in the settings, which decides what is asked and how often.

        Raises:
            VendorError: the account cannot be used.
        """
        plan = (await self.usage()).plan
        if plan is None or self.settings.plan in plan.name.lower():
            return ()
        return (f"plan is {self.settings.plan!r} in the configuration, but {plan.name!r} at PicSee",)

    def check_new_link(self, new: NewLink) -> Sequence[InputProblem]:
        """Platforms that PicSee does not know, and two titles for one."""
        return tuple(creating.objections(new))

    async def create_link(self, new: NewLink) -> WrittenLink:
        """One call. A domain that is not the account's becomes the default one without an error (FOUND).

        Raises:
            PlanRequiredError: something needs the advanced plan (FOUND).
            VendorError: as CanCreateLinks.
        """
        return await creating.create(self, new, advanced=self.advanced)

    def check_patch(self, patch: LinkPatch) -> Sequence[InputProblem]:
        """As `check_new_link`, and expiry by anything but a day."""
        return tuple(updating.objections(patch))

    def plan_update(self, patch: LinkPatch) -> tuple[UpdateStep, ...]:
        """One step for everything."""
        fields = patch.given()
        return (UpdateStep(fields, partial(updating.edit, self, patch)),) if fields else ()

    async def delete_link(self, handle: str) -> None:
        """Move a link to the trash, which keeps it for 30 days (FOUND)."""
        await self._move(handle, "delete", "delete link")

    async def restore_link(self, handle: str) -> None:
        """Take a link out of the trash."""
        await self._move(handle, "recover", "restore link")

    async def report_abuse(self, report: AbuseReport) -> None:
        """For PicSee's security partners only (DOC), so that a setting has to turn it on.

        Raises:
            UnsupportedError: the setting does not; no call was made.
        """
        await abuse.report(self, self.settings, report)

    async def _move(self, handle: str, value: str, operation: str) -> None:
        path = f"/v2/links/{segment(self, handle, operation)}/delete"
        await self.fetch(DoneAnswer, Call(operation, "POST", path, json={"value": value}, writes=True))

    async def _complete(self, links: dict[str, Link], fields: frozenset[str]) -> dict[str, Link]:
        if not links or not fields & LISTED_ONLY:
            return links
        listed = await find_listed(links, self._first_page, self.clock, by_slug=self.advanced)
        return {handle: completed(link, listed.get(handle)) for handle, link in links.items()}

    async def _first_page(self, lane: Lane) -> Page[Link]:
        return await self.list_links(lane, None)
