"""The k-way merge: many accounts' links become one list, and each account's own order is kept.

Accounts with creation times are merged newest first and form one part together. Each account without creation times
is a part of its own. The parts take turns, one link per turn, so that every account is on the first page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from linkweave.concurrency.eager_tasks import gather_eagerly
from linkweave.gather.listing.account_reader import AccountPosition, AccountReader, creation_time
from linkweave.models import Link


@dataclass(frozen=True, slots=True)
class MergedLink:
    """A link of the merged list: the key of its account, and the account's position and the merge's turn after it."""

    key: str
    link: Link
    position: AccountPosition
    turn: int


@dataclass(slots=True)
class Merge:
    """One run of the merge over `readers`. `turn` is the number of the part that comes next.

    `undated` are the accounts that are a part of their own, with or without a reader this time: a turn must mean the
    same on every page. A reader whose head cannot be read leaves the run and is in `failures`. Its position stays.
    `before` are the positions before the first link.
    """

    readers: Sequence[AccountReader]
    undated: Sequence[str] = ()
    turn: int = 0
    failures: dict[str, Exception] = field(default_factory=dict)
    before: Mapping[str, AccountPosition] = field(default_factory=dict)
    _heads: dict[str, Link] = field(default_factory=dict)

    async def run(self, first: int) -> list[MergedLink]:
        """Returns the next `first` links; fewer at the end."""
        await gather_eagerly([self._read_head(reader) for reader in self.readers])
        self.before = self.positions()
        merged: list[MergedLink] = []
        parts = self._parts()
        while len(merged) < first and (reader := self._next_reader(parts)) is not None:
            link = self._heads.pop(reader.key)
            reader.advance()
            merged.append(MergedLink(reader.key, link, reader.position(), self.turn))
            if len(merged) < first:
                await self._read_head(reader)
        return merged

    def positions(self) -> dict[str, AccountPosition]:
        """Returns the current position of each account that is not at its start."""
        return {reader.key: position for reader in self.readers if (position := reader.position()) != {}}

    async def _read_head(self, reader: AccountReader) -> None:
        try:
            head = reader.loaded_head() or await reader.head()
        except Exception as error:  # noqa: BLE001 - the source of the account tells the kinds apart
            self.failures[reader.key] = error
            return
        if head is not None:
            self._heads[reader.key] = head

    def _parts(self) -> list[list[AccountReader]]:
        dated = [reader for reader in self.readers if reader.key not in self.undated]
        return [dated, *([reader for reader in self.readers if reader.key == key] for key in self.undated)]

    def _next_reader(self, parts: list[list[AccountReader]]) -> AccountReader | None:
        for step in range(len(parts)):
            part = (self.turn + step) % len(parts)
            ready = [reader for reader in parts[part] if reader.key in self._heads]
            if ready:
                self.turn = (part + 1) % len(parts)
                return max(ready, key=lambda reader: creation_time(self._heads[reader.key]))
        return None
