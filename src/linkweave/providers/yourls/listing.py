"""Pages of a list that is ordered by whole seconds, and whose order within a second changes from call to call (FOUND).

So a page ends with a whole second. The links of the last second, which may be incomplete, come with the next page.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from linkweave.providers.yourls.wire import LinkEntry

PAGE_SIZE: Final = 200
OVERLAP: Final = 10
"""Number of links before a page that are read again: so many may be deleted between two pages."""

GROWTH: Final = 4
"""How many times as many links are read where all of a page were made in one second."""

_NO_TIME: Final = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class ListedLink:
    """A link of a list, and the second of its place there."""

    entry: LinkEntry
    second: datetime


def in_places(entries: Sequence[LinkEntry]) -> tuple[ListedLink, ...]:
    """`entries`, newest first, with their places. One whose time cannot be read has that of the one before it."""
    second = next((entry.timestamp for entry in entries if entry.timestamp is not None), _NO_TIME)
    placed = []
    for entry in entries:
        second = entry.timestamp or second
        placed.append(ListedLink(entry, second))
    return tuple(placed)


def in_one_order(rows: Iterable[ListedLink]) -> list[LinkEntry]:
    """The links of a page, newest first, and those of a second in the order of their URLs.

    So a page that is read again has them in the same places.
    """
    by_url = sorted(rows, key=lambda row: row.entry.short_url)
    return [row.entry for row in sorted(by_url, key=lambda row: row.second, reverse=True)]


@dataclass(frozen=True, slots=True)
class ListPlace:
    """The start of a page: how many links come before it, and the time after which no link of it was made."""

    offset: int = 0
    newest: datetime | None = None

    @classmethod
    def parse(cls, token: str | None) -> "ListPlace":
        """The place that a page token holds; the start of the list for None."""
        if token is None:
            return cls()
        offset, _, newest = token.partition(".")
        return cls(int(offset), datetime.fromtimestamp(int(newest), UTC))

    @property
    def start(self) -> int:
        """The offset of the first link to read."""
        return max(0, self.offset - OVERLAP)

    def wants(self, row: ListedLink) -> bool:
        """Whether a link is of this page, and was not on the page before."""
        return self.newest is None or row.second <= self.newest

    def next(self, rows: Sequence[ListedLink]) -> "ListPlace | None":
        """The place after `rows`, read from `start`; None where all are of one second, and more must be read."""
        last = rows[-1].second if rows else None
        following = self.start + sum(row.second != last for row in rows)
        if last is None or following <= self.offset:
            return None
        # The page may have nothing but links that were on the page before, where many were made in between.
        return ListPlace(following, last if self.newest is None else min(last, self.newest))

    def token(self) -> str:
        """The page token."""
        return f"{self.offset}.{0 if self.newest is None else int(self.newest.timestamp())}"
