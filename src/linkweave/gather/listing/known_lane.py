"""The list of an account whose vendor has none: the links that the catalog knows, as a lane among the others."""

from collections.abc import Mapping
from typing import Final

from linkweave.errors import InvalidInputError
from linkweave.gather.known.known_account import KnownAccount
from linkweave.gather.listing.account_reader import AccountReader
from linkweave.gather.listing.lane_position import START, LanePosition
from linkweave.gather.listing.lane_reader import LaneReader
from linkweave.gather.listing.link_query import AccountQuery
from linkweave.models import LinkFilter, LinkOrigin
from linkweave.providers.read_capabilities import LinkOrder

KNOWN_NOTICE: Final = (
    "The provider lists no links. These are the links that the catalog knows: those that were created, read or "
    "imported through this gateway."
)

_LANE: Final = "known"
# SQLite matches no pattern of more than 50,000 bytes (DOC).
_MAX_SEARCH: Final = 1_000


def known_reader(
    query: AccountQuery, known: KnownAccount, position: Mapping[str, LanePosition], first: int
) -> AccountReader:
    """Returns a reader of the known links that match, newest first. At most `first` of them are read."""
    lane = LaneReader(lambda token: known.page(query.filter, token), (), query.budget, start=position.get(_LANE, START))
    return AccountReader(query.loaders.key, LinkOrder.NEWEST_FIRST, {_LANE: lane}, position, first)


def unknown_condition(wanted: LinkFilter) -> str | None:
    """Returns the condition of `wanted` that the catalog cannot check, as callers spell it; None if it checks all."""
    if wanted.author_id is not None:
        return "authorId"
    if wanted.search is not None and len(wanted.search) > _MAX_SEARCH:
        return "search"
    return None if wanted.origin is LinkOrigin.ANY else "origin"


def check_conditions(wanted: LinkFilter, prefix: str = "filter") -> None:
    """Checks that the catalog can check all conditions of a filter.

    Raises:
        InvalidInputError: it cannot.
    """
    name = unknown_condition(wanted)
    if name == "search":
        raise InvalidInputError(f"{prefix}.{name}", f"must have at most {_MAX_SEARCH} characters to search the catalog")
    if name is not None:
        raise InvalidInputError(f"{prefix}.{name}", "is not known to the catalog; leave it out, or read LIVE")
