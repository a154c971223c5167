"""Reads one account's links in order, over all of its lanes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, TypeAlias

from linkweave.concurrency.gather_results import gather_results
from linkweave.errors import VendorError
from linkweave.gather.listing.lane_position import START, LanePosition, LaneState, StuckListError
from linkweave.gather.listing.lane_reader import LaneReader, ScanLimitError
from linkweave.models import NOTHING_LEFT_OUT, LeftOut, Link
from linkweave.providers.read_capabilities import LinkOrder

# The position of each lane that is not at its start; None where all lanes have ended.
AccountPosition: TypeAlias = Mapping[str, LanePosition] | None

# The state of each lane; None where it has ended.
AccountState: TypeAlias = Sequence[LaneState | None]

# Maximum number of lanes of an account without creation times that are read at once. Each costs a call, and the page
# may not need the last ones.
MAX_LANES_AHEAD: Final = 10

_NO_DATE: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(slots=True)
class AccountReader:
    """Reads one account's links in its own order, over all of its lanes.

    `before` is the account's position at the start. A lane that the vendor does not offer this time keeps its position,
    so that a later page continues it. At most `wanted` links are read.
    """

    key: str
    order: LinkOrder
    lanes: Mapping[str, LaneReader]
    before: Mapping[str, LanePosition] = field(default_factory=dict)
    wanted: int = 1
    _ahead: set[str] = field(default_factory=set)
    _current: str | None = None
    _heads: dict[str, Link | None] = field(default_factory=dict)
    _positions: dict[tuple[int, int], tuple[LaneState, LanePosition]] = field(default_factory=dict)

    async def head(self) -> Link | None:
        """Returns the account's next link and leaves the position before it; None at the end.

        Raises:
            VendorError: a lane could not be read, so that the account's order cannot be kept.
            ScanLimitError: too many links did not match.
            StuckListError: a lane leads back to a page that was read before.
        """
        if self.order is LinkOrder.AS_LISTED:
            return await self._first_of_first_lane()
        return await self._newest_of_all_lanes()

    def loaded_head(self) -> Link | None:
        """Returns the account's next link where the current pages show it; None where `head` has to find out."""
        link = None if self._current is None else self.lanes[self._current].loaded_head()
        if link is None or self._current is None or self.order is LinkOrder.AS_LISTED:
            return link
        self._heads[self._current] = link
        return self._newest_head()

    def advance(self) -> None:
        """Moves the position past the head."""
        if self._current is not None:
            self.lanes[self._current].advance()
            self._heads.pop(self._current, None)

    def take_loaded(self, most: int) -> Sequence[Link]:
        """Moves the position past the next links that need no wait, and returns them.

        At most `most`, and none where several lanes compete. `position_in` has the positions between them.
        """
        if len(self.lanes) != 1:
            return ()
        (lane,) = self.lanes.values()
        return lane.take_loaded(most)

    def at_end(self) -> bool:
        """Returns whether no link can follow, as far as the current pages show. Makes no call."""
        return all(lane.at_end() for lane in self.lanes.values())

    def position(self) -> AccountPosition:
        """Returns the account's position."""
        return self.position_in(self.state())

    def state(self) -> AccountState:
        """Returns the state of each lane. `position_in` makes the position of it, when somebody asks for it."""
        return [lane.state for lane in self.lanes.values()]

    def position_in(self, state: AccountState, taken: int = 0) -> AccountPosition:
        """Returns the position that the account has or had in `state`, or `taken` links later on the same page."""
        if not any(state):
            return None
        positions = {
            name: each and self._position_of(each, taken) for name, each in zip(self.lanes, state, strict=True)
        }
        return {**self.before, **{name: position for name, position in positions.items() if position != START}}

    def _position_of(self, state: LaneState, taken: int) -> LanePosition:
        """Returns the position in a state of a lane. Of two links in a row, the states of most lanes are the same."""
        key = id(state), taken
        known = self._positions.get(key)
        if known is None:
            # With its state, whose number no other state may get.
            known = self._positions[key] = state, state.after(taken).position
        return known[1]

    @property
    def fetched_at(self) -> datetime | None:
        """When the oldest page that was read was fetched from the vendor."""
        return min((lane.fetched_at for lane in self.lanes.values() if lane.fetched_at), default=None)

    @property
    def stale_because(self) -> Exception | None:
        """Why a page that was read is stale; None where all are current."""
        return next((lane.stale_because for lane in self.lanes.values() if lane.stale_because is not None), None)

    @property
    def left_out(self) -> LeftOut:
        """The entries that could not be read of the pages that were read."""
        return sum((lane.left_out for lane in self.lanes.values()), NOTHING_LEFT_OUT)

    @property
    def may_have_skipped(self) -> bool:
        """Whether links were deleted while the account was paged, so that others may be missing."""
        return any(lane.may_have_skipped for lane in self.lanes.values())

    async def _first_of_first_lane(self) -> Link | None:
        for name, lane in self.lanes.items():
            if lane.state is not None and name not in self._ahead:
                self._read_ahead(name)
            link = await lane.head()
            if link is not None:
                self._current = name
                return link
        return None

    def _read_ahead(self, first: str) -> None:
        """Starts to read `first` and the lanes after it that `wanted` links may need, as far as is known."""
        names = list(self.lanes)
        start, known = names.index(first), 0
        for name in names[start : start + MAX_LANES_AHEAD]:
            if known < self.wanted:
                self._ahead.add(name)
                known += self.lanes[name].read_ahead()

    async def _newest_of_all_lanes(self) -> Link | None:
        await self._read_heads([name for name in self.lanes if name not in self._heads])
        return self._newest_head()

    def _newest_head(self) -> Link | None:
        newest: Link | None = None
        for name in self.lanes:
            head = self._heads[name]
            if head is not None and (newest is None or creation_time(head) > creation_time(newest)):
                newest, self._current = head, name
        return newest

    async def _read_heads(self, names: Sequence[str]) -> None:
        """Reads the heads of these lanes at the same time. The heads of other lanes stay as they are."""
        if len(names) == 1:
            self._heads[names[0]] = await self.lanes[names[0]].head()
            return
        heads = await gather_results([self.lanes[name].head() for name in names])
        _raise_worst(heads)
        for name, head in zip(names, heads, strict=True):
            self._heads[name] = head if isinstance(head, Link) else None


def creation_time(link: Link) -> datetime:
    """Returns when `link` was created, for comparison; the earliest time where the vendor does not tell."""
    return link.created_at or _NO_DATE


def _raise_worst(heads: Sequence[Link | BaseException | None]) -> None:
    """Raises the error of a lane, if there is one: an error of the gateway's own before a vendor's failure."""
    errors = [head for head in heads if isinstance(head, BaseException)]
    expected = (VendorError, ScanLimitError, StuckListError)
    for error in sorted(errors, key=lambda error: isinstance(error, expected)):
        raise error
