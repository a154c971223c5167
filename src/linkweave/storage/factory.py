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

# Records have a memory of their own, so that many answers do not displace them: tens of thousands of them.
RECORDS_BYTES: Final = 16_000_000
# Longer than a server or a worker is away by accident, and so long a turn stays taken when a worker is killed.
TURN_LEASE_SECONDS: Final = 30.0


@dataclass(frozen=True, slots=True)
class Storage:
    """What outlives a request. `valkey` is the server that workers share, for scripts; None without one.

    `store` is for what can be asked for again; `records` is for what cannot, and goes on in this process while the
    server is away. `turns` are for what must not be done twice.
    `closing` is run at the end, in this order.
    """

    store: Store
    generations: CacheVersions
    claims: Leases
    records: Store
    turns: NamedLocks
    valkey: Valkey | None = None
    closing: tuple[Callable[[], Awaitable[None]], ...] = ()

    async def close(self) -> None:
        """End what runs behind, and close the connections."""
        for close in self.closing:
            await close()


def open_storage(settings: CacheSettings, clock: Clock) -> Storage:
    """The storage at `settings.url`. Nothing is asked of a server yet."""
    records = MemoryStore(clock, RECORDS_BYTES)
    if settings.url.get_secret_value() == "memory://":
        store = MemoryStore(clock, settings.max_bytes)
        return Storage(store, MemoryCacheVersions(), MemoryLeases(store), records, NamedLocks(MemoryLeases(records)))
    valkey = Valkey(settings.url, settings.prefix, settings.timeout_seconds, clock)
    shared = BatchingStore(ValkeyStore(valkey))
    generations = ValkeyCacheVersions(valkey, clock)
    claims, slow = ValkeyLeases(valkey, clock), ValkeyLeases(valkey, clock, TURN_LEASE_SECONDS)
    closing = (claims.close, slow.close, generations.close, valkey.close)
    return Storage(shared, generations, claims, FallbackStore(shared, records), NamedLocks(slow), valkey, closing)
