"""Speaks ShortenWorld's API for one account."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import ClassVar, Final

from linkweave.models import (
    Campaign,
    Dimension,
    Domain,
    Link,
    LinkFilter,
    Measure,
    Page,
    Period,
    StatsPart,
    StatsReport,
    Team,
    Tracker,
    TrackerScope,
)
from linkweave.providers.capabilities import (
    CanGetLinks,
    CanListCampaigns,
    CanListDomains,
    CanListLinks,
    CanListTeams,
    CanListTrackers,
    CanReadStats,
    Lane,
    LinkOrder,
    ListPlan,
)
from linkweave.providers.shortenworld import inferred, statistics
from linkweave.providers.shortenworld.calls import call
from linkweave.providers.shortenworld.lanes import halves, impossible, plan
from linkweave.providers.shortenworld.links import link_from, tracker_from
from linkweave.providers.shortenworld.lists import ListReader, Position, each
from linkweave.providers.shortenworld.wire import (
    AnalyticsReply,
    CampaignRows,
    CatalogueRows,
    DomainRow,
    DomainRows,
    LinkRows,
    LinkTrackerRows,
    TeamRows,
    TeamTrackerRows,
)

# There is no call for one link: the lists are walked, and no further than this.
MAX_WALKED: Final = 2_000
# A page counts as this many links at least (DOC: the default size), so that tiny pages do not mean endless calls.
SMALLEST_PAGE: Final = 20


class ShortenWorldAdapter(
    ListReader,
    CanListLinks,
    CanGetLinks,
    CanReadStats,
    CanListDomains,
    CanListTeams,
    CanListCampaigns,
    CanListTrackers,
):
    """ShortenWorld version 1. A link's handle is its `linkId`."""

    link_order: ClassVar[LinkOrder] = LinkOrder.NEWEST_FIRST
    stats_dimensions: ClassVar[frozenset[Dimension]] = statistics.DIMENSIONS
    measures: ClassVar[frozenset[Measure]] = statistics.MEASURES

    async def plan_links(self, wanted: LinkFilter) -> ListPlan:
        """One lane per half (hidden or not) and team asked for; asks for domains where they are filtered by."""
        if wanted.domains is None or impossible(wanted) is not None:
            return plan(wanted, None)
        names = {name.casefold() for name in wanted.domains}
        ids = [row.id for _team, row in await self._domains() if row.name.casefold() in names]
        return plan(wanted, list(dict.fromkeys(ids)))

    async def list_links(self, lane: Lane, page: str | None) -> Page[Link]:
        """One page, in the vendor's own order."""
        at = Position.of(page)
        rows, fetched = await self.read_page(LinkRows, inferred.LIST_LINKS, tuple(lane.query.items()), at)
        hidden = lane.query["hidden"] == "true"
        # INFERRED that hidden=false leaves out the hidden ones. If it does not, they would come twice.
        links = (link_from(row, hidden, fetched.at) for row in rows.rows if row.hidden in (None, hidden))
        following = at.after(rows)
        return Page(tuple(links), fetched.at, following.token if following else None)

    async def get_links(self, handles: Sequence[str], fields: frozenset[str]) -> Mapping[str, Link]:  # noqa: ARG002 - a list tells every field at once
        """Walk the lists until all are found; one beyond the first 2,000 links of the account is not."""
        wanted = set(handles)
        found: dict[str, Link] = {}

        def take(link: Link) -> bool:
            if link.handle in wanted:
                found[link.handle] = link
            return len(found) == len(wanted)

        if wanted:
            await self._walk(halves(None), take)
        return found

    async def find_link(self, domain: str, slug: str, fields: frozenset[str]) -> Link | None:  # noqa: ARG002 - as above
        """Search for `slug` and take the link that has exactly this one on exactly this domain."""
        found: list[Link] = []

        def take(link: Link) -> bool:
            if link.slug == slug and link.domain == domain.casefold():
                found.append(link)
            return bool(found)

        await self._walk(halves(None, {"search": slug}), take)
        return found[0] if found else None

    async def read_stats(
        self,
        handle: str,
        link: Link | None,
        period: Period,
        parts: frozenset[StatsPart],
    ) -> StatsReport:
        """One call for all parts, or none for the totals of a link's whole life, which come with the link."""
        parts &= statistics.PARTS
        known = statistics.lifetime_totals(link, period, parts, self.today())
        if known is not None:
            return known
        if not parts:
            return StatsReport(self.measures, self.clock.now(), covered=period)
        query = (
            ("linkId", handle),
            ("startTime", statistics.day_text(period.start)),
            ("endTime", statistics.day_text(period.end)),
        )
        asked = call(inferred.READ_STATISTICS, query)
        answer, fetched = await self.ask(AnalyticsReply, asked)
        return statistics.report(
            answer.metrics, period, parts, fetched.at, lambda problem: self.bad_response(asked, problem)
        )

    async def list_domains(self) -> tuple[Domain, ...]:
        """Domains belong to teams: one list of teams, then one list of domains per team."""
        return tuple(
            Domain(row.name.casefold(), kind=inferred.DOMAIN_KINDS.get(row.kind or ""), team_id=team)
            for team, row in await self._domains()
        )

    async def probe(self) -> tuple[str, ...]:
        """Log in and list the teams.

        Raises:
            VendorError: the account cannot be used.
        """
        return () if await self.list_teams() else ("a team at ShortenWorld: links and domains belong to teams",)

    async def list_teams(self) -> tuple[Team, ...]:
        """Every team that the user owns or is a member of."""
        return tuple(Team(row.id, row.name) for row in await self.read_all(TeamRows, inferred.LIST_TEAMS))

    async def list_campaigns(self, team_id: str | None) -> tuple[Campaign, ...]:
        """The campaigns of one team, or of all the user's teams."""
        query = () if team_id is None else (("teamId", team_id),)
        rows = await self.read_all(CampaignRows, inferred.LIST_CAMPAIGNS, query)
        return tuple(Campaign(row.id, row.name, row.team_id or team_id) for row in rows)

    async def list_trackers(self) -> tuple[Tracker, ...]:
        """The catalogue, which comes in one piece."""
        answer, _fetched = await self.ask(CatalogueRows, call(inferred.LIST_TRACKERS))
        return tuple(tracker_from(row, TrackerScope.CATALOG) for row in answer.rows)

    async def list_team_trackers(self, team_id: str) -> tuple[Tracker, ...]:
        """The trackers that the team has set up."""
        rows = await self.read_all(TeamTrackerRows, inferred.LIST_TEAM_TRACKERS, (("teamId", team_id),))
        return tuple(tracker_from(row, TrackerScope.TEAM) for row in rows)

    async def list_link_trackers(self, handle: str) -> tuple[Tracker, ...]:
        """The trackers on one link."""
        rows = await self.read_all(LinkTrackerRows, inferred.LIST_LINK_TRACKERS, (("linkId", handle),))
        return tuple(tracker_from(row, TrackerScope.LINK) for row in rows)

    async def _domains(self) -> list[tuple[str, DomainRow]]:
        """Every domain with the id of its team."""

        async def of_team(team: Team) -> list[tuple[str, DomainRow]]:
            rows = await self.read_all(DomainRows, inferred.LIST_DOMAINS, (("teamId", team.id),))
            return [(team.id, row) for row in rows]

        return [pair for pairs in await each(await self.list_teams(), of_team) for pair in pairs]

    async def _walk(self, lanes: Iterable[Lane], take: Callable[[Link], bool]) -> None:
        """Show links to `take` until it has enough, the lists end, or too many have been looked at."""
        walked = 0
        for lane in lanes:
            at: str | None = None
            while walked < MAX_WALKED:
                page = await self.list_links(lane, at)
                if any(take(link) for link in page.items):
                    return
                walked += max(len(page.items), SMALLEST_PAGE)
                at = page.next
                if at is None:
                    break
