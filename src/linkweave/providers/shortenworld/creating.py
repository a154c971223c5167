"""New links at ShortenWorld: which team and domain they go to, and how that is said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from linkweave.models import Link, Team, Utm
from linkweave.models.changes import NewLink, WrittenLink
from linkweave.providers.shortenworld.inferred import UTM
from linkweave.providers.shortenworld.links import slug_of
from linkweave.providers.shortenworld.wire import DomainRow

CREATABLE: Final = frozenset({"destination", "domain", "team", "campaign", "fetch_title", "utm"})
"""What Create link takes (DOC). Slug, title and tags are calls of their own, which create_link does not chain."""

# What is certain of a new link, beside the campaign and the utm where the vendor was told any.
_TOLD: Final = frozenset({"handle", "short_url", "slug", "destination", "domain", "team_id", "fetched_at"})

# So many names of what there is to choose from go into a message.
_NAMED: Final = 10


@dataclass(frozen=True, slots=True)
class Place:
    """The team and the domain of a new link, both by the vendor's ids."""

    team_id: str
    domain_id: str


@dataclass(frozen=True, slots=True)
class NoPlace:
    """Why there is no place for a new link; `field` is the field that can mend it."""

    field: str
    problem: str


def choose_place(
    name: str | None,
    teams: Sequence[Team],
    domains: Sequence[tuple[str, DomainRow]],
) -> Place | NoPlace:
    """Where a link on the domain called `name`, or on the first of the only team, goes.

    `domains` are those of `teams`, each beside the id of its team.
    """
    fitting = [(team, row) for team, row in domains if name is None or row.name.casefold() == name.casefold()]
    owners = dict.fromkeys(team for team, _row in fitting)
    if not fitting:
        return NoPlace("domain", f"{_wanted(name)}; there are: {_names([row.name for _team, row in domains])}")
    if len(owners) > 1:
        return which_team([team for team in teams if team.id in owners])
    team_id, row = fitting[0]
    return Place(team_id, row.id)


def which_team(teams: Sequence[Team]) -> NoPlace:
    """The answer to whoever named neither a team nor a domain that only one of `teams` has."""
    if not teams:
        return NoPlace("team", "links belong to teams, and the account is in none")
    return NoPlace("team", f"name the team that the link is for: {_names([team.name for team in teams])}")


def creation(new: NewLink, place: Place) -> Mapping[str, object]:
    """The parameters of Create link (DOC)."""
    optional = {
        "campaignId": new.campaign,
        # Not said where titles are wanted, which is what happens without it: it depends on the plan.
        "noTitle": True if new.fetch_title is False else None,
    }
    return {
        "teamId": place.team_id,
        "domainId": place.domain_id,
        "destination": new.destination,
        **{name: value for name, value in optional.items() if value is not None},
        **utm_parameters(new.utm),
    }


def as_told(short_url: str, link_id: str, new: NewLink, place: Place, at: datetime) -> WrittenLink:
    """The link that the vendor made of `new` at `place`, as far as that is certain without reading it."""
    link = Link(
        handle=link_id,
        short_url=short_url,
        slug=slug_of(short_url),
        destination=new.destination,
        fetched_at=at,
        domain=urlsplit(short_url).hostname,
        utm=new.utm,
        team_id=place.team_id,
        campaign_id=new.campaign,
    )
    told = {"utm": new.utm, "campaign_id": new.campaign}
    return WrittenLink(link, _TOLD.union(name for name, value in told.items() if value is not None))


def utm_parameters(utm: Utm | None) -> Mapping[str, object]:
    """Those that are given, under the vendor's names."""
    given = {} if utm is None else {field.name: getattr(utm, field.name) for field in fields(utm)}
    return {UTM[name]: value for name, value in given.items() if value is not None}


def _wanted(name: str | None) -> str:
    return "the team has no domain" if name is None else f"no team has the domain {name}"


def _names(names: Sequence[str]) -> str:
    shown = list(dict.fromkeys(names))
    more = f" and {len(shown) - _NAMED} more" if len(shown) > _NAMED else ""
    return (", ".join(shown[:_NAMED]) or "none") + more
