"""The parts of a filter that a vendor's API cannot express: the gateway applies them to each link."""

from collections.abc import Callable
from datetime import datetime
from typing import Final, TypeAlias

from linkweave.catalog.addresses import compared_destination
from linkweave.models import Link, LinkFilter, LinkOrigin
from linkweave.models.host_names import host_key
from linkweave.providers.read_capabilities import FilterField

LinkPredicate: TypeAlias = Callable[[Link], bool]

_NO_FILTER: Final = LinkFilter()


def residual_predicates(wanted: LinkFilter, handled: frozenset[FilterField]) -> tuple[LinkPredicate, ...]:
    """Returns the predicates that the gateway applies. A link that passes all of them matches.

    A link without a value for a part of the filter does not match that part.
    """
    if wanted == _NO_FILTER:
        return ()
    return tuple(each for part, build in _BUILDERS.items() if part not in handled for each in build(wanted))


def cannot_match(wanted: LinkFilter) -> bool:
    """Returns whether no link can match the filter, so that no call is needed."""
    if () in (wanted.domains, wanted.team_ids, wanted.campaign_ids):
        return True
    after, before = wanted.created_after, wanted.created_before
    return after is not None and before is not None and after >= before


def stop_predicate(moment: datetime | None) -> LinkPredicate | None:
    """Returns the predicate of links older than `moment`: a list that is newest first stops at the first of them."""
    if moment is None:
        return None
    return lambda link: link.created_at is not None and link.created_at < moment


def _search(wanted: LinkFilter) -> list[LinkPredicate]:
    if wanted.search is None:
        return []
    words = wanted.search.casefold()

    def found(link: Link) -> bool:
        texts = (link.slug, link.title, link.note, link.destination)
        return any(text is not None and words in text.casefold() for text in texts)

    return [found]


def _destination(wanted: LinkFilter) -> list[LinkPredicate]:
    if wanted.destination is None:
        return []
    key = compared_destination(wanted.destination).key
    return [lambda link: compared_destination(link.destination).key == key]


def _tags(wanted: LinkFilter) -> list[LinkPredicate]:
    predicates: list[LinkPredicate] = []
    any_of, all_of, none_of = (_folded(tags) for tags in (wanted.tags_any, wanted.tags_all, wanted.tags_none))
    if any_of:
        predicates.append(lambda link: not any_of.isdisjoint(_folded(link.tags)))
    if all_of:
        predicates.append(lambda link: all_of <= _folded(link.tags))
    if none_of:
        predicates.append(lambda link: none_of.isdisjoint(_folded(link.tags)))
    return predicates


def _domains(wanted: LinkFilter) -> list[LinkPredicate]:
    if wanted.domains is None:
        return []
    names = frozenset(map(host_key, wanted.domains))
    return [lambda link: link.domain is not None and host_key(link.domain) in names]


def _created(wanted: LinkFilter) -> list[LinkPredicate]:
    predicates: list[LinkPredicate] = []
    after, before = wanted.created_after, wanted.created_before
    if after is not None:
        predicates.append(lambda link: link.created_at is not None and link.created_at >= after)
    if before is not None:
        predicates.append(lambda link: link.created_at is not None and link.created_at < before)
    return predicates


def _external_id(wanted: LinkFilter) -> list[LinkPredicate]:
    return [] if wanted.external_id is None else [lambda link: link.external_id == wanted.external_id]


def _author(wanted: LinkFilter) -> list[LinkPredicate]:
    # A link has no field for its author: only an adapter's choice of lanes can select by it.
    return [] if wanted.author_id is None else [lambda _: False]


def _teams(wanted: LinkFilter) -> list[LinkPredicate]:
    ids = wanted.team_ids
    return [] if ids is None else [lambda link: link.team_id in ids]


def _campaigns(wanted: LinkFilter) -> list[LinkPredicate]:
    ids = wanted.campaign_ids
    return [] if ids is None else [lambda link: link.campaign_id in ids]


def _archived(wanted: LinkFilter) -> list[LinkPredicate]:
    return [] if wanted.archived is None else [lambda link: link.archived is wanted.archived]


def _starred(wanted: LinkFilter) -> list[LinkPredicate]:
    return [] if wanted.starred is None else [lambda link: link.starred is wanted.starred]


def _origin(wanted: LinkFilter) -> list[LinkPredicate]:
    # A link has no field for its origin: only an adapter's choice of lanes can select by it.
    return [] if wanted.origin is LinkOrigin.ANY else [lambda _: False]


def _folded(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(name.casefold() for name in names)


_BUILDERS: Final[dict[FilterField, Callable[[LinkFilter], list[LinkPredicate]]]] = {
    FilterField.SEARCH: _search,
    FilterField.DESTINATION: _destination,
    FilterField.TAGS: _tags,
    FilterField.DOMAINS: _domains,
    FilterField.CREATED: _created,
    FilterField.EXTERNAL_ID: _external_id,
    FilterField.AUTHOR: _author,
    FilterField.TEAMS: _teams,
    FilterField.CAMPAIGNS: _campaigns,
    FilterField.ARCHIVED: _archived,
    FilterField.STARRED: _starred,
    FilterField.ORIGIN: _origin,
}
