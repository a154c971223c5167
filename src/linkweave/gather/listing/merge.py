"""The k-way merge: many accounts' links become one list, and each account's own order is kept.

Accounts with creation times are merged newest first and form one part together. Each account without creation times
is a part of its own. The parts take turns, one link per turn, so that every account is on the first page.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from heapq import heappop, heappush
from itertools import count, repeat
from typing import Final, NamedTuple

from linkweave.concurrency.eager_tasks import gather_eagerly
from linkweave.gather.listing.account_reader import AccountPosition, AccountReader, AccountState, creation_time
from linkweave.gather.listing.named_tuples import make_all
from linkweave.models import Link

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class MergedLink(NamedTuple):
    """A link of the merged list: the key and the reader of its account, and the merge's turn after.

    The account is `taken` links after `state`. Positions are made of states when somebody asks for them: most requests
    want those at the ends of the page alone.
    """

    key: str
    link: Link
    reader: AccountReader
    state: AccountState
    turn: int
    taken: int = 0

    @property
    def position(self) -> AccountPosition:
        """The position of the account after the link."""
        return self.reader.position_in(self.state, self.taken)


class _Head(NamedTuple):
    """The next link of an account. The first head of all is the newest one."""

    age: int
    order: int
    reader: AccountReader
    link: Link


@dataclass(slots=True)
class Merge:
    """One run of the merge over `readers`. `turn` is the number of the part that comes next.

    `undated` are the accounts that are a part of their own, with or without a reader this time: a turn must mean the
    same on every page. A reader whose head cannot be read leaves the run and is in `failures`. Its position stays.
    """

    readers: Sequence[AccountReader]
    undated: Sequence[str] = ()
    turn: int = 0
    failures: dict[str, Exception] = field(default_factory=dict)
    _start: Sequence[tuple[AccountReader, AccountState]] = ()
    _dated: list[_Head] = field(default_factory=list)
    _undated: dict[str, _Head] = field(default_factory=dict)

    async def run(self, first: int) -> list[MergedLink]:
        """Returns the next `first` links; fewer at the end."""
        orders = {reader.key: order for order, reader in enumerate(self.readers)}
        unread = [reader for reader in self.readers if not self._take_loaded_head(reader, orders)]
        await gather_eagerly([self._read_head(reader, orders) for reader in unread])
        self._start = [(reader, reader.state()) for reader in self.readers]
        merged: list[MergedLink] = []
        while len(merged) < first and (head := self._next_head()) is not None:
            reader = head.reader
            reader.advance()
            merged.append(MergedLink(reader.key, head.link, reader, reader.state(), self.turn))
            if len(self.readers) == 1 and not self.undated:
                merged += self._take_loaded(reader, first - len(merged))
            if len(merged) < first and not self._take_loaded_head(reader, orders):
                await self._read_head(reader, orders)
        return merged

    def _take_loaded(self, reader: AccountReader, most: int) -> Iterator[MergedLink]:
        """Returns the next links of the only account. Nothing competes with them, and the turn stays."""
        state = reader.state()
        links = reader.take_loaded(most)
        same = repeat(reader.key), links, repeat(reader), repeat(state), repeat(self.turn)
        return make_all(MergedLink, zip(*same, count(1)))

    def positions(self) -> dict[str, AccountPosition]:
        """Returns the current position of each account that is not at its start."""
        return {reader.key: position for reader in self.readers if (position := reader.position()) != {}}

    @property
    def first_positions(self) -> dict[str, AccountPosition]:
        """The position of each account before the first link, where it is not at its start."""
        positions = ((reader.key, reader.position_in(state)) for reader, state in self._start)
        return {key: position for key, position in positions if position != {}}

    def _take_loaded_head(self, reader: AccountReader, orders: Mapping[str, int]) -> bool:
        """Adds the head of a reader, if it is known without a wait. Returns whether it is."""
        link = reader.loaded_head()
        if link is None:
            return False
        self._add(_Head(_age(link), orders[reader.key], reader, link))
        return True

    async def _read_head(self, reader: AccountReader, orders: Mapping[str, int]) -> None:
        try:
            link = await reader.head()
        except Exception as error:  # noqa: BLE001 - the source of the account tells the kinds apart
            self.failures[reader.key] = error
            return
        if link is not None:
            self._add(_Head(_age(link), orders[reader.key], reader, link))

    def _add(self, head: _Head) -> None:
        if head.reader.key in self.undated:
            self._undated[head.reader.key] = head
        else:
            heappush(self._dated, head)

    def _next_head(self) -> _Head | None:
        parts = 1 + len(self.undated)
        for step in range(parts):
            part = (self.turn + step) % parts
            head = self._pop(part)
            if head is not None:
                self.turn = (part + 1) % parts
                return head
        return None

    def _pop(self, part: int) -> _Head | None:
        if part:
            return self._undated.pop(self.undated[part - 1], None)
        return heappop(self._dated) if self._dated else None


def _age(link: Link) -> int:
    """Returns a number that is the greater, the longer ago the link was created."""
    past = _EPOCH - creation_time(link)
    return (past.days * 86_400 + past.seconds) * 1_000_000 + past.microseconds
