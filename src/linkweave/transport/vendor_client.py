"""From a vendor's answer to checked JSON or to an error of ours."""

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import Any

from linkweave.clock import Clock
from linkweave.context.cache_control import forbid_storing, record_read
from linkweave.context.deadline import remaining_seconds
from linkweave.errors import (
    AmbiguousError,
    BadResponseError,
    CircuitOpenError,
    LocalRateLimitError,
    QuotaExhaustedError,
    QuotaKnownExhaustedError,
    RateLimitedError,
    RejectedError,
    UnauthenticatedError,
    UnavailableError,
    VendorError,
    VendorTimeoutError,
)
from linkweave.transport.cache.answer_cache import AnswerCache
from linkweave.transport.cache.fetched import CacheableAnswer, FetchedAnswer, NotFoundAnswer
from linkweave.transport.cache.parsed_content import ParsedContent, Parser
from linkweave.transport.call import Answer, Call, Transport
from linkweave.transport.call_memo import fetch_once
from linkweave.transport.health import Health
from linkweave.transport.retry.retry_after import read_retry_after

# After these nobody can say whether a write happened.
_UNCERTAIN = (BadResponseError, UnavailableError)
_UNHEALTHY = (
    AmbiguousError,
    BadResponseError,
    RateLimitedError,
    UnauthenticatedError,
    UnavailableError,
    VendorTimeoutError,
    QuotaExhaustedError,
)


@dataclass(frozen=True, slots=True)
class VendorClient:
    """All that an adapter needs to talk: calls in, JSON out, errors of ours raised, health kept."""

    transport: Transport
    account: str
    health: Health
    clock: Clock
    cache: AnswerCache | None = None

    async def fetch(self, call: Call, reading: Parser[Any] | None = None) -> FetchedAnswer:
        """Ask and decode, or remember; within one operation, the same call is made once.

        `reading` reads a good answer before it is kept: an answer of which it raises is a failure.

        Raises:
            VendorError: anything but a good answer.
        """
        if call.writes:
            return await fetch_once(self.account, call, self._write)
        try:
            told = await fetch_once(self.account, call, partial(self._told, reading))
        except VendorError:
            forbid_storing()
            raise
        record_read(self.account, told.at, told.fresh_until, told.stale_because)
        if isinstance(told, NotFoundAnswer):
            raise told.error.copy()
        return told

    async def _told(self, reading: Parser[Any] | None, call: Call) -> CacheableAnswer:
        ask = partial(self._read, reading, call)
        if self.cache is not None and call.reads is not None:
            return await self.cache.get_or_fetch(call, call.reads, ask)
        return await ask()

    async def _read(self, reading: Parser[Any] | None, call: Call) -> FetchedAnswer:
        fetched = await self._ask(call)
        if reading is not None:
            fetched.read(reading)
        return fetched

    async def _write(self, call: Call) -> FetchedAnswer:
        try:
            fetched = await self._ask(call)
        except BaseException as error:
            refused = isinstance(error, VendorError) and not isinstance(error, AmbiguousError)
            await self._forget(certain=refused)
            raise
        await self._forget(certain=True)
        return fetched

    async def _forget(self, *, certain: bool) -> None:
        if self.cache is not None:
            # Also where the write was refused: a vendor may have done a part of it.
            await asyncio.shield(self.cache.written() if certain else self.cache.invalidate_after_ambiguous_write())

    async def _ask(self, call: Call) -> FetchedAnswer:
        if remaining_seconds(self.clock) == 0:
            message = f"{self.account} was not asked, because the time was up ({call.operation})"
            raise VendorTimeoutError(message, account=self.account, operation=call.operation)
        try:
            answer = await self.transport.send(call)
        except (LocalRateLimitError, CircuitOpenError, QuotaKnownExhaustedError, RejectedError):
            # Nothing was sent, so there is nothing to learn about the vendor.
            raise
        except VendorError as error:
            self.health.record_failure(error)
            raise
        try:
            fetched = self._checked(call, answer)
        except _UNHEALTHY as error:
            self.health.record_failure(error)
            raise
        except VendorError:
            self.health.record_success()
            raise
        self.health.record_success()
        return fetched

    def _checked(self, call: Call, answer: Answer) -> FetchedAnswer:
        refusal = answer.refusal
        if refusal is None:
            return FetchedAnswer(ParsedContent(answer.data), answer.received_at)
        kind, message = refusal.kind, refusal.message
        if call.writes and kind in _UNCERTAIN:
            kind, message = AmbiguousError, f"{message}; the change may have been made all the same"
        raise kind(
            f"{self.account}: {message} ({call.operation})",
            account=self.account,
            operation=call.operation,
            provider_code=refusal.provider_code,
            retry_after=read_retry_after(answer, self.clock.now()),
            field=refusal.field,
        )
