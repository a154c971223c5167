"""Reads ShortenWorld's teams, campaigns and domains."""

from collections.abc import Iterable

from linkweave.models import Campaign, Domain, Team
from linkweave.providers.shortenworld import inferred
from linkweave.providers.shortenworld.list_reader import ListReader
from linkweave.providers.shortenworld.wire import CampaignRows, DomainRow, DomainRows, TeamRows
from linkweave.providers.single_reads import read_each


class TeamReader(ListReader):
    """LIST_TEAMS, LIST_CAMPAIGNS and LIST_DOMAINS."""

    async def list_teams(self) -> tuple[Team, ...]:
        """Every team that the user owns or is a member of."""
        return tuple(Team(row.id, row.name) for row in await self.read_all(TeamRows, inferred.LIST_TEAMS))

    async def list_campaigns(self, team_id: str | None) -> tuple[Campaign, ...]:
        """The campaigns of one team, or of all teams of the user."""
        query = () if team_id is None else (("teamId", team_id),)
        rows = await self.read_all(CampaignRows, inferred.LIST_CAMPAIGNS, query)
        return tuple(Campaign(row.id, row.name, row.team_id or team_id) for row in rows)

    async def list_domains(self) -> tuple[Domain, ...]:
        """Domains belong to teams: one list of teams, then one list of domains per team."""
        teams = [team.id for team in await self.list_teams()]
        return tuple(
            Domain(row.name.casefold(), kind=inferred.DOMAIN_KINDS.get(row.kind or ""), team_id=team)
            for team, row in await self.domain_rows(teams)
        )

    async def domain_rows(self, teams: Iterable[str]) -> list[tuple[str, DomainRow]]:
        """Every domain of the teams with these ids, beside the id of its team."""

        async def of_team(team: str) -> list[tuple[str, DomainRow]]:
            rows = await self.read_all(DomainRows, inferred.LIST_DOMAINS, (("teamId", team),))
            return [(team, row) for row in rows]

        return [pair for pairs in await read_each(teams, of_team) for pair in pairs]
