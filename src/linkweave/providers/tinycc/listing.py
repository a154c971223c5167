"""Which of the vendor's lists hold the links that a filter asks for.

A list is of one domain, unless it is chosen by tags: then `domain` is ignored and it is of all domains (DOC).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from linkweave.models import Domain, LinkFilter, LinkOrigin
from linkweave.providers.read_capabilities import FilterField, Lane, ListPlan
from linkweave.providers.tinycc.handles import ascii_domain
from linkweave.providers.tinycc.inferred import (
    AUTOTAGS,
    MAX_EXPRESSION_CHARACTERS,
    MAX_SEARCH_CHARACTERS,
    SAFE_LABEL,
)


@dataclass(frozen=True, slots=True)
class TagChoice:
    """The account's own labels among those that a filter names, as the account spells them."""

    any_of: tuple[str, ...] = ()
    all_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()

    @classmethod
    def among(cls, wanted: LinkFilter, labels: Iterable[str]) -> "TagChoice | None":
        """The choice that `wanted` makes among `labels`; None when no link can match it.

        Labels that the account has not are settled here, because what the vendor makes of an expression with
        an unknown one is not documented (there is an error "tag not found").
        """
        own = {label.casefold(): label for label in labels}
        all_named = {label.casefold() for label in wanted.tags_all}
        any_of = _own(wanted.tags_any, own)
        if (wanted.tags_any and not any_of) or not all_named <= own.keys():
            return None
        return cls(any_of, _own(wanted.tags_all, own), _own(wanted.tags_none, own))

    def expression(self) -> str | None:
        """The choice in the vendor's syntax, bracketed so that no precedence matters.

        None where there is nothing to say, or where a label could be read as something else.
        """
        either = "|".join(self.any_of)
        parts = (
            *((f"({either})",) if either else ()),
            *self.all_of,
            *(f"~{label}" for label in self.none_of),
        )
        text = "&".join(parts)
        labels = (*self.any_of, *self.all_of, *self.none_of)
        sayable = all(SAFE_LABEL.fullmatch(label) and label.casefold() not in AUTOTAGS for label in labels)
        return text if text and sayable and len(text) <= MAX_EXPRESSION_CHARACTERS else None


def names_tags(wanted: LinkFilter) -> bool:
    """True when `wanted` is about tags at all."""
    return bool(wanted.tags_any or wanted.tags_all or wanted.tags_none)


def plan_nothing(wanted: LinkFilter) -> ListPlan | None:
    """The empty plan where `wanted` asks for what no link of this vendor tells; None where links can match."""
    if wanted.created_after is not None or wanted.created_before is not None:
        return ListPlan((), notice="tiny.cc does not tell when a link was made, so no link matches by time.")
    if wanted.origin is not LinkOrigin.ANY:
        return ListPlan((), notice="tiny.cc does not tell how a link was made, so no link matches by origin.")
    if wanted.starred is not None:
        return ListPlan((), notice="tiny.cc has no starred links.")
    if wanted.external_id is not None or wanted.team_ids is not None or wanted.campaign_ids is not None:
        return ListPlan(())
    return None


def plan_by_tags(wanted: LinkFilter, expression: str) -> ListPlan:
    """One list over all domains.

    Nothing counts as handled: the syntax is not the vendor's document's, and a tag may be spelled like one of
    the words that the vendor adds on its own (a satellite account's name).
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


def _own(labels: Iterable[str], own: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(own[label.casefold()] for label in labels if label.casefold() in own))


def _search(wanted: LinkFilter) -> dict[str, str]:
    """What the vendor is told to search for: it looks at destination, note and hash (FOUND[T8])."""
    words = (wanted.search or "").strip()
    sendable = words and words.isprintable() and len(words) <= MAX_SEARCH_CHARACTERS
    return {"search": words} if sendable else {}
