"""Plans for vendors whose account is one list, or whose links do not have what a filter asks for."""

from collections.abc import Iterable, Mapping

from linkweave.models import LinkFilter, LinkOrigin
from linkweave.providers.read_capabilities import FilterField, Lane, ListPlan


def filtered_by(wanted: LinkFilter) -> frozenset[FilterField]:
    """The parts of a filter that are set."""
    is_set = (
        (FilterField.SEARCH, wanted.search is not None),
        (FilterField.DESTINATION, wanted.destination is not None),
        (FilterField.TAGS, bool(wanted.tags_any or wanted.tags_all or wanted.tags_none)),
        (FilterField.DOMAINS, wanted.domains is not None),
        (FilterField.CREATED, wanted.created_after is not None or wanted.created_before is not None),
        (FilterField.AUTHOR, wanted.author_id is not None),
        (FilterField.EXTERNAL_ID, wanted.external_id is not None),
        (FilterField.TEAMS, wanted.team_ids is not None),
        (FilterField.CAMPAIGNS, wanted.campaign_ids is not None),
        (FilterField.ARCHIVED, wanted.archived is not None),
        (FilterField.STARRED, wanted.starred is not None),
        (FilterField.ORIGIN, wanted.origin is not LinkOrigin.ANY),
    )
    return frozenset(part for part, given in is_set if given)


def no_match(wanted: LinkFilter, unknown: Mapping[FilterField, str | None]) -> ListPlan | None:
    """The empty plan, where `wanted` asks for a part that this vendor's links do not have; None where links can match.

    `unknown` holds these parts, each with the notice for callers. The first one decides.
    """
    given = filtered_by(wanted)
    for part, notice in unknown.items():
        if part in given:
            return ListPlan((), notice=notice)
    return None


def one_list(
    wanted: LinkFilter,
    unknown: Mapping[FilterField, str | None],
    query: Mapping[str, str] | None = None,
    handled: Iterable[FilterField] = (),
) -> ListPlan:
    """The plan of an account that is one list: `query` narrows it, and so answers the parts in `handled` completely."""
    lane = Lane("links", query or {})
    return no_match(wanted, unknown) or ListPlan((lane,), frozenset(handled))
