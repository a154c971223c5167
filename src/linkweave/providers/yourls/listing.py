"""Pages of a list that is ordered by whole seconds, and whose order within a second changes from call to call (FOUND).

So a page ends with a whole second. The links of the last second, which may be incomplete, come with the next page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from linkweave.providers.yourls.wire import ListedLink

PAGE_SIZE: Final = 200
OVERLAP: Final = 10
"""Number of links before a page that are read again: so many may be deleted between two pages."""

GROWTH: Final = 4
"""How many times as many links are read where all of a page were made in one second."""


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
        return self.newest is None or row.timestamp <= self.newest

    def next(self, rows: Sequence[ListedLink]) -> "ListPlace | None":
        """The place after `rows`, read from `start`; None where all are of one second, and more must be read."""
        last = rows[-1].timestamp if rows else None
        following = self.start + sum(row.timestamp != last for row in rows)
        if last is None or following <= self.offset:
            return None
        # The page may have nothing but links that were on the page before, where many were made in between.
        return ListPlace(following, last if self.newest is None else min(last, self.newest))

    def token(self) -> str:
        """The page token."""
        return f"{self.offset}.{0 if self.newest is None else int(self.newest.timestamp())}"
