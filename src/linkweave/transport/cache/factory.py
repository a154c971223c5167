"""What the caches of all accounts share, and how one account's is made of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import random

from linkweave.clock import Clock
from linkweave.observability import NOBODY, Observer
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
    """Where answers are kept. `background_seconds` is how long a refresh may wait for its turn."""

    store: Store
    versions: CacheVersions
    leases: Leases
    clock: Clock
    background_seconds: float
    observer: Observer = NOBODY
    random: Callable[[], float] = random
    decoded: DecodedRecords = field(default_factory=DecodedRecords)

    def keeper_of(self, account: str, lifetimes: Lifetimes) -> RecordStore:
        """What keeps the records of `account`."""
        return RecordStore(account, self.store, self.decoded, self.versions, lifetimes, self.clock, self.random)

    def links_of(self, keeper: RecordStore, origin: str) -> LinkEntities:
        """The links that the lists of an account told."""
        return LinkEntities(keeper, self.clock, origin, self.observer)

    def answers_of(self, keeper: RecordStore, origin: str, timeout_seconds: float, health: Health) -> AnswerCache:
        """The cache of an account, whose vendor is reached at `origin` and has `timeout_seconds` for a call."""
        return AnswerCache(
            keeper,
            SharedFetch(keeper, self.leases, self.clock),
            SharedCalls(self.clock, timeout_seconds, self.observer),
            health,
            self.clock,
            origin,
            self.background_seconds,
            self.observer,
        )
