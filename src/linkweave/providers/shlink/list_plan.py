"""Which lists of a Shlink server hold the links that a filter asks for."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from linkweave.models import Domain, LinkFilter
from linkweave.providers.read_capabilities import FilterField, Lane, ListPlan
from linkweave.transport.call import Pairs

# What Shlink's links do not have, with a notice for callers who filter by it.
UNKNOWN_PARTS: Final[Mapping[FilterField, str | None]] = {
    FilterField.ARCHIVED: "Shlink has no archived links.",
    FilterField.STARRED: "Shlink has no starred links.",
    FilterField.ORIGIN: "Shlink does not say how a link was made.",
    FilterField.EXTERNAL_ID: None,
    FilterField.TEAMS: None,
    FilterField.CAMPAIGNS: None,
    FilterField.AUTHOR: None,
}

_DEFAULT: Final = "DEFAULT"
_BETWEEN: Final = "\n"


def plan_lists(wanted: LinkFilter, tags: Iterable[str] | None, domains: Sequence[Domain] | None) -> ListPlan:
    """One list, or one for each wanted domain; `tags` and `domains` are those of the server, where they are needed.

    Tags and times narrow the lists, and the gateway checks each link again. No list can match an unknown tag or domain.
    """
    query = _times(wanted)
    if tags is not None:
        choice = _tag_choice(wanted, tags)
        if choice is None:
            return ListPlan(())
        query |= choice
    if domains is None or wanted.domains is None:
        return ListPlan((Lane("links", query),))
    chosen = {name.casefold() for name in wanted.domains}
    lanes = [
        Lane(domain.name, {**query, "domain": _DEFAULT if domain.is_default else domain.name})
        for domain in domains
        if domain.name in chosen
    ]
    return ListPlan(tuple(lanes))


def sent_query(lane: Lane) -> Pairs:
    """The parameters of a lane; one with several values is sent once for each."""
    return tuple((name, value) for name, values in lane.query.items() for value in values.split(_BETWEEN))


def _times(wanted: LinkFilter) -> dict[str, str]:
    """The creation times, which need an offset (DOC)."""
    times = {"startDate": wanted.created_after, "endDate": wanted.created_before}
    return {name: _sent(moment) for name, moment in times.items() if moment is not None}


def _sent(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def _tag_choice(wanted: LinkFilter, tags: Iterable[str]) -> dict[str, str] | None:
    """The parameters that choose tags, as the server spells them; None where no link can match."""
    own = {tag.casefold(): tag for tag in tags if _BETWEEN not in tag}
    any_of, all_of, none_of = (
        [own[name.casefold()] for name in names if name.casefold() in own]
        for names in (wanted.tags_any, wanted.tags_all, wanted.tags_none)
    )
    if (wanted.tags_any and not any_of) or len(all_of) < len(wanted.tags_all):
        return None
    chosen, mode = (all_of, "all") if all_of else (any_of, "any")
    query = {"tags[]": _BETWEEN.join(chosen), "tagsMode": mode} if chosen else {}
    return {**query, **({"excludeTags[]": _BETWEEN.join(none_of), "excludeTagsMode": "any"} if none_of else {})}
