"""Decides for each link of the source whether it can be copied. Makes no call."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from linkweave.accounts import Account
from linkweave.catalog.jobs.copy_plans import CopyOptions, CopyState, OnConflict, PlanRow, SlugChoice
from linkweave.gather.lookup.existing_links import normalise_destination
from linkweave.jobs.copying.link_copies import LinkCopy, copy_link
from linkweave.models import Link
from linkweave.models.host_names import host_key

# Maximum number that is appended to a slug that is taken.
MAX_SUFFIX: Final = 99


@dataclass(frozen=True, slots=True)
class TargetFacts:
    """What is known of the target: its links, its domains, and how many links may still be created.

    `domains` is None where they are not known, and `links_left` where there is no limit.
    """

    account: Account
    links: Sequence[Link]
    domains: frozenset[str] | None = None
    links_left: int | None = None


def plan_rows(links: Iterable[Link], options: CopyOptions, target: TargetFacts) -> list[PlanRow]:
    """Returns a row for each of `links`, in order. Earlier rows take slugs and quota from later ones."""
    planner = _Planner(options, target)
    return [planner.row(link) for link in links]


@dataclass(slots=True)
class _Planner:
    options: CopyOptions
    target: TargetFacts
    _destinations: set[str] = field(init=False)
    _slugs: dict[tuple[str, str], str] = field(init=False)
    _planned: int = 0

    def __post_init__(self) -> None:
        links = self.target.links
        self._destinations = {normalise_destination(link.destination) for link in links}
        # Two links may share a slug on different domains. Where the domain is not known, the first listed one counts.
        self._slugs = {key: normalise_destination(link.destination) for link in reversed(links) for key in _keys(link)}

    def row(self, link: Link) -> PlanRow:
        """Returns the row of `link`, and takes its slug and its part of the quota."""
        domain = self.options.domain
        if domain is not None and self.target.domains is not None and host_key(domain) not in self.target.domains:
            known = ", ".join(sorted(self.target.domains)) or "none"
            return _blocked(link, CopyState.DOMAIN_UNKNOWN, f"{self._key} has no domain {domain}; there are: {known}")
        slug = None if self.options.slug is SlugChoice.NEW else link.slug
        copy = copy_link(link, self.target.account, slug, domain)
        if copy.problem is not None:
            return _blocked(link, CopyState.UNSUPPORTED, copy.problem)
        # Without a slug in the create, only the destination tells of an earlier copy.
        if copy.new.slug is None and normalise_destination(link.destination) in self._destinations:
            return _blocked(link, CopyState.EXISTS, f"{self._key} has a link to this destination already")
        if copy.slug is not None:
            chosen = self._with_free_slug(link, copy)
            if isinstance(chosen, PlanRow):
                return chosen
            copy = chosen
        if self.target.links_left is not None and self._planned >= self.target.links_left:
            reason = f"{self._key} may create {self.target.links_left} more links"
            return _blocked(link, CopyState.OVER_QUOTA, reason)
        self._take(copy)
        state = CopyState.READY_WITH_LOSS if copy.lost else CopyState.READY
        return PlanRow(link.handle, link.short_url, state, None, copy.lost, copy.new, copy.patch)

    @property
    def _key(self) -> str:
        return self.target.account.key

    def _with_free_slug(self, link: Link, copy: LinkCopy) -> LinkCopy | PlanRow:
        """Returns `copy` with a slug that is free, or the row that says why there is none."""
        slug, domain, destination = copy.slug or "", copy.new.domain, normalise_destination(copy.new.destination)
        candidates = [slug]
        if self.options.on_conflict is OnConflict.SUFFIX:
            candidates += [f"{slug}-{number}" for number in range(2, MAX_SUFFIX + 1)]
        for candidate in candidates:
            owner = self._owner(candidate, domain)
            if owner == destination:
                reason = f"{self._key} has this slug with this destination already"
                return _blocked(link, CopyState.EXISTS, reason)
            if owner is None:
                fitting = copy_link(link, self.target.account, candidate, domain)
                return fitting if fitting.slug == candidate else self._taken(link, candidate, "is not allowed there")
        return self._taken(link, slug, f"is taken at {self._key}")

    def _taken(self, link: Link, slug: str, why: str) -> PlanRow:
        return _blocked(link, CopyState.SLUG_TAKEN, f"the slug {slug} {why}")

    def _owner(self, slug: str, domain: str | None) -> str | None:
        """Returns the destination of the link that has `slug`, on `domain` or on a domain that is not known."""
        place = domain or self.target.account.settings.home_domain
        named = self._slugs.get((_ANY if place is None else host_key(place), slug))
        return self._slugs.get((_UNTOLD, slug)) if named is None else named

    def _take(self, copy: LinkCopy) -> None:
        self._planned += 1
        if copy.slug is not None:
            place = copy.new.domain or self.target.account.settings.home_domain
            for domain in {_ANY, _UNTOLD if place is None else host_key(place)}:
                self._slugs[domain, copy.slug] = normalise_destination(copy.new.destination)


# Keys for slugs on any domain, and on a domain that the vendor does not tell. No host has these names.
_ANY: Final = "*"
_UNTOLD: Final = "?"


def _keys(link: Link) -> tuple[tuple[str, str], ...]:
    return (_ANY, link.slug), (_UNTOLD if link.domain is None else host_key(link.domain), link.slug)


def _blocked(link: Link, state: CopyState, reason: str) -> PlanRow:
    return PlanRow(link.handle, link.short_url, state, reason)
