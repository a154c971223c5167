"""Creates links at ShortenWorld, which wants the ids of a team and of one of its domains."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Final
from urllib.parse import urlsplit

from linkweave.context.cache_control import bypass_cache
from linkweave.context.operation_context import track_freshness
from linkweave.errors import InvalidChoiceError, VendorError
from linkweave.models import Link, Team, Utm
from linkweave.models.changes import ALL_LINK_FIELDS, NewLink, WrittenLink
from linkweave.providers.shortenworld import inferred
from linkweave.providers.shortenworld.calls import make_write
from linkweave.providers.shortenworld.link_reader import LinkReader
from linkweave.providers.shortenworld.link_wire import CreatedReply
from linkweave.providers.shortenworld.links import slug_of
from linkweave.providers.shortenworld.wire import DomainRow
from linkweave.transport.cache.fetched import FetchedAnswer
from linkweave.transport.call import Call

CREATABLE: Final = frozenset({"destination", "domain", "team", "campaign", "fetch_title", "utm"})
"""The parameters of Create link (DOC). Slug, title and tags are calls of their own, which create_link does not make."""

# The fields that are certain of a new link. Campaign and utm are certain too where they were sent.
_KNOWN_FIELDS: Final = frozenset({"handle", "short_url", "slug", "destination", "domain", "team_id", "fetched_at"})

_MAX_NAMES: Final = 10
"""Maximum number of teams or domains that a message names."""


class LinkCreator(LinkReader):
    """CREATE_LINK."""

    async def create_link(self, new: NewLink) -> WrittenLink:
        """Creates a link in one call, after the calls that find its team and domain.

        Raises:
            InvalidChoiceError: `field` ("team" or "domain") does not lead to one team and one domain; nothing was made.
            AmbiguousError: the link may have been created, or was created and cannot be found.
            VendorError: the link was not created.
        """
        target = await self._find_team_domain(new)
        call = make_write(inferred.CREATE_LINK, create_parameters(new, target))
        reply, fetched = await self.fetch(CreatedReply, call)
        if reply.link_id is None:
            return WrittenLink(await self._find_created(reply.short_url, call), ALL_LINK_FIELDS)
        return _written_link(reply.short_url, reply.link_id, new, target, fetched)

    async def check_domain(self, domain: str | None) -> None:
        """Finds the team and the domain of a link on `domain`. Makes the calls of `create_link` but the last.

        Raises:
            InvalidChoiceError: `domain` does not lead to one team and one domain.
            VendorError: they could not be read.
        """
        await self._find_team_domain(NewLink("https://example.com/", domain=domain))

    async def _find_team_domain(self, new: NewLink) -> "TeamDomain":
        """The named team and domain; a missing name follows from the account's teams and domains.

        Cached lists are good enough to choose from. Before they say that there is no such thing, they are read again.
        """
        started = self.clock.now()
        with track_freshness() as freshness:
            target = await self._choose(new)
        is_cached = freshness.oldest is not None and freshness.oldest < started
        if isinstance(target, TeamDomainProblem) and is_cached:
            with bypass_cache():
                target = await self._choose(new)
        if isinstance(target, TeamDomain):
            return target
        raise self.error(InvalidChoiceError, target.problem, inferred.CREATE_LINK.operation, field=target.field)

    async def _choose(self, new: NewLink) -> "TeamDomain | TeamDomainProblem":
        # A team that is given by its id needs no name. Whether it exists, the vendor will say.
        teams = await self.list_teams() if new.team is None else (Team(new.team, new.team),)
        if new.domain is None and len(teams) != 1:
            return _team_problem(teams)
        return choose_team_domain(new.domain, teams, await self.domain_rows(team.id for team in teams))

    async def _find_created(self, short_url: str, call: Call) -> Link:
        """The link whose creation did not return its id.

        Raises:
            AmbiguousError: it was created, and cannot be found.
        """
        try:
            with bypass_cache():
                link = await self.find_link(urlsplit(short_url).hostname or "", slug_of(short_url), ALL_LINK_FIELDS)
        except VendorError:
            link = None
        if link is None:
            raise self.bad_response(call, "did not return the new link's id, and a search does not find the link")
        return link


@dataclass(frozen=True, slots=True)
class TeamDomain:
    """The team and the domain of a new link, by the vendor's ids."""

    team_id: str
    domain_id: str


@dataclass(frozen=True, slots=True)
class TeamDomainProblem:
    """Why no team and domain are certain for a new link; `field` is the input field that can make them so."""

    field: str
    problem: str


def choose_team_domain(
    name: str | None,
    teams: Sequence[Team],
    domains: Sequence[tuple[str, DomainRow]],
) -> TeamDomain | TeamDomainProblem:
    """The domain called `name` and its team, or the first domain of the only team.

    `domains` are those of `teams`, each beside the id of its team.
    """
    matching = [(team, row) for team, row in domains if name is None or row.name.casefold() == name.casefold()]
    owners = dict.fromkeys(team for team, _row in matching)
    if not matching:
        missing = "the team has no domain" if name is None else f"no team has the domain {name}"
        return TeamDomainProblem("domain", f"{missing}; there are: {_names([row.name for _team, row in domains])}")
    if len(owners) > 1:
        return _team_problem([team for team in teams if team.id in owners])
    team_id, row = matching[0]
    return TeamDomain(team_id, row.id)


def create_parameters(new: NewLink, target: TeamDomain) -> Mapping[str, object]:
    """The parameters of Create link (DOC)."""
    optional = {
        "campaignId": new.campaign,
        # Not sent where titles are wanted: that is the vendor's default, and the parameter depends on the plan.
        "noTitle": True if new.fetch_title is False else None,
    }
    return {
        "teamId": target.team_id,
        "domainId": target.domain_id,
        "destination": new.destination,
        **{name: value for name, value in optional.items() if value is not None},
        **utm_parameters(new.utm),
    }


def utm_parameters(utm: Utm | None) -> Mapping[str, object]:
    """The given campaign parameters, under the vendor's names."""
    given = {} if utm is None else {field.name: getattr(utm, field.name) for field in fields(utm)}
    return {inferred.UTM[name]: value for name, value in given.items() if value is not None}


def _written_link(
    short_url: str, link_id: str, new: NewLink, target: TeamDomain, fetched: FetchedAnswer
) -> WrittenLink:
    """The created link, with the fields that are certain without reading it."""
    link = Link(
        handle=link_id,
        short_url=short_url,
        slug=slug_of(short_url),
        destination=new.destination,
        fetched_at=fetched.at,
        domain=urlsplit(short_url).hostname,
        utm=new.utm,
        team_id=target.team_id,
        campaign_id=new.campaign,
    )
    sent = {"utm": new.utm, "campaign_id": new.campaign}
    return WrittenLink(link, _KNOWN_FIELDS.union(name for name, value in sent.items() if value is not None))


def _team_problem(teams: Sequence[Team]) -> TeamDomainProblem:
    """The problem of an input that names neither a team nor a domain that only one of `teams` has."""
    if not teams:
        return TeamDomainProblem("team", "links belong to teams, and the account is in none")
    return TeamDomainProblem("team", f"name the team that the link is for: {_names([team.name for team in teams])}")


def _names(names: Sequence[str]) -> str:
    distinct = list(dict.fromkeys(names))
    more = f" and {len(distinct) - _MAX_NAMES} more" if len(distinct) > _MAX_NAMES else ""
    return (", ".join(distinct[:_MAX_NAMES]) or "none") + more
