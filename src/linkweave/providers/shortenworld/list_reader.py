"""Reads ShortenWorld's paged lists, whose end the vendor does not mark."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from linkweave.providers.base import Adapter
from linkweave.providers.paging import MAX_PAGES, EndlessListError, PageNumber, read_all_pages
from linkweave.providers.shortenworld.calls import make_call
from linkweave.providers.shortenworld.inferred import PAGE_SIZE, Endpoint
from linkweave.providers.shortenworld.wire import Row, Rows
from linkweave.transport.call import Call, Pairs

_FIRST_PAGE: Final = 0  # DOC


def page_call(
    endpoint: Endpoint, query: Pairs, token: str | None, found: Callable[[object], bool] | None = None
) -> Call:
    """The call for one page. `found` says of an answer's JSON whether a search found anything."""
    paging = (("size", str(PAGE_SIZE)), ("page", str(page_number(token).number)))
    return replace(make_call(endpoint, (*query, *paging)), found=found)


def page_number(token: str | None) -> PageNumber:
    """The page of a token."""
    return PageNumber.parse(token, _FIRST_PAGE)


def page_size(rows: Rows[Row]) -> int:
    """How many rows a full page has: as many as the call wanted, or fewer where the server says so."""
    return min(PAGE_SIZE, rows.size or PAGE_SIZE)


def next_page(rows: Rows[Row], token: str | None) -> str | None:
    """The token of the page after that of `token`; None at the end."""
    return page_number(token).next(rows.row_count, page_size(rows), rows.total)


class ListReader(Adapter):
    """Reads whole lists."""

    async def read_all(self, model: type[Rows[Row]], endpoint: Endpoint, query: Pairs = ()) -> tuple[Row, ...]:
        """Every row of a list.

        Raises:
            VendorError: a page could not be read, or the list has no end.
        """

        async def read(token: str | None) -> tuple[tuple[Row, ...], str | None]:
            page, _fetched = await self.fetch(model, page_call(endpoint, query, token))
            return page.rows, next_page(page, token)

        try:
            return await read_all_pages(read)
        except EndlessListError:
            raise self.bad_response(make_call(endpoint), f"the list has {MAX_PAGES} pages and no end") from None
