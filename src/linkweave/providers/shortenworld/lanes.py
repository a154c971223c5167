"""Which of ShortenWorld's lists hold the links that a filter wants."""

from collections.abc import Sequence
from typing import Final

from linkweave.models import LinkFilter, LinkOrigin
from linkweave.providers.read_capabilities import FilterField, Lane, ListPlan

# What the parameters of the link list or the choice of lanes answer completely. Tags and times are left to the
# gateway: the vendor's list has no parameter for them.
HANDLED: Final = frozenset(
    {
        FilterField.SEARCH,
        FilterField.DOMAINS,
        FilterField.EXTERNAL_ID,
        FilterField.TEAMS,
        FilterField.CAMPAIGNS,
        FilterField.ARCHIVED,
        FilterField.STARRED,
        FilterField.ORIGIN,
    },
)

SEARCH_NOTICE: Final = "ShortenWorld searches slugs and titles only, by its own rules."
DOMAIN_NOTICE: Final = "The account has none of the domains asked for."

# DOC: there is one list of links that are not hidden and one of those that are, and none of both.
HALVES: Final[tuple[tuple[bool, str], ...]] = ((False, "shown"), (True, "hidden"))


def halves(archived: bool | None, query: dict[str, str] | None = None, team_id: str | None = None) -> tuple[Lane, ...]:
    """The lists of links that are hidden, that are not, or for None both; within one team where one is named."""
    team = {} if team_id is None else {"teamId": team_id}
    prefix = "" if team_id is None else f"{team_id}/"
    return tuple(
        Lane(prefix + name, {**team, **(query or {}), "hidden": "true" if hidden else "false"})
        for hidden, name in HALVES
        if archived in (None, hidden)
    )


def plan(wanted: LinkFilter, domain_ids: Sequence[str] | None) -> ListPlan:
    """The lanes for `wanted`; `domain_ids` are the vendor's names of its domains, None without such a filter."""
    if (notice := impossible(wanted)) is not None:
        return ListPlan((), HANDLED, notice)
    if domain_ids is not None and not domain_ids:
        return ListPlan((), HANDLED, DOMAIN_NOTICE)
    query = {}
    if wanted.search:
        query["search"] = wanted.search
    if domain_ids is not None:
        query["domainIds"] = ",".join(domain_ids)
    campaigns = _ids(wanted.campaign_ids)
    if campaigns is not None:
        query["campaignIds"] = ",".join(campaigns)
    teams = _ids(wanted.team_ids)
    if campaigns == [] or teams == []:
        return ListPlan((), HANDLED)
    per_team = [halves(wanted.archived, query, team) for team in (teams if teams is not None else [None])]
    lanes = tuple(lane for lanes in per_team for lane in lanes)
    return ListPlan(lanes, HANDLED, SEARCH_NOTICE if wanted.search else None)


def impossible(wanted: LinkFilter) -> str | None:
    """Why no link of this provider can match `wanted`, whatever the account holds; None where some may."""
    if wanted.external_id is not None:
        return "ShortenWorld has no external ids."
    if wanted.starred is not None:
        return "ShortenWorld has no starred links."
    if wanted.origin is not LinkOrigin.ANY:
        return "ShortenWorld does not tell how a link was made."
    return None


def _ids(wanted: Sequence[str] | None) -> list[str] | None:
    """`wanted`, each once, without what would mean something else between commas."""
    return None if wanted is None else [one for one in dict.fromkeys(wanted) if one and "," not in one]
