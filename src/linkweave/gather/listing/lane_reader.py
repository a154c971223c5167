"""Reads one lane, which is one list of a vendor, from any position. The position survives links that come and go."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeAlias

from linkweave.gather.listing.lane_position import (
    MARK_LENGTH,
    START,
    LanePosition,
    LaneState,
    OpenPosition,
    StuckListError,
    after_marked,
    relocate,
)
from linkweave.gather.listing.residual_filters import LinkPredicate
from linkweave.models import NOTHING_LEFT_OUT, LeftOut, Link, Page

FetchPage: TypeAlias = Callable[[str | None], Awaitable[Page[Link]]]
# Starts to fetch a page, which FetchPage then waits for.
BeginPage: TypeAlias = Callable[[str | None], object]

# Maximum number of links without a match that are read for one account and operation.
MAX_SCANNED: Final = 2_000

# An empty page before the end counts as this many links. Else a vendor that returns only empty pages would be called
# thousands of times.
EMPTY_PAGE_COST: Final = 100

MAX_STEPS_BACK: Final = 3
"""Maximum number of earlier pages that are read to find a position again."""


class ScanLimitError(Exception):
    """The budget of links without a match is used up before the next match."""


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
    """Reads the links of one lane that match, from the position `start`.

    `state` is before the link that comes next; None at the end. `stops_at` is true for the first link after which no
    link matches. `expected` is the number of links that the lane is known to have from its start. `fetch_again` takes
    no page that was read before. `may_have_skipped` tells that links were deleted meanwhile, so that others may be
    missing or repeated.
    """

    fetch: FetchPage
    predicates: Sequence[LinkPredicate]
    budget: ScanBudget
    stops_at: LinkPredicate | None = None
    start: LanePosition = START
    begin: BeginPage | None = None
    expected: int = 0
    fetched_at: datetime | None = None
    stale_because: Exception | None = None
    left_out: LeftOut = NOTHING_LEFT_OUT
    fetch_again: FetchPage | None = None
    may_have_skipped: bool = False
    state: LaneState | None = field(init=False)
    _page: Page[Link] | None = None
    _read_tokens: set[str | None] = field(default_factory=set)
    _retraced: set[str | None] = field(default_factory=set)
    _seen: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.state = None if self.start is None else LaneState(*self.start)

    @property
    def position(self) -> LanePosition:
        """The position before the link that comes next."""
        return None if self.state is None else self.state.position

    def loaded_head(self) -> Link | None:
        """Returns the next link where it is on the current page and matches; None where `head` has to find out."""
        state = self.state
        if state is None or self._page is None or state.offset >= len(self._page.items):
            return None
        link = self._page.items[state.offset]
        return link if link.handle not in self._seen and self._goes_on_with(link) else None

    async def head(self) -> Link | None:
        """Returns the next link that matches and leaves the position before it; None at the end.

        Raises:
            VendorError: the vendor's page could not be fetched. The position is unchanged.
            ScanLimitError: too many links did not match.
            StuckListError: the list leads back to a page that was read before.
        """
        while self.state is not None:
            page = await self._load(self.state) if self._page is None else self._page
            index = self.state.offset
            if index >= len(page.items):
                self._turn_page(page, self.state)
            elif page.items[index].handle in self._seen:
                self.budget.spend(1)
                self.advance()
            elif self._stops_at(page.items[index]):
                self.state = None
            elif self._matches(page.items[index]):
                return page.items[index]
            else:
                self.budget.spend(1)
                self.advance()
        return None

    def read_ahead(self) -> int:
        """Starts to fetch the next page, so that `head` waits less. Returns how many links it is known to have."""
        if self.state is None or self._page is not None or self.begin is None:
            return 0
        self.begin(self.state.token)
        return self.expected if self.position == START and not self.predicates else 0

    def advance(self) -> None:
        """Moves the position past the next link of the current page."""
        if self.state is None or self._page is None:
            return
        token, index, marks, items, start = self.state
        self._seen.add(items[index].handle)
        self.state = LaneState(token, index + 1, marks, items, start)
        if index + 1 >= len(items):
            self._turn_page(self._page, self.state)

    def take_loaded(self, most: int) -> Sequence[Link]:
        """Moves the position past the next links, and returns them.

        They are those that `loaded_head` would return one after the other, but the last one of a page stays.
        """
        taken: list[Link] = []
        if self.state is None or self._page is None:
            return taken
        token, index, marks, items, start = self.state
        # Without conditions, a link is only compared with those that came before.
        is_plain = self.stops_at is None and not self.predicates
        for link in items[index : min(index + most, len(items) - 1)]:
            if link.handle in self._seen or not (is_plain or self._goes_on_with(link)):
                break
            self._seen.add(link.handle)
            taken.append(link)
        self.state = LaneState(token, index + len(taken), marks, items, start)
        return taken

    def at_end(self) -> bool:
        """Returns whether no link can follow, as far as the current page shows. Makes no call."""
        if self.state is not None and self._page is not None and not self._goes_on(self._page, self.state.offset):
            self.state = None
        return self.state is None

    async def _load(self, state: LaneState) -> Page[Link]:
        position, token = state.position, state.token
        if token in self._read_tokens:
            raise StuckListError
        page = await self._read(token, self.fetch)
        located = relocate(position, page)
        if located is None and token not in self._retraced:
            page, located = await self._retrace(position, page)
        token, index, marks = located or position
        self.state = LaneState(token, index, marks, page.items, index)
        self.may_have_skipped = self.may_have_skipped or page.is_unverified
        self._seen.update(link.handle for link in page.items[:index])
        self._page = page
        return page

    async def _retrace(self, position: OpenPosition, page: Page[Link]) -> tuple[Page[Link], OpenPosition]:
        """Returns the page on which a link before the position is now, and the position there.

        Where a vendor pages by offset, every link moves when a link before it is deleted. When all marked links were
        deleted, the links after them are behind the start of the earliest page at the most: clients delete pages that
        they have read.
        """
        token, index, marks = position
        if page.back is None and index * MARK_LENGTH <= len(marks):
            # All links of this page before the position were deleted.
            return page, (token, 0, marks)
        self._retraced.add(token)
        for _ in range(MAX_STEPS_BACK):
            if page.back is None:
                break
            self._read_tokens.discard(token)
            token = page.back
            page = await self._read(token, self.fetch_again or self.fetch)
            after = after_marked(marks, page)
            if after is not None:
                return page, (token, after, marks)
        self.may_have_skipped = True
        return page, (token, 0, marks)

    async def _read(self, token: str | None, fetch: FetchPage) -> Page[Link]:
        self.budget.spend(1)
        page = await fetch(token)
        self._read_tokens.add(token)
        self.fetched_at = min(self.fetched_at or page.fetched_at, page.fetched_at)
        self.stale_because = self.stale_because or page.stale_because
        self.left_out += page.left_out
        return page

    def _turn_page(self, page: Page[Link], state: LaneState) -> None:
        self.state = None if page.next is None else LaneState(page.next, 0, state.position[2])
        self._page = None
        if self.state is not None and not page.items:
            self.budget.spend(EMPTY_PAGE_COST)

    def _goes_on(self, page: Page[Link], index: int) -> bool:
        # Without a slice, which would make every link of the page.
        for link in map(page.items.__getitem__, range(index, len(page.items))):
            if self._stops_at(link):
                return False
            if self._matches(link) and link.handle not in self._seen:
                return True
        return page.next is not None

    def _goes_on_with(self, link: Link) -> bool:
        if self.stops_at is not None and self.stops_at(link):
            return False
        return not self.predicates or self._matches(link)

    def _stops_at(self, link: Link) -> bool:
        return self.stops_at is not None and self.stops_at(link)

    def _matches(self, link: Link) -> bool:
        return all(predicate(link) for predicate in self.predicates)
