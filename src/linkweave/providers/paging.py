"""Page tokens, in the ways in which vendors page: by offset, by number, and by the last row."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias, TypeVar

Row = TypeVar("Row")

# Reads the page of a token, None for the first; returns its rows and the next token, None at the end.
ReadPage: TypeAlias = Callable[[str | None], Awaitable[tuple[Sequence[Row], str | None]]]

MAX_PAGES: Final = 50
"""Maximum number of pages of a list that is read whole, such as tags or domains."""


class EndlessListError(Exception):
    """A list has more pages than any such list can have."""


def next_offset(offset: int, got: int, total: int | None) -> str | None:
    """The token after `got` rows from `offset`. An empty page ends every list, whatever total the vendor claims."""
    if not got or (total is not None and offset + got >= total):
        return None
    return str(offset + got)


@dataclass(frozen=True, slots=True)
class PageNumber:
    """The start of a page of a list that is paged by number; `seen` is how many rows came before it."""

    number: int
    seen: int = 0

    @classmethod
    def parse(cls, token: str | None, first: int = 1) -> "PageNumber":
        """The position that a token holds; the first page, which the vendor calls `first`, for None."""
        number, _, seen = (token or f"{first}.0").partition(".")
        return cls(int(number), int(seen))

    def next(self, got: int, size: int, total: int | None = None) -> str | None:
        """The token of the page after this one, which has `got` rows of `size`; None where this is the last.

        A page that is not full is the last, unless `total` speaks of more rows. A full page is the last only where it
        reaches `total`. On the first page that says nothing: some vendors count the page and not the list.
        """
        seen = self.seen + got
        last = total is None or total <= seen if got < size else total == seen and self.seen > 0
        return None if not got or last else f"{self.number + 1}.{seen}"


def next_after_last(rows: Sequence[Row], size: int, token_of: Callable[[Row], str]) -> str | None:
    """The token made from the last row, where the page is full; None at the end."""
    return token_of(rows[-1]) if len(rows) >= size else None


async def read_all_pages(read: ReadPage[Row]) -> tuple[Row, ...]:
    """Every row of a list.

    Raises:
        EndlessListError: the list has no end.
        VendorError: a page could not be read.
    """
    rows: list[Row] = []
    token: str | None = None
    for _ in range(MAX_PAGES):
        page, token = await read(token)
        rows += page
        if token is None:
            return tuple(rows)
    raise EndlessListError
