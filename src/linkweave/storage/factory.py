"""Opens the storage that the settings name."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from linkweave.clock import Clock
from linkweave.settings import CacheSettings
from linkweave.storage.batching_store import BatchingStore
from linkweave.storage.claims import MemoryClaims
from linkweave.storage.fallback_store import FallbackStore
from linkweave.storage.interfaces import CacheVersions, Claims, Leases, Store
from linkweave.storage.leases import MemoryLeases, ValkeyLeases
from linkweave.storage.memory_store import MemoryStore
from linkweave.storage.named_locks import NamedLocks
from linkweave.storage.server_watch import keep_watching, look_at_server
from linkweave.storage.valkey import Valkey, ValkeyStore
from linkweave.storage.valkey_claims import ValkeyClaims
from linkweave.storage.versions import MemoryCacheVersions, ValkeyCacheVersions

# Tens of thousands of records. They have memory of their own, so that cached answers do not displace them.
RECORDS_BYTES: Final = 16_000_000
# Seconds for which a killed worker holds its locks: longer than a server or a worker is away by accident.
LOCK_LEASE_SECONDS: Final = 30.0


async def _nothing() -> None:
    """Without a server, there is nothing to look at."""


@dataclass(frozen=True, slots=True)
class Storage:
    """What outlives a request.

    Attributes:
        store: holds what can be fetched again.
        versions: the version tags of what `store` holds.
        leases: let one worker fetch for all of them.
        records: holds what cannot be fetched again; this process goes on with its own while the server is down.
        locks: let one worker at a time do what must not be done twice.
        claims: remember what was done, or may have been done.
        valkey: the server that workers share, for scripts; None without one.
        look: finds out how the server is; `keep_watching` does so until it is cancelled.
        closing: called by `close`, in this order.
    """

    store: Store
    versions: CacheVersions
    leases: Leases
    records: Store
    locks: NamedLocks
    claims: Claims
    valkey: Valkey | None = None
    look: Callable[[], Awaitable[None]] = _nothing
    keep_watching: Callable[[], Awaitable[None]] = _nothing
    closing: tuple[Callable[[], Awaitable[None]], ...] = ()

    async def close(self) -> None:
        """Ends the background tasks and closes the connections."""
        for close in self.closing:
            await close()


def open_storage(
    settings: CacheSettings, clock: Clock, report: Callable[[str | None], None] = lambda _reason: None
) -> Storage:
    """Opens the storage at `settings.url`. Sends nothing to a server yet.

    `report` gets each change of the server's state: why it cannot be used, or None.
    """
    records = MemoryStore(clock, RECORDS_BYTES)
    if settings.url.get_secret_value() == "memory://":
        store = MemoryStore(clock, settings.max_bytes)
        locks, claims = NamedLocks(MemoryLeases(records)), MemoryClaims(records)
        return Storage(store, MemoryCacheVersions(), MemoryLeases(store), records, locks, claims)
    return _open_shared_storage(settings, clock, records, report)


def _open_shared_storage(
    settings: CacheSettings, clock: Clock, records: Store, report: Callable[[str | None], None]
) -> Storage:
    valkey = Valkey(settings.url, settings.prefix, settings.timeout_seconds, clock, report=report)
    shared = BatchingStore(ValkeyStore(valkey))
    versions = ValkeyCacheVersions(valkey, clock)
    leases, lock_leases = ValkeyLeases(valkey, clock), ValkeyLeases(valkey, clock, LOCK_LEASE_SECONDS)
    claims = ValkeyClaims(valkey, clock, required=settings.unstored_idempotency_keys == "refuse")
    return Storage(
        shared,
        versions,
        leases,
        FallbackStore(shared, records),
        NamedLocks(lock_leases),
        claims,
        valkey,
        look=lambda: look_at_server(valkey, claims),
        keep_watching=lambda: keep_watching(valkey, claims, clock),
        closing=(leases.close, lock_leases.close, versions.close, claims.close, valkey.close),
    )
