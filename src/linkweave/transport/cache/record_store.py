"""The store of one account's records. A record is valid while its version tags are the current ones."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import random
from typing import Final

from linkweave.clock import Clock
from linkweave.storage.interfaces import CacheVersions, Store, VersionTags
from linkweave.transport.cache.decoded_records import DecodedRecords
from linkweave.transport.cache.record import CacheRecord
from linkweave.transport.lifetimes import Lifetimes, Resource

# Maximum size of a stored record.
MAX_RECORD_BYTES: Final = 2_000_000

# A record is fresh for up to this share less, so that records of the same moment do not expire at the same moment.
JITTER: Final = 0.1


@dataclass(frozen=True, slots=True)
class RecordStore:
    """Stores the records of one account. `random` returns numbers from 0 to 1."""

    account: str
    store: Store
    decoded: DecodedRecords
    versions: CacheVersions
    lifetimes: Lifetimes
    clock: Clock
    random: Callable[[], float] = random

    async def current_tags(self, reads: Resource) -> VersionTags | None:
        """Returns the version tags of `reads`; None while they are not known, so that nothing may be stored."""
        return await self.versions.current([self._version_name(reads)])

    async def invalidate(self) -> None:
        """Invalidates what a write may have changed, in every worker."""
        await self.versions.bump(self.account)

    async def invalidate_all(self) -> None:
        """Invalidates everything, in every worker."""
        await self.versions.bump(self.account)
        await self.versions.bump(_lasting(self.account))

    async def get(self, key: str, tags: VersionTags) -> CacheRecord | None:
        """Returns the record of `key` that is valid under `tags`, fresh or stale, or None."""
        return self._valid_record(key, await self.store.get(key), tags)

    async def get_many(self, keys: Sequence[str], tags: VersionTags) -> Sequence[CacheRecord | None]:
        """As `get`, for each of `keys`."""
        raws = await self.store.get_many(keys)
        return [self._valid_record(key, raw, tags) for key, raw in zip(keys, raws, strict=True)]

    async def put(self, key: str, raw: bytes | None, record: CacheRecord) -> bool:
        """Stores `record`, which `raw` encodes, if it may be stored. Returns whether it is."""
        seconds = (record.stale_until - self.clock.now()).total_seconds()
        if raw is None or len(raw) > MAX_RECORD_BYTES or seconds <= 0 or record.fresh_until <= record.at:
            return False
        await self.store.set(key, raw, seconds)
        return True

    def expiry(self, reads: Resource, at: datetime) -> tuple[datetime, datetime]:
        """Returns until when an answer of `at` is fresh, and until when it may be used at all."""
        fresh = self.lifetimes.fresh.get(reads, 0.0)
        if not fresh:
            return at, at
        fresh_until = at + timedelta(seconds=fresh * (1 - JITTER * self.random()))
        return fresh_until, max(fresh_until, at + timedelta(seconds=self.lifetimes.stale_seconds))

    def not_found_expiry(self, at: datetime) -> tuple[datetime, datetime]:
        """As `expiry`, for an answer that there is no such thing."""
        until = at + timedelta(seconds=self.lifetimes.not_found_seconds)
        return until, until

    def _valid_record(self, key: str, raw: bytes | None, tags: VersionTags) -> CacheRecord | None:
        record = None if raw is None else self.decoded.decode(key, raw)
        if record is None or record.tags != tags or self.clock.now() >= record.stale_until:
            return None
        return record

    def _version_name(self, reads: Resource) -> str:
        return _lasting(self.account) if reads.lasting else self.account


def _lasting(account: str) -> str:
    return f"{account}/lasting"
