"""Which lists of a workspace hold the links that a filter asks for."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from linkweave.models import Domain, LinkFilter
from linkweave.providers.list_plans import no_match
from linkweave.providers.read_capabilities import FilterField, Lane, ListPlan
from linkweave.providers.rebrandly.inferred import DAY_MARGIN

# What the links do not have, with a notice for callers who filter by it.
_UNKNOWN_PARTS: Final[Mapping[FilterField, str | None]] = {
    FilterField.ARCHIVED: "Rebrandly has no archived links.",
    FilterField.ORIGIN: "Rebrandly does not say how a link was made.",
    FilterField.EXTERNAL_ID: None,
    FilterField.TEAMS: None,
    FilterField.CAMPAIGNS: None,
}
_CREATOR: Final = re.compile(r"[0-9A-Za-z]{1,64}")


def plan_lists(wanted: LinkFilter, tags: Iterable[str] | None, domains: Iterable[Domain] | None) -> ListPlan:
    """One list, or one for each wanted domain; `tags` and `domains` are those of the workspace, where needed.

    No list can match an unknown tag or domain. The gateway checks each link again, but for its creator.
    """
    nothing = no_match(wanted, _UNKNOWN_PARTS)
    if nothing is not None:
        return nothing
    if (tags is not None and not _has_tags(wanted, tags)) or not _CREATOR.fullmatch(wanted.author_id or "0"):
        return ListPlan(())
    query = {**_days(wanted), **({"favourite": "true"} if wanted.starred else {})}
    handled = frozenset[FilterField]()
    if wanted.author_id is not None:
        query["creator.id"], handled = wanted.author_id, frozenset({FilterField.AUTHOR})
    if domains is None or wanted.domains is None:
        return ListPlan((Lane("links", query),), handled)
    chosen = {name.casefold() for name in wanted.domains}
    names = [domain.name for domain in domains if domain.name in chosen]
    return ListPlan(tuple(Lane(name, {**query, "domain.fullName": name}) for name in names), handled)


def _has_tags(wanted: LinkFilter, tags: Iterable[str]) -> bool:
    own = {tag.casefold() for tag in tags}
    any_of, all_of = ({tag.casefold() for tag in names} for names in (wanted.tags_any, wanted.tags_all))
    return all_of <= own and (not any_of or bool(any_of & own))


def _days(wanted: LinkFilter) -> dict[str, str]:
    days = {
        "dateFrom": _day(wanted.created_after, -DAY_MARGIN),
        "dateTo": _day(wanted.created_before, DAY_MARGIN),
    }
    return {name: day for name, day in days.items() if day is not None}


def _day(moment: datetime | None, margin: timedelta) -> str | None:
    """The day; None for no limit, and for one at the end of the calendar."""
    try:
        return None if moment is None else (moment.astimezone(UTC) + margin).date().isoformat()
    except OverflowError:
        return None
