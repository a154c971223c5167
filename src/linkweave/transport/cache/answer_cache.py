"""The cache of an account's answers: a stale answer is returned at once and refreshed in the background."""

import json
from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from hashlib import blake2b
from typing import Final

import orjson

from linkweave.clock import Clock
from linkweave.concurrency.lru import LruDict
from linkweave.context.cache_alone import NotCachedError
from linkweave.context.operation_context import current_operation
from linkweave.errors import VendorError, VendorTimeoutError
from linkweave.observability import NO_OBSERVER, CacheResult, Observer
from linkweave.transport.cache.delayed_invalidation import DelayedInvalidation
from linkweave.transport.cache.fetched import CacheableAnswer
from linkweave.transport.cache.record import CacheRecord
from linkweave.transport.cache.record_store import RecordStore
from linkweave.transport.cache.shared_calls import SharedCalls, WaitedTooLongError
from linkweave.transport.cache.shared_fetch import Fetch, FetchRequest, SharedFetch
from linkweave.transport.call import Call
from linkweave.transport.health import CircuitState, Health
from linkweave.transport.lifetimes import Resource

# Seconds between a refresh that failed and the next one. The vendor may ask for more, up to the maximum.
REFRESH_PAUSE_SECONDS: Final = 5.0
MAX_REFRESH_PAUSE_SECONDS: Final = 60.0
MAX_FAILURES: Final = 1_000

_DIGEST_BYTES: Final = 20


@dataclass(frozen=True, slots=True)
class _FailedRefresh:
    """A refresh that failed at `at`. The next one waits until `retry_at`, by the monotonic clock."""

    error: VendorError
    at: datetime
    retry_at: float


@dataclass(slots=True)
class AnswerCache:
    """Returns the answers of one account from its records, or fetches them from its vendor.

    `origin` tells the vendor's host from others that have an account of the same key. A refresh in the background waits
    at most `background_seconds` for its turn.
    """

    records: RecordStore
    shared_fetch: SharedFetch
    calls: SharedCalls[CacheableAnswer]
    health: Health
    clock: Clock
    origin: str
    background_seconds: float
    observer: Observer = NO_OBSERVER
    _failures: LruDict[str, _FailedRefresh] = field(default_factory=lambda: LruDict(max_entries=MAX_FAILURES))
    _invalidations: int = 0
    _delayed_invalidation: DelayedInvalidation = field(init=False)

    def __post_init__(self) -> None:
        self._delayed_invalidation = DelayedInvalidation(self.invalidate, self.clock)

    async def get_or_fetch(self, call: Call, reads: Resource, fetch: Fetch) -> CacheableAnswer:
        """Returns the cached answer to `call`, or fetches it once for all callers that wait for it.

        Raises:
            VendorError: there is no cached answer, and the vendor gave none.
            NotCachedError: there is no cached answer, and no call may be made.
        """
        request = FetchRequest(self._key(call), call, reads, fetch, await self.records.current_tags(reads))
        operation = current_operation()
        if operation.bypasses_cache and not operation.cache_alone:
            return await self.shared_fetch.fetch_now(request)
        record = None if request.tags is None else await self.records.get(request.key, request.tags)
        if record is None and operation.cache_alone:
            raise NotCachedError
        if record is None:
            self._report(CacheResult.MISS)
            return await self._fetch(request)
        fresh_for = record.fresh_until - self.clock.now()
        if fresh_for > operation.min_freshness:
            self._report(CacheResult.FRESH)
            return self.shared_fetch.answer_from(record, call)
        self._report(CacheResult.STALE)
        if operation.min_freshness:
            return await self._fetch(request)
        return self.shared_fetch.answer_from(record, call, self._refresh_in_background(request, record))

    async def invalidate(self) -> None:
        """Invalidates what a write may have changed. No caller joins a call that began before, or gets its answer."""
        self._invalidations += 1
        await self.records.invalidate()

    async def invalidate_after_ambiguous_write(self) -> None:
        """As `invalidate`, now and some seconds later: the vendor may still make the write."""
        await self.invalidate()
        self._delayed_invalidation.schedule()

    async def invalidate_all(self) -> None:
        """Invalidates everything, in every worker."""
        self._invalidations += 1
        await self.records.invalidate_all()

    async def close(self) -> None:
        """Ends the tasks in the background."""
        await self._delayed_invalidation.close()
        await self.calls.close()

    async def _fetch(self, request: FetchRequest) -> CacheableAnswer:
        try:
            return await self.calls.join(self._call_key(request), partial(self._fetch_shared, request))
        except WaitedTooLongError:
            account, operation = self.records.account, request.call.operation
            message = f"{account} gave no complete answer before the time was up ({operation})"
        raise VendorTimeoutError(message, account=account, operation=operation)

    def _refresh_in_background(self, request: FetchRequest, record: CacheRecord) -> VendorError | None:
        """Starts a refresh, unless one has just failed. Returns why there is nothing newer than `record`, if known."""
        failure = self._failures.get(request.key)
        if failure is None or self.clock.monotonic() >= failure.retry_at:
            self.calls.start_in_background(
                self._call_key(request), partial(self._refresh, request), self.background_seconds
            )
        if failure is not None and failure.at >= record.at:
            return failure.error.copy()
        if self.health.circuit is CircuitState.OPEN and self.health.last_error is not None:
            return self.health.last_error.copy()
        return None

    async def _fetch_shared(self, request: FetchRequest) -> CacheableAnswer:
        answer = await self.shared_fetch.fetch_shared(request)
        self._failures.pop(request.key)
        return answer

    async def _refresh(self, request: FetchRequest) -> CacheableAnswer:
        try:
            return await self._fetch_shared(request)
        except VendorError as error:
            pause = min(max(error.retry_after or 0.0, REFRESH_PAUSE_SECONDS), MAX_REFRESH_PAUSE_SECONDS)
            failure = _FailedRefresh(error, self.clock.now(), self.clock.monotonic() + pause)
            self._failures.put(request.key, failure)
            raise

    def _call_key(self, request: FetchRequest) -> Hashable:
        tags = None if request.tags is None else tuple(sorted(request.tags.items()))
        return request.key, tags, self._invalidations

    def _key(self, call: Call) -> str:
        """The key of the call's record. It has a digest, because a call may hold what a key must not show."""
        query = call.query if call.cache_name is None else call.cache_name
        parts = [call.host or self.origin, call.method, call.path, query, call.json, call.form]
        try:
            words = orjson.dumps(parts)
        except orjson.JSONEncodeError:
            # It refuses what only the request itself must not hold.
            words = json.dumps(parts).encode()
        digest = blake2b(words, digest_size=_DIGEST_BYTES).hexdigest()
        return f"answer:{self.records.account}:{digest}"

    def _report(self, result: CacheResult) -> None:
        self.observer.cache_looked_up("answers", self.records.account, result)
        record = current_operation().record
        if record is None:
            return
        match result:
            case CacheResult.FRESH:
                record.fresh += 1
            case CacheResult.STALE:
                record.stale += 1
            case CacheResult.MISS:
                record.misses += 1
