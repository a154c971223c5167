"""Page tokens, in the ways in which vendors page: by offset, by number, and by the last row."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias, TypeVar

Row = TypeVar("Row")

# Reads the page of a token, None for the first; returns its rows and the next token, None at the end.
ReadPage: TypeAlias = Callable[[str | None], Awaitable[tuple[Sequence[Row], str | None]]]

MAX_PAGES: Final = 50
"""Maximum number of pages of a list that is read whole, such as tags or domains."""


_ROWS_PER_OVERLAP: Final = 100
"""Number of rows of a page by offset for each that the next page repeats. It repeats at least one."""


class EndlessListError(Exception):
    """A list has more pages than any such list can have."""


def next_offset(offset: int, got: int, total: int | None) -> str | None:
    """The token after `got` rows from `offset`. An empty page ends every list, whatever total the vendor claims."""
    if not got or (total is not None and offset + got >= total):
        return None
    return str(offset + got)


@dataclass(frozen=True, slots=True)
class Offset:
    """The start of a page of a list that is paged by offset.

    The page repeats the last `overlap` rows of the page before. Where they are missing, rows were deleted in between.
    """

    number: int = 0
    overlap: int = 0

    @classmethod
    def parse(cls, token: str | None) -> "Offset":
        """The start that a token holds; that of the list for None."""
        number, _, overlap = (token or "0").partition(".")
        return cls(int(number), int(overlap or 0))

    def next(self, got: int, total: int | None) -> str | None:
        """The token of the page after this one, which has `got` rows of a list of `total` rows; None at the end."""
        if got <= self.overlap or (total is not None and self.number + got >= total):
            return None
        overlap = 0 if got == 1 else max(1, got // _ROWS_PER_OVERLAP)
        return f"{self.number + got - overlap}.{overlap}"

    def back(self, size: int) -> str | None:
        """The token of the page of `size` rows that ends with the overlap of this one; None where nothing overlaps."""
        if not self.number or not self.overlap:
            return None
        start = max(0, self.number + self.overlap - size)
        return f"{start}.1" if start else "0"


@dataclass(frozen=True, slots=True)
class PageNumber:
    """The start of a page of a list that is paged by number.

    `seen` is how many rows came before it. `total` is the length of the list as the page before told it.
    """

    number: int
    seen: int = 0
    total: int | None = None

    @classmethod
    def parse(cls, token: str | None, first: int = 1) -> "PageNumber":
        """The position that a token holds; the first page, which the vendor calls `first`, for None."""
        return cls(*map(int, (token or f"{first}.0").split(".")))

    def next(self, got: int, size: int, total: int | None = None) -> str | None:
        """The token of the page after this one, which has `got` rows of `size`; None where this is the last.

        A page that is not full is the last, unless `total` speaks of more rows. A full page is the last only where it
        reaches `total`. On the first page that says nothing: some vendors count the page and not the list.
        """
        seen = self.seen + got
        last = total is None or total <= seen if got < size else total == seen and self.seen > 0
        return None if not got or last else _joined(self.number + 1, seen, total)

    def back(self, size: int, total: int | None) -> str | None:
        """The token of the page before, where the list became shorter since then, so that this page skips rows."""
        if not self.seen or self.total is None or total is None or total >= self.total:
            return None
        return _joined(self.number - 1, max(0, self.seen - size), self.total)

    def is_unverified(self, total: int | None) -> bool:
        """Whether it cannot be known if rows were deleted between the page before and this one."""
        return self.seen > 0 and (self.total is None or total is None)


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


def _joined(*numbers: int | None) -> str:
    return ".".join(str(number) for number in numbers if number is not None)
