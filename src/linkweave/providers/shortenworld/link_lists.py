"""ShortenWorld's lists of links: which of them a filter needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from linkweave.models import LinkFilter
from linkweave.providers.list_plans import no_match
from linkweave.providers.read_capabilities import FilterField, Lane, ListPlan

# The parts that the list's parameters or the choice of lists answer completely. The gateway checks tags and times: the
# list has no parameter for them.
_HANDLED: Final = frozenset(
    {
        FilterField.SEARCH,
        FilterField.DOMAINS,
        FilterField.EXTERNAL_ID,
        FilterField.AUTHOR,
        FilterField.TEAMS,
        FilterField.CAMPAIGNS,
        FilterField.ARCHIVED,
        FilterField.STARRED,
        FilterField.ORIGIN,
    },
)
_UNKNOWN_PARTS: Final[Mapping[FilterField, str | None]] = MappingProxyType(
    {
        FilterField.AUTHOR: None,
        FilterField.EXTERNAL_ID: "ShortenWorld has no external ids.",
        FilterField.STARRED: "ShortenWorld has no starred links.",
        FilterField.ORIGIN: "ShortenWorld does not report how a link was made.",
    }
)

_SEARCH_NOTICE: Final = "ShortenWorld searches slugs and titles only, by its own rules."
_DOMAIN_NOTICE: Final = "The account has none of the wanted domains."


@dataclass(frozen=True, slots=True)
class LinkList:
    """One of the two lists: links that are hidden, or links that are not. There is none of both (DOC)."""

    name: str
    hidden: bool

    def lane(self, query: Mapping[str, str], team_id: str | None = None) -> Lane:
        """The list narrowed by `query`, and to the links of one team."""
        team = {} if team_id is None else {"teamId": team_id}
        prefix = "" if team_id is None else f"{team_id}/"
        return Lane(prefix + self.name, {**team, **query, "hidden": "true" if self.hidden else "false"})


LINK_LISTS: Final = (LinkList("shown", hidden=False), LinkList("hidden", hidden=True))


def empty_plan(wanted: LinkFilter) -> ListPlan | None:
    """The plan without lists, where no link of this vendor can match `wanted`; None where links can match."""
    return no_match(wanted, _UNKNOWN_PARTS)


def list_plan(wanted: LinkFilter, domain_ids: Sequence[str] | None) -> ListPlan:
    """The lists for `wanted`. `domain_ids` are the vendor's ids of its domains, None without a filter on domains."""
    if domain_ids is not None and not domain_ids:
        return ListPlan((), _HANDLED, _DOMAIN_NOTICE)
    query = {}
    if wanted.search:
        query["search"] = wanted.search
    if domain_ids is not None:
        query["domainIds"] = ",".join(domain_ids)
    campaigns, teams = _ids(wanted.campaign_ids), _ids(wanted.team_ids)
    if campaigns is not None:
        query["campaignIds"] = ",".join(campaigns)
    if campaigns == [] or teams == []:
        return ListPlan((), _HANDLED)
    lists = [each for each in LINK_LISTS if wanted.archived in (None, each.hidden)]
    lanes = tuple(each.lane(query, team) for team in ([None] if teams is None else teams) for each in lists)
    return ListPlan(lanes, _HANDLED, _SEARCH_NOTICE if wanted.search else None)


def _ids(wanted: Sequence[str] | None) -> list[str] | None:
    """`wanted`, each once, without ids that would mean something else between commas."""
    return None if wanted is None else [one for one in dict.fromkeys(wanted) if one and "," not in one]
