"""Which lists hold the links that a filter asks for: Short.io lists one domain at a time."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from linkweave.models import LinkFilter
from linkweave.models.host_names import host_key
from linkweave.providers.list_plans import no_match
from linkweave.providers.read_capabilities import FilterField, Lane, ListPlan
from linkweave.providers.shortio.inferred import TIME_MARGIN
from linkweave.providers.shortio.wire import DomainRow

# What the links do not have, with a notice for callers who filter by it.
UNKNOWN_PARTS: Final[Mapping[FilterField, str | None]] = {
    FilterField.STARRED: "Short.io has no starred links.",
    FilterField.ORIGIN: "Short.io's lists cannot be filtered by how a link was made.",
    FilterField.EXTERNAL_ID: None,
    FilterField.TEAMS: None,
    FilterField.CAMPAIGNS: None,
    FilterField.AUTHOR: None,
}


def plan_lists(wanted: LinkFilter, domains: Iterable[DomainRow]) -> ListPlan:
    """One list for each domain, or for each wanted one. The gateway checks every link again."""
    nothing = no_match(wanted, UNKNOWN_PARTS)
    if nothing is not None:
        return nothing
    chosen = None if wanted.domains is None else {host_key(name) for name in wanted.domains}
    dates = _dates(wanted)
    lanes = (
        Lane(row.name, {"domain_id": str(row.id), **dates}) for row in domains if chosen is None or row.name in chosen
    )
    return ListPlan(tuple(lanes))


def _dates(wanted: LinkFilter) -> dict[str, str]:
    limits = {
        "afterDate": _moment(wanted.created_after, -TIME_MARGIN),
        "beforeDate": _moment(wanted.created_before, TIME_MARGIN),
    }
    return {name: moment for name, moment in limits.items() if moment is not None}


def _moment(moment: datetime | None, margin: timedelta) -> str | None:
    """The moment with its zone; None for no limit, and for one at the end of the calendar."""
    try:
        return None if moment is None else (moment.astimezone(UTC) + margin).isoformat().replace("+00:00", "Z")
    except OverflowError:
        return None
