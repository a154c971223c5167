"""Reading one account's links in order, from anywhere, without losing the place."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, TypeAlias

from linkweave.gather.matching import Test
from linkweave.models import Link, Page
from linkweave.providers.capabilities import LinkOrder

Fetch: TypeAlias = Callable[[str | None], Awaitable[Page[Link]]]

# A lane's place as a cursor holds it: the vendor's page and how many of its links are done, or the end.
Place: TypeAlias = tuple[str | None, int] | None

START: Final[tuple[str | None, int]] = (None, 0)
MAX_SCANNED: Final = 2_000

_NO_DATE = datetime.min.replace(tzinfo=UTC)


class ScanLimitError(Exception):
    """The gateway has looked at as many links as it may without finding the next one."""


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
    _page: Page[Link] | None = None

    async def head(self) -> Link | None:
        """The next link that matches, without taking it; None at the end.

        Raises:
            VendorError: the vendor's page could not be got; `place` stands where it was.
            ScanLimitError: too many links did not match.
        """
        while self.place is not None:
            page = await self._load(self.place[0])
            link = self._next_on(page)
            if link is not None:
                return link
        return None

    def take(self) -> None:
        """Go past the head."""
        if self.place is not None:
            self.place = (self.place[0], self.place[1] + 1)

    def at_end(self) -> bool:
        """True when nothing can follow, as far as the page at hand tells; asks nobody."""
        page = self._page
        if page is None or self.place is None:
            return self.place is None
        rest = page.items[self.place[1] :]
        if page.next is None and not any(self._matches(link) for link in rest):
            self.place = None
        return self.place is None

    async def _load(self, token: str | None) -> Page[Link]:
        if self._page is None:
            self.budget.spend(1)
            self._page = await self.fetch(token)
            self.fetched_at = self._page.fetched_at
        return self._page

    def _next_on(self, page: Page[Link]) -> Link | None:
        """The next matching link of `page`; steps to the page after it when there is none."""
        while self.place is not None and self.place[1] < len(page.items):
            link = page.items[self.place[1]]
            if self.ends_at is not None and self.ends_at(link):
                self.place = None
                return None
            if self._matches(link):
                return link
            self.budget.spend(1)
            self.take()
        self.place = None if page.next is None else (page.next, 0)
        self._page = None
        return None

    def _matches(self, link: Link) -> bool:
        return all(test(link) for test in self.tests)


@dataclass(slots=True)
class AccountReader:
    """One account's links in its own order, over all of its lanes."""

    key: str
    order: LinkOrder
    lanes: Mapping[str, LaneReader]
    _current: LaneReader | None = field(default=None)

    async def head(self) -> Link | None:
        """The account's next link, without taking it; None at the end.

        Raises:
            VendorError: a lane could not be read, so that the account's order cannot be kept.
            ScanLimitError: too many links did not match.
        """
        if self.order is LinkOrder.AS_LISTED:
            return await self._first_of_first_lane()
        return await self._newest_of_all_lanes()

    def take(self) -> None:
        """Go past the head."""
        if self._current is not None:
            self._current.take()

    def at_end(self) -> bool:
        """True when nothing can follow, as far as is known without asking."""
        return all(lane.at_end() for lane in self.lanes.values())

    def places(self) -> dict[str, Place]:
        """Where each lane stands."""
        return {name: lane.place for name, lane in self.lanes.items()}

    @property
    def fetched_at(self) -> datetime | None:
        """When the oldest page that was read was got from the vendor."""
        return min((lane.fetched_at for lane in self.lanes.values() if lane.fetched_at), default=None)

    async def _first_of_first_lane(self) -> Link | None:
        for lane in self.lanes.values():
            link = await lane.head()
            if link is not None:
                self._current = lane
                return link
        return None

    async def _newest_of_all_lanes(self) -> Link | None:
        lanes = list(self.lanes.values())
        heads = await asyncio.gather(*(lane.head() for lane in lanes), return_exceptions=True)
        newest: Link | None = None
        for lane, head in zip(lanes, heads, strict=True):
            if isinstance(head, BaseException):
                raise head
            if head is not None and (newest is None or made(head) > made(newest)):
                newest, self._current = head, lane
        return newest


def made(link: Link) -> datetime:
    """When `link` was made, for comparing."""
    return link.created_at or _NO_DATE
