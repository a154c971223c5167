"""The k-way merge: many accounts' links become one list, each account's own order kept.

Accounts that tell creation times are merged newest first and take one part together; each account that tells
none is a part of its own. The parts take turns, one link per turn, so that everybody is on the first page.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from linkweave.gather.listing.account_reader import AccountPosition, AccountReader, creation_time
from linkweave.models import Link


@dataclass(frozen=True, slots=True)
class MergedLink:
    """A link in its place: who it is from, and where everybody stands after it."""

    key: str
    link: Link
    places: Mapping[str, AccountPosition]
    turn: int


@dataclass(slots=True)
class Merge:
    """One run of the merge over `readers`. `turn` is the part whose turn is next.

    `undated` are the accounts that are a part of their own, whether or not they have a reader this time: turns
    must mean the same on every page. A reader whose head cannot be had leaves the run and is in `failures`; its
    places stay where they were.
    """

    readers: Sequence[AccountReader]
    undated: Sequence[str] = ()
    turn: int = 0
    failures: dict[str, Exception] = field(default_factory=dict)
    _heads: dict[str, Link] = field(default_factory=dict)

    async def run(self, first: int) -> list[MergedLink]:
        """The next `first` links, fewer at the end."""
        await asyncio.gather(*(self._advance(reader) for reader in self.readers))
        places = self.places()
        taken: list[MergedLink] = []
        parts = self._parts()
        while len(taken) < first and (reader := self._next_reader(parts)) is not None:
            link = self._heads.pop(reader.key)
            reader.take()
            places = {**places, reader.key: reader.places()}
            taken.append(MergedLink(reader.key, link, places, self.turn))
            if len(taken) < first:
                await self._advance(reader)
        return taken

    def places(self) -> dict[str, AccountPosition]:
        """Where everybody stands now, without those at their start."""
        return {reader.key: places for reader in self.readers if (places := reader.places()) != {}}

    async def _advance(self, reader: AccountReader) -> None:
        try:
            head = await reader.head()
        except Exception as error:  # noqa: BLE001 - sorted out by the caller, who knows what each kind means
            self.failures[reader.key] = error
            return
        if head is not None:
            self._heads[reader.key] = head

    def _parts(self) -> list[list[AccountReader]]:
        dated = [reader for reader in self.readers if reader.key not in self.undated]
        return [dated, *([reader for reader in self.readers if reader.key == key] for key in self.undated)]

    def _next_reader(self, parts: list[list[AccountReader]]) -> AccountReader | None:
        for step in range(len(parts)):
            place = (self.turn + step) % len(parts)
            ready = [reader for reader in parts[place] if reader.key in self._heads]
            if ready:
                self.turn = (place + 1) % len(parts)
                return max(ready, key=lambda reader: creation_time(self._heads[reader.key]))
        return None
