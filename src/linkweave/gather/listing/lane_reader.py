"""Reads one lane, which is one list of a vendor, from any position. The position survives links that come and go."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import Final, TypeAlias

from linkweave.gather.listing.residual_filters import LinkPredicate
from linkweave.models import NOTHING_LEFT_OUT, LeftOut, Link, Page

FetchPage: TypeAlias = Callable[[str | None], Awaitable[Page[Link]]]

_OpenPosition: TypeAlias = tuple[str | None, int, str]
# A lane's position as a cursor holds it: the token of the vendor's page, the number of its links before the position,
# and the mark of the link before the position. None is the end.
LanePosition: TypeAlias = _OpenPosition | None

START: Final[_OpenPosition] = (None, 0, "")

# Maximum number of links without a match that are read for one account and operation.
MAX_SCANNED: Final = 2_000

# An empty page before the end counts as this many links. Else a vendor that returns only empty pages would be called
# thousands of times.
EMPTY_PAGE_COST: Final = 100

_MARK_BYTES: Final = 4


class ScanLimitError(Exception):
    """The budget of links without a match is used up before the next match."""


class StuckListError(Exception):
    """The vendor's list leads back to a page that was read before, so that it would never end."""


@dataclass(slots=True)
class ScanBudget:
    """The number of links without a match that may still be read, for one account and operation."""

    left: int = MAX_SCANNED

    def spend(self, links: int) -> None:
        """Counts `links` without a match.

        Raises:
            ScanLimitError: the budget is used up.
        """
        if self.left < links:
            raise ScanLimitError
        self.left -= links


@dataclass(slots=True)
class LaneReader:
    """Reads the links of one lane that match. `position` is before the link that comes next.

    `stops_at` is true for the first link after which no link matches.
    """

    fetch: FetchPage
    predicates: Sequence[LinkPredicate]
    budget: ScanBudget
    stops_at: LinkPredicate | None = None
    position: LanePosition = START
    fetched_at: datetime | None = None
    stale_because: Exception | None = None
    left_out: LeftOut = NOTHING_LEFT_OUT
    _page: Page[Link] | None = None
    _read_tokens: set[str | None] = field(default_factory=set)

    async def head(self) -> Link | None:
        """Returns the next link that matches and leaves the position before it; None at the end.

        Raises:
            VendorError: the vendor's page could not be fetched. The position is unchanged.
            ScanLimitError: too many links did not match.
            StuckListError: the list leads back to a page that was read before.
        """
        while self.position is not None:
            page = await self._load(self.position) if self._page is None else self._page
            index = self.position[1]
            if index >= len(page.items):
                self._turn_page(page, self.position[2])
            elif self._stops_at(page.items[index]):
                self.position = None
            elif self._matches(page.items[index]):
                return page.items[index]
            else:
                self.budget.spend(1)
                self.advance()
        return None

    def advance(self) -> None:
        """Moves the position past the next link of the current page."""
        if self.position is None or self._page is None:
            return
        token, index, _ = self.position
        mark = link_mark(self._page.items[index])
        if index + 1 < len(self._page.items):
            self.position = (token, index + 1, mark)
        else:
            self._turn_page(self._page, mark)

    def at_end(self) -> bool:
        """Returns whether no link can follow, as far as the current page shows. Makes no call."""
        if self.position is not None and self._page is not None and not self._goes_on(self._page, self.position[1]):
            self.position = None
        return self.position is None

    async def _load(self, position: _OpenPosition) -> Page[Link]:
        token = position[0]
        if token in self._read_tokens:
            raise StuckListError
        self.budget.spend(1)
        page = await self.fetch(token)
        self._read_tokens.add(token)
        self.position = _relocate(position, page)
        self.fetched_at = min(self.fetched_at or page.fetched_at, page.fetched_at)
        self.stale_because = self.stale_because or page.stale_because
        self.left_out += page.left_out
        self._page = page
        return page

    def _turn_page(self, page: Page[Link], mark: str) -> None:
        self.position = None if page.next is None else (page.next, 0, mark)
        self._page = None
        if self.position is not None and not page.items:
            self.budget.spend(EMPTY_PAGE_COST)

    def _goes_on(self, page: Page[Link], index: int) -> bool:
        for link in page.items[index:]:
            if self._stops_at(link):
                return False
            if self._matches(link):
                return True
        return page.next is not None

    def _stops_at(self, link: Link) -> bool:
        return self.stops_at is not None and self.stops_at(link)

    def _matches(self, link: Link) -> bool:
        return all(predicate(link) for predicate in self.predicates)


def link_mark(link: Link) -> str:
    """Returns a short hash of a link's handle, which tells it from the other links on its page."""
    return blake2b(link.handle.encode("utf-8", "surrogatepass"), digest_size=_MARK_BYTES).hexdigest()


def _relocate(position: _OpenPosition, page: Page[Link]) -> LanePosition:
    """Returns the position after the marked link, where that link is elsewhere on `page` now.

    Where a vendor pages by offset, every link moves when a link before it is created or deleted.

    Raises:
        StuckListError: all links of the page come before the position, though the page comes after it.
    """
    token, index, mark = position
    marks = [link_mark(link) for link in page.items] if mark else []
    if mark not in marks or marks[index - 1 : index] == [mark]:
        return position
    after = marks.index(mark) + 1
    if index == 0 and after == len(marks) and page.next is not None:
        raise StuckListError
    return token, after, mark
