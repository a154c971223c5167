"""Chooses the lists of the vendor that hold the links of a filter.

A list has the links of one domain. A list chosen by tags has those of all domains, and ignores `domain` (DOC).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from linkweave.models import Domain, LinkFilter
from linkweave.providers.read_capabilities import FilterField, Lane, LinkSort, ListPlan
from linkweave.providers.tinycc.handles import ascii_domain
from linkweave.providers.tinycc.inferred import (
    AUTOTAGS,
    MAX_EXPRESSION_CHARACTERS,
    MAX_SEARCH_CHARACTERS,
    SAFE_LABEL,
)

# What this vendor's links do not have, with the notice for callers who filter by it.
UNKNOWN_PARTS: Final[Mapping[FilterField, str | None]] = MappingProxyType(
    {
        FilterField.CREATED: "tiny.cc does not say when a link was made, so no link matches by time.",
        FilterField.ORIGIN: "tiny.cc does not say how a link was made, so no link matches by origin.",
        FilterField.STARRED: "tiny.cc has no starred links.",
        FilterField.EXTERNAL_ID: None,
        FilterField.TEAMS: None,
        FilterField.CAMPAIGNS: None,
        FilterField.AUTHOR: None,
    }
)


SORTS: Final[Mapping[LinkSort, str]] = MappingProxyType(
    {
        LinkSort.CREATED: "created",
        LinkSort.CLICKS: "clicks",
        LinkSort.MODIFIED: "modified",
        LinkSort.SLUG: "hash",
    }
)
"""DOC: the values of `order_by`."""


@dataclass(frozen=True, slots=True)
class TagChoice:
    """The labels of the account among those that a filter names, as the account spells them."""

    any_of: tuple[str, ...] = ()
    all_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()

    @classmethod
    def among(cls, wanted: LinkFilter, labels: Iterable[str]) -> "TagChoice | None":
        """The choice that `wanted` makes among `labels`; None when no link can match it.

        Unknown labels are settled here: what the vendor makes of an expression with one is not documented (there is an
        error "tag not found").
        """
        own = {label.casefold(): label for label in labels}
        all_named = {label.casefold() for label in wanted.tags_all}
        any_of = _own(wanted.tags_any, own)
        if (wanted.tags_any and not any_of) or not all_named <= own.keys():
            return None
        return cls(any_of, _own(wanted.tags_all, own), _own(wanted.tags_none, own))

    def expression(self) -> str | None:
        """The choice in the vendor's syntax, in brackets so that no precedence matters.

        None where no label is chosen, or where a label could be read as something else.
        """
        either = "|".join(self.any_of)
        parts = (
            *((f"({either})",) if either else ()),
            *self.all_of,
            *(f"~{label}" for label in self.none_of),
        )
        text = "&".join(parts)
        labels = (*self.any_of, *self.all_of, *self.none_of)
        can_be_sent = all(SAFE_LABEL.fullmatch(label) and label.casefold() not in AUTOTAGS for label in labels)
        return text if text and can_be_sent and len(text) <= MAX_EXPRESSION_CHARACTERS else None


def plan_by_tags(wanted: LinkFilter, expression: str) -> ListPlan:
    """One list over all domains.

    No part counts as handled: the syntax is not in the vendor's document. Also, a tag may be spelled like a word that
    the vendor adds by itself, such as a satellite account's name.
    """
    return ListPlan((Lane("tags", {"tags": expression, **_search(wanted)}),))


def plan_by_domain(wanted: LinkFilter, domains: Sequence[Domain], working: str | None) -> ListPlan:
    """One list per domain, in the vendor's order; the working domain alone where the account lists none."""
    search = _search(wanted)
    handled = {FilterField.SEARCH} if wanted.search is None or search.get("search") == wanted.search else set()
    if not domains:
        query = {} if working is None else {"domain": ascii_domain(working)}
        return ListPlan((Lane("working domain", {**query, **search}),), frozenset(handled))
    names = dict.fromkeys(domain.name for domain in domains)
    if wanted.domains is not None:
        chosen = {ascii_domain(name) for name in wanted.domains}
        names = dict.fromkeys(name for name in names if name in chosen)
    lanes = (Lane(name, {"domain": name, **search}) for name in names)
    return ListPlan(tuple(lanes), frozenset(handled | {FilterField.DOMAINS}))


def sorted_lanes(plan: ListPlan, sort: LinkSort) -> ListPlan:
    """`plan` with its lists in another order (DOC: `order_by`), numbers and times from high to low."""
    lanes = tuple(Lane(lane.name, {**lane.query, "order_by": SORTS[sort]}) for lane in plan.lanes)
    return replace(plan, lanes=lanes)


def _own(labels: Iterable[str], own: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(own[label.casefold()] for label in labels if label.casefold() in own))


def _search(wanted: LinkFilter) -> dict[str, str]:
    """The parameter for the vendor's search, which looks at destination, note and hash (FOUND[T8])."""
    words = (wanted.search or "").strip()
    can_be_sent = words and words.isprintable() and len(words) <= MAX_SEARCH_CHARACTERS
    return {"search": words} if can_be_sent else {}
