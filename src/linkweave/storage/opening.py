"""Opens the storage that the settings name."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from linkweave.clock import Clock
from linkweave.settings import CacheSettings
from linkweave.storage.claims import MemoryClaims, ValkeyClaims
from linkweave.storage.generations import MemoryGenerations, ValkeyGenerations
from linkweave.storage.memory import MemoryStore
from linkweave.storage.protocols import Claims, Generations, Store
from linkweave.storage.valkey import Valkey, ValkeyStore


@dataclass(frozen=True, slots=True)
class Storage:
    """What outlives a request. `valkey` is the server that workers share, for scripts; None without one.

    `closing` is run at the end, in this order.
    """

    store: Store
    generations: Generations
    claims: Claims
    valkey: Valkey | None = None
    closing: tuple[Callable[[], Awaitable[None]], ...] = ()

    async def close(self) -> None:
        """End what runs behind, and close the connections."""
        for close in self.closing:
            await close()


def open_storage(settings: CacheSettings, clock: Clock) -> Storage:
    """The storage at `settings.url`. Nothing is asked of a server yet."""
    if settings.url.get_secret_value() == "memory://":
        store = MemoryStore(clock, settings.max_bytes)
        return Storage(store, MemoryGenerations(), MemoryClaims(store))
    valkey = Valkey(settings.url, settings.prefix, settings.timeout_seconds, clock)
    generations = ValkeyGenerations(valkey, clock)
    claims = ValkeyClaims(valkey, clock)
    return Storage(ValkeyStore(valkey), generations, claims, valkey, (claims.close, generations.close, valkey.close))
