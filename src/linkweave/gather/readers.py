"""Reading one account's links in order, from anywhere, without losing the place."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Final, TypeAlias

from linkweave.errors import VendorError
from linkweave.gather.matching import Test
from linkweave.gather.settling import settled
from linkweave.models import Link, Page
from linkweave.providers.capabilities import LinkOrder

Fetch: TypeAlias = Callable[[str | None], Awaitable[Page[Link]]]

# A lane's place as a cursor holds it: the vendor's page, how many of its links are done, and a mark of the link that
# was done last; None at the end.
Place: TypeAlias = tuple[str | None, int, str] | None

# An account's places, without the lanes that are at their start; None when all of its lanes have ended.
Places: TypeAlias = Mapping[str, Place] | None

START: Final[tuple[str | None, int, str]] = (None, 0, "")
MAX_SCANNED: Final = 2_000

# An empty page before the end counts as so many links, or a vendor that gives only such pages would be asked for
# thousands of them.
EMPTY_PAGE: Final = 100

_MARK_BYTES: Final = 4
_NO_DATE = datetime.min.replace(tzinfo=UTC)


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
    tests: Sequence[Test]
    budget: ScanBudget
    ends_at: Test | None = None
    place: Place = START
    fetched_at: datetime | None = None
    stale_because: Exception | None = None
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
        mark = mark_of(self._page.items[index])
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
        self._page = page
        return page

    def _turn_page(self, page: Page[Link], mark: str) -> None:
        self.place = None if page.next is None else (page.next, 0, mark)
        self._page = None
        if self.place is not None and not page.items:
            self.budget.spend(EMPTY_PAGE)

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


@dataclass(slots=True)
class AccountReader:
    """One account's links in its own order, over all of its lanes.

    `before` is where the account stood. A lane that the vendor does not offer this time keeps its place, so that
    it goes on from there when it is back.
    """

    key: str
    order: LinkOrder
    lanes: Mapping[str, LaneReader]
    before: Mapping[str, Place] = field(default_factory=dict)
    _current: str | None = None
    _heads: dict[str, Link | None] = field(default_factory=dict)

    async def head(self) -> Link | None:
        """The account's next link, without taking it; None at the end.

        Raises:
            VendorError: a lane could not be read, so that the account's order cannot be kept.
            ScanLimitError: too many links did not match.
            StuckListError: a lane does not get on.
        """
        if self.order is LinkOrder.AS_LISTED:
            return await self._first_of_first_lane()
        return await self._newest_of_all_lanes()

    def take(self) -> None:
        """Go past the head."""
        if self._current is not None:
            self.lanes[self._current].take()
            self._heads.pop(self._current, None)

    def at_end(self) -> bool:
        """True when nothing can follow, as far as is known without asking."""
        return all(lane.at_end() for lane in self.lanes.values())

    def places(self) -> Places:
        """Where the account stands."""
        now = {name: lane.place for name, lane in self.lanes.items() if lane.place != START}
        ended = all(lane.place is None for lane in self.lanes.values())
        return None if ended else {**self.before, **now}

    @property
    def fetched_at(self) -> datetime | None:
        """When the oldest page that was read was got from the vendor."""
        return min((lane.fetched_at for lane in self.lanes.values() if lane.fetched_at), default=None)

    @property
    def stale_because(self) -> Exception | None:
        """Why a page that was read is older than it should be."""
        return next((lane.stale_because for lane in self.lanes.values() if lane.stale_because is not None), None)

    async def _first_of_first_lane(self) -> Link | None:
        for name, lane in self.lanes.items():
            link = await lane.head()
            if link is not None:
                self._current = name
                return link
        return None

    async def _newest_of_all_lanes(self) -> Link | None:
        await self._read_heads([name for name in self.lanes if name not in self._heads])
        newest: Link | None = None
        for name in self.lanes:
            head = self._heads[name]
            if head is not None and (newest is None or made(head) > made(newest)):
                newest, self._current = head, name
        return newest

    async def _read_heads(self, names: Sequence[str]) -> None:
        """Find the heads of these lanes; those of the others are where they were."""
        heads = await settled([self.lanes[name].head() for name in names])
        _raise_worst(heads)
        for name, head in zip(names, heads, strict=True):
            self._heads[name] = head if isinstance(head, Link) else None


def made(link: Link) -> datetime:
    """When `link` was made, for comparing."""
    return link.created_at or _NO_DATE


def mark_of(link: Link) -> str:
    """A few letters that tell `link` from the others on its page."""
    return blake2b(link.handle.encode("utf-8", "surrogatepass"), digest_size=_MARK_BYTES).hexdigest()


def _found_again(place: tuple[str | None, int, str], page: Page[Link]) -> Place:
    """`place`, moved to behind the link that was done last, where `page` has that elsewhere by now.

    Vendors that page by offset move every link when one is made or deleted before it.

    Raises:
        StuckListError: all of a page was done before, though it comes after the one that was done.
    """
    token, index, mark = place
    marks = [mark_of(link) for link in page.items] if mark else []
    if mark not in marks or marks[index - 1 : index] == [mark]:
        return place
    found = marks.index(mark) + 1
    if index == 0 and found == len(marks) and page.next is not None:
        raise StuckListError
    return token, found, mark


def _raise_worst(heads: Sequence[Link | BaseException | None]) -> None:
    """Raise what went wrong in a lane, what nobody expects before what does happen."""
    wrong = [head for head in heads if isinstance(head, BaseException)]
    expected = (VendorError, ScanLimitError, StuckListError)
    for error in sorted(wrong, key=lambda error: isinstance(error, expected)):
        raise error
