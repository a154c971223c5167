"""Reads merged lists page by page as clients do: each page is a request of its own, with a cursor between."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, repeat

from pydantic import SecretStr

from harness.fake_accounts import fresh
from linkweave.accounts import Account
from linkweave.gather.listing.cursor import CursorCodec
from linkweave.gather.listing.link_pages import LinkPage, list_links
from linkweave.gather.listing.link_query import AccountQuery, LinkQuery, ListPosition
from linkweave.gather.sources import Source
from linkweave.models import LinkFilter

CURSORS = CursorCodec(SecretStr("a secret of the tests"))

# Maximum number of pages. No list of the tests has more, so a longer one would never end.
FOR_EVER = 500


@dataclass
class Reading:
    """One list and how it is read on: `pages` are those that were read so far."""

    accounts: Sequence[Account]
    wanted: LinkFilter = field(default_factory=LinkFilter)
    cursor: str | None = None
    pages: list[LinkPage] = field(default_factory=list)

    def query(self) -> LinkQuery:
        return LinkQuery(tuple(AccountQuery(fresh(account), self.wanted) for account in self.accounts))

    async def page(self, first: int = 100, after: str | None = None) -> LinkPage:
        """One page in a request of its own; reads on after it."""
        query = self.query()
        start = ListPosition.open(CURSORS, query.cursor_key, after or self.cursor)
        page = await list_links(query, first, start)
        self.cursor = page.end.seal(CURSORS, query.cursor_key)
        self.pages.append(page)
        return page

    async def to_the_end(self, sizes: Iterable[int] = (100,)) -> "Reading":
        """Read on while there is a next page; the last of `sizes` is for all further pages."""
        for first in _for_ever(sizes):
            page = await self.page(first)
            if not page.has_next:
                return self
        raise AssertionError("the list does not end")

    def after(self, position: ListPosition) -> "Reading":
        """The same list, to be read from an edge's cursor."""
        return Reading(self.accounts, self.wanted, position.seal(CURSORS, self.query().cursor_key))

    @property
    def handles(self) -> list[str]:
        return [edge.link.handle for page in self.pages for edge in page.edges]

    @property
    def sources(self) -> dict[str, Source]:
        """The last page's, by account."""
        return {source.account.key: source for source in self.pages[-1].sources}


def _for_ever(sizes: Iterable[int]) -> Iterator[int]:
    given = list(sizes)
    yield from chain(given, repeat(given[-1], FOR_EVER))
