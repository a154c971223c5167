"""Reading ShortenWorld's paged lists to their end, which the vendor does not mark."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from linkweave.errors import VendorError
from linkweave.providers.base import Adapter
from linkweave.providers.shortenworld.calls import call
from linkweave.providers.shortenworld.inferred import PAGE_SIZE, Endpoint
from linkweave.providers.shortenworld.wire import Row, Rows
from linkweave.transport.call import Call, Pairs

# A list of teams, domains, … that is longer than this many pages is one that does not end.
MAX_PAGES: Final = 50
# Lists that are read side by side, so that one question is not hundreds of calls at once.
SIDE_BY_SIDE: Final = 4

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page of a list starts: its number, from 0 (DOC), and how many rows came before it."""

    page: int = 0
    seen: int = 0

    @classmethod
    def of(cls, token: str | None) -> "Position":
        """The position that was made into `token`; the start for None."""
        page, _, seen = (token or "0.0").partition(".")
        return cls(int(page), int(seen))

    @property
    def token(self) -> str:
        """As a string, for a cursor."""
        return f"{self.page}.{self.seen}"

    def after(self, rows: Rows[Row]) -> "Position | None":
        """Where the page after `rows` starts, or None where they are the last.

        A page is full when it has as many rows as were asked for, or as the answer says a page has, should the
        server give fewer. A page that is not full is the last unless `total` speaks of more. A full one is the
        last only if `total` is reached; not on the first page, where a `total` that counts one page looks alike.
        """
        count = len(rows.rows)
        following = Position(self.page + 1, self.seen + count)
        if not count:
            return None
        if count < min(PAGE_SIZE, rows.size or PAGE_SIZE):
            more = rows.total is not None and rows.total > following.seen
        else:
            more = rows.total != following.seen or not self.seen
        return following if more else None


def page_call(endpoint: Endpoint, query: Pairs, at: Position, found: Callable[[object], bool] | None = None) -> Call:
    """The call for the page that starts at `at`; `found` tells of its JSON whether a search found anything."""
    paging = (("size", str(PAGE_SIZE)), ("page", str(at.page)))
    return replace(call(endpoint, (*query, *paging)), found=found)


class ListReader(Adapter):
    """Asks for whole lists."""

    async def read_all(self, model: type[Rows[Row]], endpoint: Endpoint, query: Pairs = ()) -> tuple[Row, ...]:
        """Every row of a list.

        Raises:
            VendorError: a page could not be got or is not what the vendor documents, or the list does not end.
        """
        rows: list[Row] = []
        at = Position()
        for _ in range(MAX_PAGES):
            page, _fetched = await self.fetch(model, page_call(endpoint, query, at))
            rows += page.rows
            following = at.after(page)
            if following is None:
                return tuple(rows)
            at = following
        raise self.bad_response(call(endpoint), f"gave {MAX_PAGES} pages and no end")


async def each(items: Iterable[T], ask: Callable[[T], Awaitable[R]]) -> Sequence[R]:
    """What `ask` says of each of `items`, in their order, a few at a time; the first failure stops the others.

    Raises:
        VendorError: the failure that came first.
    """
    places = asyncio.Semaphore(SIDE_BY_SIDE)

    async def one(item: T) -> R:
        await places.acquire()
        answer = await ask(item)
        # A failure keeps its place, so that nobody starts between it and the end of the group.
        places.release()
        return answer

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(item)) for item in items]
    except* VendorError as failed:
        first = failed.exceptions[0]
    else:
        return [task.result() for task in tasks]
    raise first
