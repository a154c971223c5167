"""Makes the caches of each account from what the caches of all accounts share."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import random

from linkweave.clock import Clock
from linkweave.observability import NO_OBSERVER, Observer
from linkweave.storage.interfaces import CacheVersions, Leases, Store
from linkweave.transport.cache.answer_cache import AnswerCache
from linkweave.transport.cache.decoded_records import DecodedRecords
from linkweave.transport.cache.link_entities import LinkEntities
from linkweave.transport.cache.record_store import RecordStore
from linkweave.transport.cache.shared_calls import SharedCalls
from linkweave.transport.cache.shared_fetch import SharedFetch
from linkweave.transport.health import Health
from linkweave.transport.lifetimes import Lifetimes


@dataclass(frozen=True, slots=True)
class AnswerCacheFactory:
    """What the caches of all accounts share.

    A refresh in the background waits at most `background_seconds` for its turn. `random` returns numbers from 0 to 1.
    """

    store: Store
    versions: CacheVersions
    leases: Leases
    clock: Clock
    background_seconds: float
    observer: Observer = NO_OBSERVER
    random: Callable[[], float] = random
    decoded: DecodedRecords = field(default_factory=DecodedRecords)

    def record_store(self, account: str, lifetimes: Lifetimes) -> RecordStore:
        """Returns the store of an account's records."""
        return RecordStore(account, self.store, self.decoded, self.versions, lifetimes, self.clock, self.random)

    def link_entities(self, records: RecordStore, origin: str) -> LinkEntities:
        """Returns the cache of single links that came with an account's lists."""
        return LinkEntities(records, self.clock, origin, self.observer)

    def answer_cache(self, records: RecordStore, origin: str, timeout_seconds: float, health: Health) -> AnswerCache:
        """Returns the cache of an account's answers. Its vendor at `origin` has `timeout_seconds` for a call."""
        return AnswerCache(
            records,
            SharedFetch(records, self.leases, self.clock),
            SharedCalls(self.clock, timeout_seconds, self.observer),
            health,
            self.clock,
            origin,
            self.background_seconds,
            self.observer,
        )
