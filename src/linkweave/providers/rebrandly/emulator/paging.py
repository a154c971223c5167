"""Pages that begin after the item with an id."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from starlette.requests import Request

from linkweave.providers.emulator_kit import number_in
from linkweave.providers.rebrandly.emulator.store import MAX_PAGE, invalid, missing


class Item(Protocol):
    """Anything with an id."""

    id: str


Row = TypeVar("Row", bound=Item)


def page_of(request: Request, rows: Sequence[Row]) -> Sequence[Row]:
    """At most 25 rows, those after `last`. A larger limit is refused, and so is the id of a row that is gone."""
    limit = number_in(request, "limit", MAX_PAGE)
    if limit is None or not 1 <= limit <= MAX_PAGE:
        raise invalid("OutOfRange", "limit")
    last = request.query_params.get("last")
    if last is None:
        return rows[:limit]
    for at, row in enumerate(rows):
        if row.id == last:
            return rows[at + 1 : at + 1 + limit]
    raise missing("last")
