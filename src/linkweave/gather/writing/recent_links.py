"""Links that this gateway created a moment ago, at vendors whose reads do not show them yet."""

from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

import orjson
from pydantic import TypeAdapter, ValidationError

from linkweave.clock import Clock
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.lookup.existing_links import normalise_destination
from linkweave.models.changes import WrittenLink
from linkweave.storage.interfaces import Store


@dataclass(frozen=True, slots=True)
class RecentLink:
    """A link that may be missing from the vendor's reads for `seconds_left`. Without a `handle`, it may not exist."""

    handle: str | None
    seconds_left: float


@dataclass(frozen=True, slots=True)
class _Record:
    handle: str | None
    shown_at: float


_RECORD: Final = TypeAdapter(_Record)


@dataclass(frozen=True, slots=True)
class RecentLinks:
    """Remembers in `store` what was created, for as long as the vendor's reads may lack it."""

    store: Store
    clock: Clock

    async def remember(self, loaders: AccountLoaders, destination: str, written: WrittenLink | None) -> None:
        """Remembers a link to `destination`; without `written`, it is unknown whether it was created."""
        lag = loaders.account.adapter.read_lag.total_seconds()
        if lag > 0:
            record = _Record(None if written is None else written.link.handle, self._now() + lag)
            await self.store.set(_name(loaders, destination), orjson.dumps(record), lag)

    async def find(self, loaders: AccountLoaders, destination: str) -> RecentLink | None:
        """Returns the newest link to `destination`; None where the vendor's reads have had time to show it."""
        if not loaders.account.adapter.read_lag:
            return None
        stored = await self.store.get(_name(loaders, destination))
        try:
            record = None if stored is None else _RECORD.validate_json(stored)
        except ValidationError:
            return None
        return None if record is None else RecentLink(record.handle, record.shown_at - self._now())

    def _now(self) -> float:
        return self.clock.now().timestamp()


def _name(loaders: AccountLoaders, destination: str) -> str:
    same = normalise_destination(destination).encode("utf-8", "surrogatepass")
    return f"recent-link:{loaders.key}:{blake2b(same, digest_size=16).hexdigest()}"
