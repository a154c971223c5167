"""Fetches an answer for all workers: one worker makes the call and stores the answer, the others wait for it."""

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
from linkweave.transport.cache.record import CacheRecord, decode_not_found, decode_record, encode_not_found
from linkweave.transport.cache.record_store import MAX_RECORD_BYTES, RecordStore
from linkweave.transport.call import Call
from linkweave.transport.lifetimes import Resource

# Maximum seconds of a lease for a call without a deadline.
MAX_LEASE_SECONDS: Final = 30.0

Fetch: TypeAlias = Callable[[], Coroutine[Any, Any, FetchedAnswer]]


@dataclass(frozen=True, slots=True)
class FetchRequest:
    """A call that reads, the key of its record, and the version tags under which `fetch` makes it."""

    key: str
    call: Call
    reads: Resource
    fetch: Fetch
    tags: VersionTags | None

    @property
    def lease_key(self) -> str:
        """The key of its lease. It has the tags, so that a call after a write does not wait for one before it."""
        return f"{self.key}:{','.join(sorted((self.tags or {}).values()))}"


@dataclass(frozen=True, slots=True)
class SharedFetch:
    """Fetches the answers of one account's vendor, and stores them."""

    records: RecordStore
    leases: Leases
    clock: Clock

    async def fetch_shared(self, request: FetchRequest) -> CacheableAnswer:
        """Fetches the answer, or waits for the worker that fetches it, and shares its answer or its failure.

        Raises:
            VendorError: the vendor gave no answer, or none in time.
        """
        if request.tags is None:
            return await self.fetch_now(request)
        left = remaining_seconds(self.clock)
        try:
            async with asyncio.timeout(left) as limit:
                return await self._fetch_or_wait(request, MAX_LEASE_SECONDS if left is None else left)
        except TimeoutError:
            if not limit.expired():
                raise
        account, operation = self.records.account, request.call.operation
        message = f"{account} gave no complete answer in time ({operation})"
        raise VendorTimeoutError(message, account=account, operation=operation)

    async def fetch_now(self, request: FetchRequest) -> CacheableAnswer:
        """Fetches the answer, whether or not another worker does, and stores it.

        Raises:
            VendorError: the vendor gave no answer.
        """
        return (await self._fetch_and_store(request))[0]

    def answer_from(self, record: CacheRecord, call: Call, stale_because: VendorError | None = None) -> CacheableAnswer:
        """Returns the answer to `call` that `record` holds."""
        fresh_until = record.fresh_until if record.fresh_until > record.at else None
        if record.not_found is not None:
            error = decode_not_found(record.not_found, self.records.account, call.operation)
            return NotFoundAnswer(error, record.at, fresh_until)
        return FetchedAnswer(record.content, record.at, fresh_until, stale_because)

    async def _fetch_or_wait(self, request: FetchRequest, seconds: float) -> CacheableAnswer:
        while True:
            lease = await self.leases.acquire(request.lease_key, seconds)
            if isinstance(lease, Acquired):
                return await self._fetch_holding(request, lease.token)
            outcome = await self.leases.wait_for_outcome(request.lease_key, lease.token)
            if isinstance(outcome, Completed) and (record := decode_record(outcome.value)) is not None:
                return self.answer_from(record, request.call)
            if isinstance(outcome, Failed):
                self._raise_shared_failure(decode_error(outcome.error, self.records.account, request.call.operation))

    def _raise_shared_failure(self, error: VendorError | None) -> None:
        # A call that could not leave in time for its own waiter may leave in time for this one.
        if error is not None and not (isinstance(error, LocalRateLimitError) and max_wait_seconds(self.clock) != 0):
            raise error

    async def _fetch_holding(self, request: FetchRequest, token: str) -> CacheableAnswer:
        """Fetches the answer under the lease `token`, and ends the lease."""
        try:
            stored = await self._stored_meanwhile(request)
            answer, raw = (stored, None) if stored is not None else await self._fetch_and_store(request)
        except VendorError as error:
            await self._end_failed(request, token, error)
            raise
        except BaseException:
            # Also when it is cancelled: another waiter takes over.
            await asyncio.shield(self.leases.release(request.lease_key, token))
            raise
        if raw is None or len(raw) > MAX_RECORD_BYTES:
            await self.leases.release(request.lease_key, token)
        else:
            await self.leases.complete(request.lease_key, token, raw, 0)
        return answer

    async def _end_failed(self, request: FetchRequest, token: str, error: VendorError) -> None:
        encoded = encode_error(error)
        if encoded is None:
            await self.leases.release(request.lease_key, token)
        else:
            await self.leases.fail(request.lease_key, token, encoded)

    async def _stored_meanwhile(self, request: FetchRequest) -> CacheableAnswer | None:
        """Returns what another worker stored between the look-up of this request and its lease."""
        record = None if request.tags is None else await self.records.get(request.key, request.tags)
        if record is None or record.fresh_until - self.clock.now() <= current_operation().min_freshness:
            return None
        return self.answer_from(record, request.call)

    async def _fetch_and_store(self, request: FetchRequest) -> tuple[CacheableAnswer, bytes | None]:
        """Returns the vendor's answer and its encoded record, which is stored if it may be."""
        tags = request.tags or {}
        try:
            fetched = await request.fetch()
        except NotFoundError as error:
            now = self.clock.now()
            record = CacheRecord(now, *self.records.not_found_expiry(now), tags, not_found=encode_not_found(error))
            answer: CacheableAnswer = NotFoundAnswer(error, now)
        else:
            answer = fetched
            record = CacheRecord(fetched.at, *self._expiry(request, fetched), tags, fetched.content)
        raw = record.encode()
        # An answer that is out of date already must not replace a newer one.
        is_current = request.tags is not None and await self.records.current_tags(request.reads) == request.tags
        is_stored = is_current and await self.records.put(request.key, raw, record)
        if is_stored and raw is not None:
            self.records.decoded.keep(request.key, raw, record)
        return replace(answer, fresh_until=record.fresh_until if is_stored else None), raw

    def _expiry(self, request: FetchRequest, fetched: FetchedAnswer) -> tuple[datetime, datetime]:
        found = request.call.found
        if found is None or found(fetched.data):
            return self.records.expiry(request.reads, fetched.at)
        return self.records.not_found_expiry(fetched.at)
