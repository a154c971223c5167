"""Version tags in one process, and version tags in a server that workers share."""

import asyncio
import secrets
from collections.abc import Collection, Sequence
from typing import Final

from linkweave.clock import Clock
from linkweave.storage.interfaces import VersionTags
from linkweave.storage.outages import StoreDownError
from linkweave.storage.valkey import Valkey

# Seconds after which a bump that the server did not get is sent again.
RESEND_SECONDS: Final = 0.25

_READ: Final = """
local tags = redis.call('MGET', unpack(KEYS))
for place = 1, #KEYS do
  if not tags[place] then
    redis.call('SET', KEYS[place], ARGV[1])
    tags[place] = ARGV[1]
  end
end
return tags
"""
_BUMP: Final = """
for place = 1, #KEYS do redis.call('SET', KEYS[place], ARGV[place]) end
"""


class MemoryCacheVersions:
    """Version tags for a single process."""

    def __init__(self) -> None:
        self._tags: dict[str, str] = {}

    async def current(self, names: Collection[str]) -> VersionTags | None:
        """Returns the tag of each name."""
        return {name: self._tags.get(name) or self._tags.setdefault(name, _new_tag()) for name in names}

    async def are_current(self, tags: VersionTags) -> bool:
        """Whether these are the current tags."""
        return self.are_known_current(tags)

    def are_known_current(self, tags: VersionTags) -> bool:
        """Whether these are the current tags."""
        return tags.items() <= self._tags.items()

    async def bump(self, name: str) -> None:
        """Gives `name` a new tag."""
        self._tags[name] = _new_tag()


class ValkeyCacheVersions:
    """Version tags in the server. They are random and not counted, so that a tag that was lost never comes back.

    They do not expire, because records may live longer than any time to live. Each account has two of them.
    """

    def __init__(self, valkey: Valkey, clock: Clock) -> None:
        self._valkey = valkey
        self._clock = clock
        self._wanted: set[str] = set()
        self._running_read: asyncio.Task[VersionTags | None] | None = None
        self._next_read: asyncio.Task[VersionTags | None] | None = None
        self._unsent: dict[str, str] = {}
        self._resend: asyncio.Task[None] | None = None

    async def current(self, names: Collection[str]) -> VersionTags | None:
        """Returns the tag of each name, which is the same in every worker; None while the tags are not known.

        Callers that come during a read share the next read, which is sent after they came.
        """
        self._wanted.update(names)
        if self._next_read is None:
            self._next_read = asyncio.create_task(self._read_after(self._running_read))
        tags = await asyncio.shield(self._next_read)
        return None if tags is None else {name: tags[name] for name in names}

    async def are_current(self, tags: VersionTags) -> bool:
        """Whether these are the current tags in every worker; False while the tags are not known."""
        return await self.current(tags.keys()) == tags

    def are_known_current(self, tags: VersionTags) -> bool:  # noqa: ARG002 - another worker may have bumped any of them
        """Never: only the server knows the current tags."""
        return False

    async def bump(self, name: str) -> None:
        """Gives `name` a new tag in every worker before it returns. Never raises.

        A bump that the server does not get is sent again until it does. Meanwhile `current` is None in this process.
        """
        self._unsent[name] = _new_tag()
        try:
            await self._send_bumps()
        finally:
            if self._unsent and (self._resend is None or self._resend.done()):
                self._resend = asyncio.create_task(self._keep_resending())

    async def close(self) -> None:
        """Sends once the bumps that the server did not get, and stops."""
        tasks = [task for task in (self._resend, self._running_read, self._next_read) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._send_bumps()

    async def _read_after(self, running: asyncio.Task[VersionTags | None] | None) -> VersionTags | None:
        if running is not None:
            await asyncio.wait({running})
        self._running_read, self._next_read = self._next_read, None
        names = list(self._wanted)
        self._wanted.clear()
        if not await self._send_bumps():
            return None
        return await self._read(names)

    async def _read(self, names: Sequence[str]) -> VersionTags | None:
        if not names:
            return {}
        try:
            tags = await self._valkey.run_script(_READ, [_key(name) for name in names], [_new_tag()])
        except StoreDownError:
            return None
        return {name: tag.decode() for name, tag in zip(names, tags, strict=True)}

    async def _send_bumps(self) -> bool:
        """Sends all bumps that the server did not get yet. Returns whether none is left."""
        bumps = dict(self._unsent)
        if not bumps:
            return True
        try:
            await self._valkey.run_script(_BUMP, [_key(name) for name in bumps], list(bumps.values()))
        except StoreDownError:
            return False
        self._unsent = {name: tag for name, tag in self._unsent.items() if bumps.get(name) != tag}
        return not self._unsent

    async def _keep_resending(self) -> None:
        while self._unsent:
            await self._clock.sleep(max(RESEND_SECONDS, self._valkey.next_check_in))
            await self._send_bumps()


def _key(name: str) -> str:
    return f"version:{name}"


def _new_tag() -> str:
    return secrets.token_hex(8)
