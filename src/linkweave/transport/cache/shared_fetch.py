"""Asking a vendor on behalf of all workers: one of them makes the call and keeps the answer, the others wait for it."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, TypeAlias

from linkweave.clock import Clock
from linkweave.context.deadline import max_wait_seconds, remaining_seconds
from linkweave.context.operation_context import current_operation
from linkweave.errors import LocalRateLimitError, NotFoundError, VendorError, VendorTimeoutError
from linkweave.storage.interfaces import Acquired, Completed, Failed, Leases, VersionTags
from linkweave.transport.cache.error_codec import decode_error, encode_error
from linkweave.transport.cache.fetched import CacheableAnswer, FetchedAnswer, NotFoundAnswer
from linkweave.transport.cache.record import Record, decode_record, missing_of, not_found
from linkweave.transport.cache.record_store import MAX_RECORD_BYTES, RecordStore
from linkweave.transport.call import Call
from linkweave.transport.lifetimes import Resource

# For so long at most a call without a deadline is another worker's to wait for.
LONGEST_SECONDS: Final = 30.0

Ask: TypeAlias = Callable[[], Coroutine[Any, Any, FetchedAnswer]]


@dataclass(frozen=True, slots=True)
class Question:
    """A call that reads, by its key, and the marks under which it is asked."""

    key: str
    call: Call
    reads: Resource
    ask: Ask
    marks: VersionTags | None

    @property
    def lease_key(self) -> str:
        """What names it for the workers: who asks after a write does not wait for who asked before."""
        return f"{self.key}:{','.join(sorted((self.marks or {}).values()))}"


@dataclass(frozen=True, slots=True)
class SharedFetch:
    """Asks one account's vendor and keeps what it tells."""

    keeper: RecordStore
    leases: Leases
    clock: Clock

    async def fetch_shared(self, question: Question) -> CacheableAnswer:
        """Ask, unless another worker does or has just done: then its answer is the answer, and its failure too.

        Raises:
            VendorError: the vendor gave no answer, or none in time.
        """
        if question.marks is None:
            return (await self._ask(question))[0]
        left = remaining_seconds(self.clock)
        try:
            async with asyncio.timeout(left) as limit:
                return await self._fetch_or_wait(question, LONGEST_SECONDS if left is None else left)
        except TimeoutError:
            if not limit.expired():
                raise
        account, operation = self.keeper.account, question.call.operation
        message = f"{account} gave no complete answer in time ({operation})"
        raise VendorTimeoutError(message, account=account, operation=operation)

    async def fetch_now(self, question: Question) -> CacheableAnswer:
        """Ask whatever others do, and keep the answer.

        Raises:
            VendorError: the vendor gave no answer.
        """
        return (await self._ask(question))[0]

    def remembered(self, record: Record, call: Call, stale_because: VendorError | None = None) -> CacheableAnswer:
        """What `record` tells those who ask `call`."""
        fresh_until = record.fresh_until if record.fresh_until > record.at else None
        if record.missing is not None:
            return NotFoundAnswer(
                not_found(record.missing, self.keeper.account, call.operation), record.at, fresh_until
            )
        return FetchedAnswer(record.content, record.at, fresh_until, stale_because)

    async def _fetch_or_wait(self, question: Question, seconds: float) -> CacheableAnswer:
        while True:
            lease = await self.leases.acquire(question.lease_key, seconds)
            if isinstance(lease, Acquired):
                return await self._fetch_holding(question, lease.token)
            outcome = await self.leases.wait_for_outcome(question.lease_key, lease.token)
            if isinstance(outcome, Completed) and (record := decode_record(outcome.value)) is not None:
                return self.remembered(record, question.call)
            if isinstance(outcome, Failed):
                self._raise_shared_failure(decode_error(outcome.error, self.keeper.account, question.call.operation))

    def _raise_shared_failure(self, error: VendorError | None) -> None:
        # A call that could not leave in time for another one may leave in time for this one.
        if error is not None and not (isinstance(error, LocalRateLimitError) and max_wait_seconds(self.clock) != 0):
            raise error

    async def _fetch_holding(self, question: Question, token: str) -> CacheableAnswer:
        """Ask, holding the claim, and tell those who wait for it."""
        try:
            known = await self._known_by_now(question)
            told, raw = (known, None) if known is not None else await self._ask(question)
        except VendorError as error:
            failure = encode_error(error)
            if failure is None:
                await self.leases.release(question.lease_key, token)
            else:
                await self.leases.fail(question.lease_key, token, failure)
            raise
        except BaseException:
            # Also cancelled: another one takes over.
            await asyncio.shield(self.leases.release(question.lease_key, token))
            raise
        if raw is None or len(raw) > MAX_RECORD_BYTES:
            await self.leases.release(question.lease_key, token)
        else:
            await self.leases.complete(question.lease_key, token, raw, 0)
        return told

    async def _known_by_now(self, question: Question) -> CacheableAnswer | None:
        """What another worker kept between the look into the cache and the claim."""
        record = None if question.marks is None else await self.keeper.look(question.key, question.marks)
        if record is None or record.fresh_until - self.clock.now() <= current_operation().min_freshness:
            return None
        return self.remembered(record, question.call)

    async def _ask(self, question: Question) -> tuple[CacheableAnswer, bytes | None]:
        """What the vendor tells, and the record of it; kept where it may be."""
        marks = question.marks or {}
        try:
            fetched = await question.ask()
        except NotFoundError as error:
            now = self.clock.now()
            until = self.keeper.until_found(now)
            record = Record(now, until, until, marks, missing=missing_of(error))
            told: CacheableAnswer = NotFoundAnswer(error, now)
        else:
            told = fetched
            record = Record(fetched.at, *self._until(question, fetched), marks, fetched.content)
        raw = record.encode()
        # What is out of date already must not take the place of what was asked since.
        current = question.marks is not None and await self.keeper.marks(question.reads) == question.marks
        kept = current and await self.keeper.put(question.key, raw, record)
        return replace(told, fresh_until=record.fresh_until if kept else None), raw

    def _until(self, question: Question, fetched: FetchedAnswer) -> tuple[datetime, datetime]:
        found = question.call.found
        if found is None or found(fetched.data):
            return self.keeper.until(question.reads, fetched.at)
        until = self.keeper.until_found(fetched.at)
        return until, until
