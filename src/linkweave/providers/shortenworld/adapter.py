"""Speaks ShortenWorld's API for one account."""

from datetime import datetime
from typing import ClassVar

from linkweave.models import Dimension, Link, LinkFilter, Measure, Period, StatsPart, StatsReport
from linkweave.providers.call_costs import CallCosts
from linkweave.providers.read_capabilities import (
    CanGetLinks,
    CanListCampaigns,
    CanListDomains,
    CanListLinks,
    CanListTeams,
    CanListTrackers,
    CanReadStats,
    LinkOrder,
    ListPlan,
)
from linkweave.providers.shortenworld import creating, inferred, statistics, updating
from linkweave.providers.shortenworld.calls import call
from linkweave.providers.shortenworld.days import day_text
from linkweave.providers.shortenworld.expense import CALL_COSTS
from linkweave.providers.shortenworld.lanes import impossible, plan
from linkweave.providers.shortenworld.trackers import TrackerKeeper
from linkweave.providers.shortenworld.wire import AnalyticsReply
from linkweave.providers.shortenworld.writer import LinkWriter
from linkweave.providers.write_capabilities import CanCreateLinks, CanDeleteLinks, CanUpdateLinks, CanWriteTrackers


class ShortenWorldAdapter(
    LinkWriter,
    TrackerKeeper,
    CanListLinks,
    CanGetLinks,
    CanReadStats,
    CanListDomains,
    CanListTeams,
    CanListCampaigns,
    CanListTrackers,
    CanCreateLinks,
    CanUpdateLinks,
    CanDeleteLinks,
    CanWriteTrackers,
):
    """ShortenWorld version 1. A link's handle is its `linkId`."""

    call_costs: ClassVar[CallCosts] = CALL_COSTS
    link_order: ClassVar[LinkOrder] = LinkOrder.NEWEST_FIRST
    stats_dimensions: ClassVar[frozenset[Dimension]] = statistics.DIMENSIONS
    measures: ClassVar[frozenset[Measure]] = statistics.MEASURES
    creatable: ClassVar[frozenset[str]] = creating.CREATABLE
    updatable: ClassVar[frozenset[str]] = updating.UPDATABLE
    clearable: ClassVar[frozenset[str]] = updating.CLEARABLE

    async def plan_links(self, wanted: LinkFilter) -> ListPlan:
        """One lane per half (hidden or not) and team asked for; asks for domains where they are filtered by."""
        if wanted.domains is None or impossible(wanted) is not None:
            return plan(wanted, None)
        names = {name.casefold() for name in wanted.domains}
        teams = [team.id for team in await self.list_teams()]
        ids = [row.id for _team, row in await self.domain_rows(teams) if row.name.casefold() in names]
        return plan(wanted, list(dict.fromkeys(ids)))

    async def read_stats(
        self,
        handle: str,
        link: Link | None,
        period: Period,
        parts: frozenset[StatsPart],
    ) -> StatsReport:
        """One call for all parts, or none for the totals of a link's whole life, which come with the link."""
        known = None if link is None else self.known_stats(link, period, parts)
        if known is not None:
            return known
        parts &= statistics.PARTS
        if not parts:
            return StatsReport(self.measures, self.clock.now(), covered=period)
        query = (("linkId", handle), ("startTime", day_text(period.start)), ("endTime", day_text(period.end)))
        asked = call(inferred.READ_STATISTICS, query)

        def report(answer: AnalyticsReply, at: datetime) -> StatsReport:
            return statistics.report(answer.metrics, period, parts, at, lambda what: self.bad_response(asked, what))

        answer, fetched = await self.fetch(AnalyticsReply, asked, lambda answer: report(answer, self.clock.now()))
        return report(answer, fetched.at)

    def known_stats(self, link: Link, period: Period, parts: frozenset[StatsPart]) -> StatsReport | None:
        """The totals of a link's whole life."""
        return statistics.lifetime_totals(link, period, parts & statistics.PARTS, self.today())

    async def probe(self) -> tuple[str, ...]:
        """Log in and list the teams.

        Raises:
            VendorError: the account cannot be used.
        """
        return () if await self.list_teams() else ("a team at ShortenWorld: links and domains belong to teams",)
