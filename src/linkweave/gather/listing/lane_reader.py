"""Walking one list of a vendor, from anywhere, without losing the place."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import Final, TypeAlias

from linkweave.gather.listing.residual_filters import LinkPredicate
from linkweave.models import NOTHING_LEFT_OUT, LeftOut, Link, Page

Fetch: TypeAlias = Callable[[str | None], Awaitable[Page[Link]]]

# A lane's place as a cursor holds it: the vendor's page, how many of its links are done, and a mark of the link that
# was done last; None at the end.
LanePosition: TypeAlias = tuple[str | None, int, str] | None

START: Final[tuple[str | None, int, str]] = (None, 0, "")
MAX_SCANNED: Final = 2_000

# An empty page before the end counts as so many links, or a vendor that gives only such pages would be asked for
# thousands of them.
EMPTY_PAGE_COST: Final = 100

_MARK_BYTES: Final = 4


class ScanLimitError(Exception):
    """The gateway has looked at as many links as it may without finding the next one."""


class StuckListError(Exception):
    """The vendor leads back to a page that it gave before, so that its list would never end."""


@dataclass(slots=True)
class ScanBudget:
    """How many links may still be looked at in vain, for one account and operation."""

    left: int = MAX_SCANNED

    def spend(self, links: int) -> None:
        """Count `links` that did not match.

        Raises:
            ScanLimitError: nothing is left.
        """
        if self.left < links:
            raise ScanLimitError
        self.left -= links


@dataclass(slots=True)
class LaneReader:
    """Walks one vendor list. `place` is always where the next unread link is, or the next to look at."""

    fetch: Fetch
    tests: Sequence[LinkPredicate]
    budget: ScanBudget
    ends_at: LinkPredicate | None = None
    place: LanePosition = START
    fetched_at: datetime | None = None
    stale_because: Exception | None = None
    left_out: LeftOut = NOTHING_LEFT_OUT
    _page: Page[Link] | None = None
    _asked: set[str | None] = field(default_factory=set)

    async def head(self) -> Link | None:
        """The next link that matches, without taking it; None at the end.

        Raises:
            VendorError: the vendor's page could not be got; `place` stands where it was.
            ScanLimitError: too many links did not match.
            StuckListError: the list does not get on.
        """
        while self.place is not None:
            page = await self._load(self.place) if self._page is None else self._page
            index = self.place[1]
            if index >= len(page.items):
                self._turn_page(page, self.place[2])
            elif self._ends_at(page.items[index]):
                self.place = None
            elif self._matches(page.items[index]):
                return page.items[index]
            else:
                self.budget.spend(1)
                self.take()
        return None

    def take(self) -> None:
        """Go past the link at hand."""
        if self.place is None or self._page is None:
            return
        token, index, _ = self.place
        mark = link_mark(self._page.items[index])
        if index + 1 < len(self._page.items):
            self.place = (token, index + 1, mark)
        else:
            self._turn_page(self._page, mark)

    def at_end(self) -> bool:
        """True when nothing can follow, as far as the page at hand tells; asks nobody."""
        if self.place is not None and self._page is not None and not self._goes_on(self._page, self.place[1]):
            self.place = None
        return self.place is None

    async def _load(self, place: tuple[str | None, int, str]) -> Page[Link]:
        if place[0] in self._asked:
            raise StuckListError
        self.budget.spend(1)
        page = await self.fetch(place[0])
        self._asked.add(place[0])
        self.place = _found_again(place, page)
        self.fetched_at = min(self.fetched_at or page.fetched_at, page.fetched_at)
        self.stale_because = self.stale_because or page.stale_because
        self.left_out += page.left_out
        self._page = page
        return page

    def _turn_page(self, page: Page[Link], mark: str) -> None:
        self.place = None if page.next is None else (page.next, 0, mark)
        self._page = None
        if self.place is not None and not page.items:
            self.budget.spend(EMPTY_PAGE_COST)

    def _goes_on(self, page: Page[Link], index: int) -> bool:
        for link in page.items[index:]:
            if self._ends_at(link):
                return False
            if self._matches(link):
                return True
        return page.next is not None

    def _ends_at(self, link: Link) -> bool:
        return self.ends_at is not None and self.ends_at(link)

    def _matches(self, link: Link) -> bool:
        return all(test(link) for test in self.tests)


def link_mark(link: Link) -> str:
    """A few letters that tell `link` from the others on its page."""
    return blake2b(link.handle.encode("utf-8", "surrogatepass"), digest_size=_MARK_BYTES).hexdigest()


def _found_again(place: tuple[str | None, int, str], page: Page[Link]) -> LanePosition:
    """`place`, moved to behind the link that was done last, where `page` has that elsewhere by now.

    Vendors that page by offset move every link when one is made or deleted before it.

    Raises:
        StuckListError: all of a page was done before, though it comes after the one that was done.
    """
    token, index, mark = place
    marks = [link_mark(link) for link in page.items] if mark else []
    if mark not in marks or marks[index - 1 : index] == [mark]:
        return place
    found = marks.index(mark) + 1
    if index == 0 and found == len(marks) and page.next is not None:
        raise StuckListError
    return token, found, mark
