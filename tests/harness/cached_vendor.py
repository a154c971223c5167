"""A vendor's client with a cache of its own, in virtual time."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType

import orjson

from harness.virtual_time import NOW, LoopClock
from linkweave.errors import UnavailableError
from linkweave.observability import CacheResult, Observer
from linkweave.storage.interfaces import CacheVersions, Leases, Store
from linkweave.storage.leases import MemoryLeases
from linkweave.storage.memory_store import MemoryStore
from linkweave.storage.versions import MemoryCacheVersions
from linkweave.transport.cache.answer_cache import AnswerCache
from linkweave.transport.cache.factory import AnswerCacheFactory
from linkweave.transport.call import Answer, Call
from linkweave.transport.classified import Classified, Drop, drop_nothing
from linkweave.transport.health import Health
from linkweave.transport.lifetimes import FRESH_SECONDS, Lifetimes, Resource
from linkweave.transport.refusal import Classify
from linkweave.transport.vendor_client import VendorClient

LIST = Call("list links", "GET", "/links", (("page", "1"),), reads=Resource.LINK_LIST)
DOMAINS = Call("list domains", "GET", "/domains", reads=Resource.DOMAINS)
CHANGE = Call("update link", "PUT", "/links/a", writes=True)


@dataclass
class Vendor:
    """Answers after `seconds` with the number of the call, or with `status` and `body`, or fails with `failure`."""

    seconds: float = 0.0
    status: int = 200
    body: bytes | None = None
    failure: Exception | None = None
    seen: list[Call] = field(default_factory=list)
    cancelled: int = 0

    async def send(self, call: Call) -> Answer:
        self.seen.append(call)
        number = len(self.seen)
        try:
            await asyncio.sleep(self.seconds)
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        if self.failure is not None:
            raise self.failure
        body = orjson.dumps({"asked": number}) if self.body is None else self.body
        return Answer(self.status, {}, body, LoopClock().now())


@dataclass
class LookupRecorder(Observer):
    """Records the look-ups of caches."""

    seen: list[tuple[str, str | None, CacheResult]] = field(default_factory=list)

    def cache_looked_up(self, cache: str, account: str | None, result: CacheResult) -> None:
        self.seen.append((cache, account, result))


class UnknownVersions(MemoryCacheVersions):
    """Versions whose tags are never known, as while the server is down."""

    async def current(self, names: Collection[str]) -> Mapping[str, str] | None:  # noqa: ARG002 - the protocol's signature
        return None


class RecordingStore(MemoryStore):
    """Records the keys of all values that were stored, in their order, and the sizes of reads of many keys."""

    def __init__(self) -> None:
        super().__init__(LoopClock())
        self.keys: list[str] = []
        self.reads: list[int] = []

    async def set(self, key: str, value: bytes, ttl_seconds: float) -> None:
        self.keys.append(key)
        await super().set(key, value, ttl_seconds)

    async def get_many(self, keys: Sequence[str]) -> Sequence[bytes | None]:
        self.reads.append(len(keys))
        return await super().get_many(keys)


@dataclass
class Bench:
    client: VendorClient
    vendor: Vendor
    store: Store
    versions: CacheVersions
    observer: LookupRecorder

    async def asked(self, call: Call = LIST) -> int:
        """The number of the call whose answer the client returns. A number seen before means a cached answer."""
        data = (await self.client.fetch(call)).data
        assert isinstance(data, dict)
        number: int = data["asked"]
        return number

    @property
    def key(self) -> str:
        """The only key that was ever stored."""
        assert isinstance(self.store, RecordingStore)
        (key,) = set(self.store.keys)
        return key

    async def age(self, call: Call = LIST) -> timedelta:
        return LoopClock().now() - (await self.client.fetch(call)).at


def cached(  # noqa: PLR0913 - each is one knob of what is tested
    vendor: Vendor | None = None,
    *,
    fresh: Mapping[Resource, float] = MappingProxyType({}),
    stale_seconds: float = 24 * 3600,
    not_found_seconds: float = 10,
    jitter: float = 0.0,
    account: str = "main",
    origin: str = "http://vendor",
    classify: Classify = lambda _status, _data: None,
    drop: Drop = drop_nothing,
    beside: "Bench | None" = None,
    versions: CacheVersions | None = None,
    leases: Leases | None = None,
    store: Store | None = None,
) -> Bench:
    """A client over `vendor`, with the store and the versions of `beside` if there is one."""
    vendor = vendor or Vendor()
    clock, observer = LoopClock(), LookupRecorder()
    store = store or (beside.store if beside else RecordingStore())
    versions = versions or (beside.versions if beside else MemoryCacheVersions())
    health = Health(clock)
    lifetimes = Lifetimes({**FRESH_SECONDS, **fresh}, stale_seconds, not_found_seconds)
    factory = AnswerCacheFactory(store, versions, leases or MemoryLeases(store), clock, 10, observer, lambda: jitter)
    cache = factory.answer_cache(factory.record_store(account, lifetimes), origin, 5, health)
    client = VendorClient(Classified(vendor, classify, drop), account, health, clock, cache)
    return Bench(client, vendor, store, versions, observer)


def unavailable() -> UnavailableError:
    return UnavailableError("main is down", account="main", operation="list links")


def cache_of(bench: Bench) -> AnswerCache:
    assert bench.client.cache is not None
    return bench.client.cache


__all__ = [
    "CHANGE",
    "DOMAINS",
    "LIST",
    "NOW",
    "Bench",
    "LookupRecorder",
    "RecordingStore",
    "UnknownVersions",
    "Vendor",
    "cache_of",
    "cached",
    "unavailable",
]
