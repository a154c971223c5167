"""Which lists of a workspace hold the links that a filter asks for."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from linkweave.models import Domain, LinkFilter
from linkweave.providers.list_plans import no_match
from linkweave.providers.read_capabilities import FilterField, Lane, ListPlan

# What Dub's links do not have, with a notice for callers who filter by it.
_UNKNOWN_PARTS: Final[Mapping[FilterField, str | None]] = {
    FilterField.STARRED: "Dub has no starred links.",
    FilterField.ORIGIN: "Dub does not say how a link was made.",
    FilterField.TEAMS: None,
    FilterField.CAMPAIGNS: None,
}
EXTERNAL_ID: Final = "external id"
"""The lane of at most one link, which a call finds by its external id: that is unique in a workspace (DOC)."""
_MAX_DOMAINS: Final = 20


async def plan_lists(
    wanted: LinkFilter,
    folder_ids: Callable[[], Awaitable[tuple[str, ...]]],
    list_domains: Callable[[], Awaitable[tuple[Domain, ...]]],
) -> ListPlan:
    """The one link of an external id, or one list for each wanted domain, of the wanted tags, or for each folder.

    A list by domain or by tags has the links of all folders, and another one those of one folder or of none (FOUND).
    The gateway checks each link again. Dub refuses domains of others, so that no list is asked for by these.
    """
    empty = no_match(wanted, _UNKNOWN_PARTS)
    if empty is not None:
        return empty
    if wanted.external_id is not None:
        lane = Lane(EXTERNAL_ID, {"externalId": f"ext_{wanted.external_id}"})
        return ListPlan((lane,), frozenset({FilterField.EXTERNAL_ID}))
    author = {} if wanted.author_id is None else {"userId": wanted.author_id}
    handled = frozenset() if wanted.author_id is None else frozenset({FilterField.AUTHOR})
    tags = _tag_names(wanted)
    if tags:
        return ListPlan((Lane("tags", {**author, "tagNames": tags}),), handled)
    domains = None if wanted.domains is None else tuple(dict.fromkeys(each.lower() for each in wanted.domains))
    known = {domain.name for domain in await list_domains()} if domains else set()
    if domains is not None and len(domains) <= _MAX_DOMAINS and known.issuperset(domains):
        return ListPlan(tuple(Lane(name, {**author, "domain": name}) for name in domains), handled)
    lanes = (Lane(folder, {**author, "folderId": folder}) for folder in await folder_ids())
    return ListPlan((Lane("unsorted", author), *lanes), handled)


def _tag_names(wanted: LinkFilter) -> str | None:
    """The tags of which a link must have one; None where there are none, or where a comma in one would split it."""
    names = wanted.tags_all[:1] or wanted.tags_any
    return None if any("," in name for name in names) else ",".join(names) or None
