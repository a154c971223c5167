"""Where one account's answers are kept: with their lifetimes, and valid while their generation is the current one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import random
from typing import Final

from linkweave.clock import Clock
from linkweave.storage.interfaces import CacheVersions, Store, VersionTags
from linkweave.transport.cache.decoded_records import DecodedRecords
from linkweave.transport.cache.record import Record
from linkweave.transport.lifetimes import Lifetimes, Resource

# A record that is larger is not kept.
MAX_RECORD_BYTES: Final = 2_000_000

# What was got at the same moment shall not be old at the same moment: it is fresh for up to so much less.
JITTER: Final = 0.1


@dataclass(frozen=True, slots=True)
class RecordStore:
    """Keeps what one account told. `random` gives numbers from 0 to 1."""

    account: str
    store: Store
    decoded: DecodedRecords
    versions: CacheVersions
    lifetimes: Lifetimes
    clock: Clock
    random: Callable[[], float] = random

    async def marks(self, reads: Resource) -> VersionTags | None:
        """The marks under which `reads` is asked now; None where they cannot be told, and nothing may be kept."""
        return await self.versions.current([self._generation(reads)])

    async def written(self) -> None:
        """Something was written: what it may have changed is out of date, in every worker."""
        await self.versions.bump(self.account)

    async def forget(self) -> None:
        """Everything is out of date, in every worker."""
        await self.versions.bump(self.account)
        await self.versions.bump(_lasting(self.account))

    async def look(self, key: str, marks: VersionTags) -> Record | None:
        """What is kept under `key` and holds while the marks are `marks`, whether fresh or stale."""
        return self._record(key, await self.store.get(key), marks)

    async def look_many(self, keys: Sequence[str], marks: VersionTags) -> Sequence[Record | None]:
        """As `look`, for each of `keys`."""
        raws = await self.store.get_many(keys)
        return [self._record(key, raw, marks) for key, raw in zip(keys, raws, strict=True)]

    async def put(self, key: str, raw: bytes | None, record: Record) -> bool:
        """Keep `record`, of which `raw` are the bytes, where it may be kept at all; says whether it is."""
        seconds = (record.stale_until - self.clock.now()).total_seconds()
        if raw is None or len(raw) > MAX_RECORD_BYTES or seconds <= 0 or record.fresh_until <= record.at:
            return False
        await self.store.set(key, raw, seconds)
        return True

    def until(self, reads: Resource, at: datetime) -> tuple[datetime, datetime]:
        """Until when what was told at `at` is fresh, and until when it may be shown at all."""
        fresh = self.lifetimes.fresh.get(reads, 0.0)
        if not fresh:
            return at, at
        fresh_until = at + timedelta(seconds=fresh * (1 - JITTER * self.random()))
        return fresh_until, max(fresh_until, at + timedelta(seconds=self.lifetimes.stale_seconds))

    def until_found(self, at: datetime) -> datetime:
        """Until when what was not there at `at` counts as not there."""
        return at + timedelta(seconds=self.lifetimes.not_found_seconds)

    def _record(self, key: str, raw: bytes | None, marks: VersionTags) -> Record | None:
        record = None if raw is None else self.decoded.record(key, raw)
        if record is None or record.marks != marks or self.clock.now() >= record.stale_until:
            return None
        return record

    def _generation(self, reads: Resource) -> str:
        return _lasting(self.account) if reads.lasting else self.account


def _lasting(account: str) -> str:
    return f"{account}/lasting"
