"""Answers of one account's vendor that are remembered: fresh ones are given without asking, stale ones while asking."""

import json
from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from hashlib import blake2b
from typing import Final

from linkweave.clock import Clock
from linkweave.concurrency.lru import LruDict
from linkweave.context.operation_context import current_operation
from linkweave.errors import VendorError, VendorTimeoutError
from linkweave.observability import NOBODY, CacheResult, Observer
from linkweave.transport.cache.delayed_invalidation import DelayedInvalidation
from linkweave.transport.cache.fetched import CacheableAnswer
from linkweave.transport.cache.record import Record
from linkweave.transport.cache.record_store import RecordStore
from linkweave.transport.cache.shared_calls import SharedCalls, WaitedTooLongError
from linkweave.transport.cache.shared_fetch import Ask, Question, SharedFetch
from linkweave.transport.call import Call
from linkweave.transport.health import CircuitState, Health
from linkweave.transport.lifetimes import Resource

# After a refresh that failed, the next one waits so long, or as long as the vendor says up to the second number.
PAUSE_SECONDS: Final = 5.0
MAX_PAUSE_SECONDS: Final = 60.0
MAX_FAILURES: Final = 1_000

_DIGEST_BYTES: Final = 20


@dataclass(frozen=True, slots=True)
class _Failure:
    """A refresh that failed at `at`; the next one may be made at `again_at`, by the monotonic clock."""

    error: VendorError
    at: datetime
    again_at: float


@dataclass(slots=True)
class AnswerCache:
    """Gives the answers of one account, from what is kept or from its vendor.

    `origin` tells the vendor's host from others that have an account of the same key. A refresh that nobody waits for
    may wait `background_seconds` for its turn.
    """

    keeper: RecordStore
    asking: SharedFetch
    flights: SharedCalls[CacheableAnswer]
    health: Health
    clock: Clock
    origin: str
    background_seconds: float
    observer: Observer = NOBODY
    _failures: LruDict[str, _Failure] = field(default_factory=lambda: LruDict(max_entries=MAX_FAILURES))
    _writes: int = 0
    _doubt: DelayedInvalidation = field(init=False)

    def __post_init__(self) -> None:
        self._doubt = DelayedInvalidation(self.written, self.clock)

    async def get_or_fetch(self, call: Call, reads: Resource, ask: Ask) -> CacheableAnswer:
        """The answer to `call`: fresh, or stale with a refresh behind it, or asked, once for all who want it now.

        Raises:
            VendorError: there is none, and the vendor gave none.
        """
        question = Question(self._key(call), call, reads, ask, await self.keeper.marks(reads))
        if current_operation().bypasses_cache:
            return await self.asking.fetch_now(question)
        record = None if question.marks is None else await self.keeper.look(question.key, question.marks)
        if record is None:
            self._looked_up(CacheResult.MISS)
            return await self._shared(question)
        fresh_for = record.fresh_until - self.clock.now()
        if fresh_for > current_operation().min_freshness:
            self._looked_up(CacheResult.FRESH)
            return self.asking.remembered(record, call)
        self._looked_up(CacheResult.STALE)
        if current_operation().min_freshness:
            return await self._shared(question)
        return self.asking.remembered(record, call, self._refresh(question, record))

    async def written(self) -> None:
        """Something was written, or may have been: nobody joins a call that began before, or is shown what was."""
        self._writes += 1
        await self.keeper.written()

    async def invalidate_after_ambiguous_write(self) -> None:
        """As `written`, and once more later: nobody knows whether it was written, or will be."""
        await self.written()
        self._doubt.begin()

    async def forget(self) -> None:
        """Let everything be asked anew."""
        self._writes += 1
        await self.keeper.forget()

    async def close(self) -> None:
        """End what is under way behind."""
        await self._doubt.close()
        await self.flights.close()

    async def _shared(self, question: Question) -> CacheableAnswer:
        try:
            return await self.flights.join(self._flight(question), partial(self._asked, question))
        except WaitedTooLongError:
            account, operation = self.keeper.account, question.call.operation
            message = f"{account} gave no complete answer before the time was up ({operation})"
        raise VendorTimeoutError(message, account=account, operation=operation)

    def _refresh(self, question: Question, record: Record) -> VendorError | None:
        """Ask behind, unless that failed just now; gives why there is nothing newer than `record`, as far as known."""
        failure = self._failures.get(question.key)
        if failure is None or self.clock.monotonic() >= failure.again_at:
            self.flights.start_in_background(
                self._flight(question), partial(self._refreshed, question), self.background_seconds
            )
        if failure is not None and failure.at >= record.at:
            return failure.error.copy()
        if self.health.circuit is CircuitState.OPEN and self.health.last_error is not None:
            return self.health.last_error.copy()
        return None

    async def _asked(self, question: Question) -> CacheableAnswer:
        told = await self.asking.fetch_shared(question)
        self._failures.pop(question.key)
        return told

    async def _refreshed(self, question: Question) -> CacheableAnswer:
        try:
            return await self._asked(question)
        except VendorError as error:
            pause = min(max(error.retry_after or 0.0, PAUSE_SECONDS), MAX_PAUSE_SECONDS)
            failure = _Failure(error, self.clock.now(), self.clock.monotonic() + pause)
            self._failures.put(question.key, failure)
            raise

    def _flight(self, question: Question) -> Hashable:
        marks = None if question.marks is None else tuple(sorted(question.marks.items()))
        return question.key, marks, self._writes

    def _key(self, call: Call) -> str:
        """Names the question. A digest, because the question may hold what no key of a store may show."""
        # The json module, because orjson refuses what only the request itself must not hold.
        query = call.query if call.cache_name is None else call.cache_name
        words = json.dumps([self.origin, call.method, call.path, query, call.json, call.form])
        digest = blake2b(words.encode(), digest_size=_DIGEST_BYTES).hexdigest()
        return f"answer:{self.keeper.account}:{digest}"

    def _looked_up(self, result: CacheResult) -> None:
        self.observer.looked_up("answers", self.keeper.account, result)
        counts = current_operation().record
        if counts is None:
            return
        match result:
            case CacheResult.FRESH:
                counts.fresh += 1
            case CacheResult.STALE:
                counts.stale += 1
            case CacheResult.MISS:
                counts.misses += 1
