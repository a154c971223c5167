"""Generations in this process, and in a server that workers share."""

import asyncio
import secrets
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from linkweave.clock import Clock
from linkweave.storage.outage_backoff import StoreDownError
from linkweave.storage.valkey import Valkey

# So often a server is asked again that could not be told that something is out of date.
RETELL_SECONDS: Final = 0.25

_READ: Final = """
local marks = redis.call('MGET', unpack(KEYS))
for place = 1, #KEYS do
  if not marks[place] then
    redis.call('SET', KEYS[place], ARGV[1])
    marks[place] = ARGV[1]
  end
end
return marks
"""
_ADVANCE: Final = """
for place = 1, #KEYS do redis.call('SET', KEYS[place], ARGV[place]) end
"""


class MemoryCacheVersions:
    """Generations for one process."""

    def __init__(self) -> None:
        self._marks: dict[str, str] = {}

    async def current(self, names: Collection[str]) -> Mapping[str, str] | None:
        """The mark of each name."""
        return {name: self._marks.get(name) or self._marks.setdefault(name, _new_mark()) for name in names}

    async def are_current(self, marks: Mapping[str, str]) -> bool:
        """Whether these are the marks now."""
        return marks.items() <= self._marks.items()

    async def bump(self, name: str) -> None:
        """Give `name` another mark."""
        self._marks[name] = _new_mark()


class ValkeyCacheVersions:
    """Generations in the server. Marks are random and never counted: one that was lost does not come back.

    They stay for ever, so that records may live as long as anybody wants; there are two for each account.
    """

    def __init__(self, valkey: Valkey, clock: Clock) -> None:
        self._valkey = valkey
        self._clock = clock
        self._wanted: set[str] = set()
        self._running: asyncio.Task[Mapping[str, str] | None] | None = None
        self._next: asyncio.Task[Mapping[str, str] | None] | None = None
        self._untold: dict[str, str] = {}
        self._telling: asyncio.Task[None] | None = None

    async def current(self, names: Collection[str]) -> Mapping[str, str] | None:
        """The mark of each name, as it is now in every worker; None when that cannot be told.

        All who ask while the server is being asked share the next question, which is sent after they came.
        """
        self._wanted.update(names)
        if self._next is None:
            self._next = asyncio.create_task(self._ask(self._running))
        marks = await asyncio.shield(self._next)
        return None if marks is None else {name: marks[name] for name in names}

    async def are_current(self, marks: Mapping[str, str]) -> bool:
        """Whether these are the marks now, in every worker; False when that cannot be told."""
        return await self.current(marks.keys()) == marks

    async def bump(self, name: str) -> None:
        """Give `name` another mark, in every worker before this returns.

        Never raises: what cannot be said now is said as soon as it can be; until then, `current` is None here.
        """
        self._untold[name] = _new_mark()
        try:
            await self._tell()
        finally:
            if self._untold and (self._telling is None or self._telling.done()):
                self._telling = asyncio.create_task(self._keep_telling())

    async def close(self) -> None:
        """Say what is left to say, if it can be said at once, and stop."""
        left = [task for task in (self._telling, self._running, self._next) if task is not None]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        await self._tell()

    async def _ask(self, before: asyncio.Task[Mapping[str, str] | None] | None) -> Mapping[str, str] | None:
        if before is not None:
            await asyncio.wait({before})
        self._running, self._next = self._next, None
        names = list(self._wanted)
        self._wanted.clear()
        if not await self._tell():
            return None
        return await self._read(names)

    async def _read(self, names: Sequence[str]) -> Mapping[str, str] | None:
        if not names:
            return {}
        try:
            marks = await self._valkey.run(_READ, [_key(name) for name in names], [_new_mark()])
        except StoreDownError:
            return None
        return {name: mark.decode() for name, mark in zip(names, marks, strict=True)}

    async def _tell(self) -> bool:
        """Whether everything is said that was to be said."""
        telling = dict(self._untold)
        if not telling:
            return True
        try:
            await self._valkey.run(_ADVANCE, [_key(name) for name in telling], list(telling.values()))
        except StoreDownError:
            return False
        self._untold = {name: mark for name, mark in self._untold.items() if telling.get(name) != mark}
        return not self._untold

    async def _keep_telling(self) -> None:
        while self._untold:
            await self._clock.sleep(max(RETELL_SECONDS, self._valkey.next_check_in))
            await self._tell()


def _key(name: str) -> str:
    return f"generation:{name}"


def _new_mark() -> str:
    return secrets.token_hex(8)
