"""Where a full walk goes on. It is stored after each page, so that a restart continues there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any, Final

from linkweave.models import Link, Page
from linkweave.providers.read_capabilities import Lane

# Number of links of a page by which the page after it is found to follow.
_MARKS: Final = 8
_MARK_BYTES: Final = 8
MAX_STEPS_BACK: Final = 3
"""Maximum number of earlier pages that are read again where links were deleted between two pages."""
MAX_OLD_PAGES: Final = 3
"""Number of pages in a row without a link that the walk has not seen, after which a list counts as endless."""
MAX_EMPTY_PAGES: Final = 100
"""The same for pages without any link."""


@dataclass(frozen=True, slots=True)
class WalkPosition:
    """The place of a walk.

    Attributes:
        done: the names of the lanes that were read to their end.
        lane: the name of the current lane; None before the first and after the last.
        page: the vendor's token of its next page.
        marks: the last links of the page before, from the end.
        steps_back: number of earlier pages that were read again for the next page.
        old_pages: number of pages in a row that showed nothing new.
        restarts: number of times that the current lane was begun again, because its page could not be read.
        has_gaps: whether links may have been passed over.
        after: None while lists are read; then, the id of the last link that was looked up because no list showed it.
    """

    done: tuple[str, ...] = ()
    lane: str | None = None
    page: str | None = None
    marks: tuple[str, ...] = ()
    steps_back: int = 0
    old_pages: int = 0
    restarts: int = 0
    has_gaps: bool = False
    after: int | None = None

    @classmethod
    def parse(cls, stored: Mapping[str, Any]) -> "WalkPosition":
        """Returns the position that `to_json` returned. What an older version stored begins the walk again."""
        try:
            known = cls(**stored)
        except TypeError:
            return cls()
        return replace(known, done=tuple(known.done), marks=tuple(known.marks))

    def to_json(self) -> dict[str, Any]:
        """Returns the position as it is stored."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}

    def current_lane(self, lanes: Iterable[Lane]) -> Lane | None:
        """Returns the lane to read: the current one, or else the first that is not done; None after the last."""
        left = {lane.name: lane for lane in lanes if lane.name not in self.done}
        return left.get(self.lane or "") or next(iter(left.values()), None)

    def at(self, lane: Lane) -> "WalkPosition":
        """Returns the position in `lane`: its start, unless it is the current one."""
        return self if lane.name == self.lane else replace(self.at_next_lane(), lane=lane.name)

    def after_page(self, page: Page[Link], new_links: int) -> "WalkPosition":
        """Returns the position after `page` of the current lane, `new_links` of which the walk had not seen."""
        if not self._follows(page):
            if page.back is not None and self.steps_back < MAX_STEPS_BACK:
                return replace(self, page=page.back, steps_back=self.steps_back + 1)
            return replace(self, has_gaps=True, marks=(), steps_back=0).after_page(page, new_links)
        old_pages = 0 if new_links else self.old_pages + 1
        has_gaps = self.has_gaps or page.is_unverified or bool(page.left_out.row_count)
        if page.next is None or old_pages >= (MAX_OLD_PAGES if page.items else MAX_EMPTY_PAGES):
            return replace(self, has_gaps=has_gaps or page.next is not None).lane_done()
        marks = _marks(page.items) or self.marks
        return replace(self, page=page.next, marks=marks, steps_back=0, old_pages=old_pages, has_gaps=has_gaps)

    def after_failure(self) -> "WalkPosition":
        """Returns the position after a page that the vendor refused: its token may have expired.

        The lane begins again, once. Then the walk goes on without the rest of it.
        """
        if self.restarts:
            return replace(self, has_gaps=True).lane_done()
        return replace(self, page=None, marks=(), steps_back=0, old_pages=0, restarts=self.restarts + 1)

    def lane_done(self) -> "WalkPosition":
        """Returns the position after the current lane."""
        done = self.done if self.lane is None else (*self.done, self.lane)
        return replace(self.at_next_lane(), done=done)

    def at_next_lane(self) -> "WalkPosition":
        """Returns the position before a lane."""
        return WalkPosition(self.done, has_gaps=self.has_gaps, after=self.after)

    def _follows(self, page: Page[Link]) -> bool:
        """Whether the page repeats a link of the page before. One without `back` need not."""
        return (
            page.back is None or not self.marks or not set(self.marks).isdisjoint(_marks(page.items, len(page.items)))
        )


def _marks(links: Sequence[Link], number: int = _MARKS) -> tuple[str, ...]:
    last = links[::-1][:number]
    return tuple(
        blake2b(link.handle.encode("utf-8", "surrogatepass"), digest_size=_MARK_BYTES).hexdigest() for link in last
    )
