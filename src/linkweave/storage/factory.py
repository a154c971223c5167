"""Opens the storage that the settings name."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from linkweave.clock import Clock
from linkweave.settings import CacheSettings
from linkweave.storage.batching_store import BatchingStore
from linkweave.storage.fallback_store import FallbackStore
from linkweave.storage.interfaces import CacheVersions, Leases, Store
from linkweave.storage.leases import MemoryLeases, ValkeyLeases
from linkweave.storage.memory_store import MemoryStore
from linkweave.storage.named_locks import NamedLocks
from linkweave.storage.valkey import Valkey, ValkeyStore
from linkweave.storage.versions import MemoryCacheVersions, ValkeyCacheVersions

# Tens of thousands of records. They have memory of their own, so that cached answers do not displace them.
RECORDS_BYTES: Final = 16_000_000
# Seconds for which a killed worker holds its locks: longer than a server or a worker is away by accident.
LOCK_LEASE_SECONDS: Final = 30.0


@dataclass(frozen=True, slots=True)
class Storage:
    """What outlives a request.

    Attributes:
        store: holds what can be fetched again.
        versions: the version tags of what `store` holds.
        leases: let one worker fetch for all of them.
        records: holds what cannot be fetched again; this process goes on with its own while the server is down.
        locks: guard what must not be done twice.
        valkey: the server that workers share, for scripts; None without one.
        closing: called by `close`, in this order.
    """

    store: Store
    versions: CacheVersions
    leases: Leases
    records: Store
    locks: NamedLocks
    valkey: Valkey | None = None
    closing: tuple[Callable[[], Awaitable[None]], ...] = ()

    async def close(self) -> None:
        """Ends the background tasks and closes the connections."""
        for close in self.closing:
            await close()


def open_storage(settings: CacheSettings, clock: Clock) -> Storage:
    """Opens the storage at `settings.url`. Sends nothing to a server yet."""
    records = MemoryStore(clock, RECORDS_BYTES)
    if settings.url.get_secret_value() == "memory://":
        store = MemoryStore(clock, settings.max_bytes)
        return Storage(store, MemoryCacheVersions(), MemoryLeases(store), records, NamedLocks(MemoryLeases(records)))
    valkey = Valkey(settings.url, settings.prefix, settings.timeout_seconds, clock)
    shared = BatchingStore(ValkeyStore(valkey))
    versions = ValkeyCacheVersions(valkey, clock)
    leases, lock_leases = ValkeyLeases(valkey, clock), ValkeyLeases(valkey, clock, LOCK_LEASE_SECONDS)
    closing = (leases.close, lock_leases.close, versions.close, valkey.close)
    return Storage(shared, versions, leases, FallbackStore(shared, records), NamedLocks(lock_leases), valkey, closing)
