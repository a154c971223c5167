"""Which list of a group holds the links that a filter asks for."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from linkweave.models import Domain, LinkFilter
from linkweave.providers.list_plans import no_match, one_list
from linkweave.providers.read_capabilities import FilterField, ListPlan

# What Bitly's links do not have, with a notice for callers who filter by it.
_UNKNOWN_PARTS: Final[Mapping[FilterField, str | None]] = {
    FilterField.STARRED: "Bitly has no starred links.",
    FilterField.ORIGIN: "Bitly does not say how a link was made.",
    FilterField.EXTERNAL_ID: None,
    FilterField.TEAMS: None,
    FilterField.CAMPAIGNS: None,
}
_ARCHIVED: Final[Mapping[bool | None, str]] = {None: "both", True: "on", False: "off"}
_MARGIN: Final = timedelta(seconds=1)
"""Bitly does not say whether the limits are among the times that it lists."""


def plan_list(wanted: LinkFilter, tags: Iterable[str] | None, domains: Iterable[Domain] | None) -> ListPlan:
    """One list; `tags` and `domains` are those of the group, where needed. The gateway checks each link again.

    Of several tags one narrows the list: Bitly does not say whether links need any or all of them.
    """
    unknown_domain = domains is not None and not {name.casefold() for name in wanted.domains or ()} & {
        domain.name for domain in domains
    }
    tag = None if tags is None else _narrowing_tag(wanted, tuple(tags))
    if no_match(wanted, _UNKNOWN_PARTS) is None and (unknown_domain or tag == ""):
        return ListPlan(())
    query = {
        "archived": _ARCHIVED[wanted.archived],
        "created_after": _seconds(wanted.created_after, -_MARGIN),
        "created_before": _seconds(wanted.created_before, _MARGIN),
        "tags": tag,
        "encoding_login": wanted.author_id,
    }
    handled = {FilterField.AUTHOR} if wanted.author_id is not None else set[FilterField]()
    return one_list(wanted, _UNKNOWN_PARTS, {name: text for name, text in query.items() if text is not None}, handled)


def _narrowing_tag(wanted: LinkFilter, tags: tuple[str, ...]) -> str | None:
    """A tag that every link must have; "" where no link has it, and None where the list cannot be narrowed."""
    all_of = [frozenset({name}) for name in wanted.tags_all]
    groups = all_of or [frozenset(wanted.tags_any)]
    spelled = [[tag for tag in tags if tag.casefold() in {name.casefold() for name in group}] for group in groups]
    if not all(spelled):
        return ""
    return next((names[0] for names in spelled if len(names) == 1), None)


def _seconds(moment: datetime | None, margin: timedelta) -> str | None:
    """The Unix time; None for no limit, and for one at the end of the calendar."""
    try:
        return None if moment is None else str(max(0, int((moment.astimezone(UTC) + margin).timestamp())))
    except OverflowError:
        return None
