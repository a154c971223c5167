"""Opens the storage that the settings name."""

from dataclasses import dataclass

from linkweave.clock import Clock
from linkweave.settings import CacheSettings
from linkweave.storage.memory import MemoryStore
from linkweave.storage.protocols import Store
from linkweave.storage.valkey import Valkey, ValkeyStore


@dataclass(frozen=True, slots=True)
class Storage:
    """What outlives a request. `valkey` is the server that workers share, for scripts; None without one."""

    store: Store
    valkey: Valkey | None = None

    async def close(self) -> None:
        """Close the connections."""
        if self.valkey is not None:
            await self.valkey.close()


def open_storage(settings: CacheSettings, clock: Clock) -> Storage:
    """The storage at `settings.url`. Nothing is asked of a server yet."""
    if settings.url.get_secret_value() == "memory://":
        return Storage(MemoryStore(clock, settings.max_bytes))
    valkey = Valkey(settings.url, settings.prefix, settings.timeout_seconds, clock)
    return Storage(ValkeyStore(valkey), valkey)
