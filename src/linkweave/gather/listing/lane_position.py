"""Positions in one lane, which survive links that come and go."""

from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Final, NamedTuple, TypeAlias

from linkweave.models import Link, Page

OpenPosition: TypeAlias = tuple[str | None, int, str]
# A lane's position as a cursor holds it: the token of the vendor's page, the number of its links before the position,
# and the marks of the links before the position, the last link first. None is the end.
LanePosition: TypeAlias = OpenPosition | None

START: Final[OpenPosition] = (None, 0, "")

# Maximum number of links whose marks are remembered: each position in a list has those of the links before it.
_MAX_KNOWN_MARKS: Final = 4_096
_MARK_BYTES: Final = 4
MARK_LENGTH: Final = 2 * _MARK_BYTES
MAX_MARKS: Final = 8
"""Maximum number of links by which a position is found again. Others of them may be deleted meanwhile."""


class StuckListError(Exception):
    """The vendor's list leads back to a page that was read before, so that it would never end."""


class LaneState(NamedTuple):
    """Where a lane is, as `position` says. Most states are left before anybody asks for their position.

    `marks` are those of the links before `start`, and `items` the links of the page.
    """

    token: str | None
    offset: int
    marks: str
    items: Sequence[Link] = ()
    start: int = 0

    def after(self, links: int) -> "LaneState":
        """Returns the state so many links later on the same page."""
        return self._replace(offset=self.offset + links) if links else self

    @property
    def position(self) -> OpenPosition:
        """The position as a cursor holds it."""
        if self.offset <= self.start:
            # Nothing was passed: so it is for most lanes of most accounts.
            return self.token, self.offset, self.marks
        passed = self.items[max(self.start, self.offset - MAX_MARKS) : self.offset]
        marks = "".join([link_mark(link.handle) for link in reversed(passed)]) + self.marks
        return self.token, self.offset, marks[: MAX_MARKS * MARK_LENGTH]


@lru_cache(_MAX_KNOWN_MARKS)
def link_mark(handle: str) -> str:
    """Returns a short hash of a link's handle, which tells it from the other links on its page."""
    return blake2b(handle.encode("utf-8", "surrogatepass"), digest_size=_MARK_BYTES).hexdigest()


def relocate(position: OpenPosition, page: Page[Link]) -> OpenPosition | None:
    """Returns the position after the marked links, where they are elsewhere on `page` now; None where none is on it.

    Where a vendor pages by offset, every link moves when a link before it is created or deleted.

    Raises:
        StuckListError: all links of the page come before the position, though the page comes after it.
    """
    token, index, marks = position
    if not marks or (0 < index <= len(page.items) and link_mark(page.items[index - 1].handle) == marks[:MARK_LENGTH]):
        return position
    after = after_marked(marks, page)
    if after is None:
        return None
    if index == 0 and after == len(page.items) and page.next is not None:
        raise StuckListError
    return token, after, marks


def after_marked(marks: str, page: Page[Link]) -> int | None:
    """Returns the index after the last one of the marked links that is on `page`; None where none is."""
    on_page = {link_mark(link.handle): index for index, link in reversed(list(enumerate(page.items)))}
    known = (marks[at : at + MARK_LENGTH] for at in range(0, len(marks), MARK_LENGTH))
    return next((on_page[mark] + 1 for mark in known if mark in on_page), None)
