"""Makes an adapter's calls: returns decoded answers, raises the gateway's errors, and records the vendor's health."""

import asyncio
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from linkweave.clock import Clock
from linkweave.context.cache_alone import NotCachedError, is_cache_alone
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
from linkweave.observability import SecretMasks
from linkweave.transport.cache.answer_cache import AnswerCache
from linkweave.transport.cache.fetched import CacheableAnswer, FetchedAnswer, NotFoundAnswer
from linkweave.transport.cache.parsed_content import ParsedContent, Parser
from linkweave.transport.call import Call, Transport
from linkweave.transport.call_memo import fetch_once
from linkweave.transport.health import Health
from linkweave.transport.refusal import Refusal
from linkweave.transport.retry.retry_after import read_retry_after

# The errors after which it is not known whether a write was made.
_UNCERTAIN: Final = (BadResponseError, UnavailableError)
# The errors that concern the whole account, not one call.
_UNHEALTHY: Final = (
    AmbiguousError,
    BadResponseError,
    RateLimitedError,
    UnauthenticatedError,
    UnavailableError,
    VendorTimeoutError,
    QuotaExhaustedError,
)
# The refusals that end by themselves. Some vendors send Retry-After with all others, too (FOUND).
_PASSING: Final = (QuotaExhaustedError, RateLimitedError, UnavailableError)
# The errors of calls that were not sent, which say nothing about the vendor.
_NOT_SENT: Final = (LocalRateLimitError, CircuitOpenError, QuotaKnownExhaustedError, RejectedError)


@dataclass(frozen=True, slots=True)
class VendorClient:
    """The client of one account. `masks` are those of the account's secrets."""

    transport: Transport
    account: str
    health: Health
    clock: Clock
    cache: AnswerCache | None = None
    masks: SecretMasks = field(default_factory=SecretMasks, repr=False)

    async def fetch(self, call: Call, parser: Parser[Any] | None = None) -> FetchedAnswer:
        """Returns the answer to `call`, from the vendor or from the cache; within one operation it is made once.

        `parser` checks a good answer before it is stored. An answer on which it raises an error is a failure.

        Raises:
            VendorError: there is no good answer.
            NotCachedError: the cache does not have it, and no call may be made.
        """
        if call.writes:
            return await fetch_once(self.account, call, self._write)
        try:
            answer = await self._read_once(parser, call)
        except VendorError:
            forbid_storing()
            raise
        record_read(self.account, answer.at, answer.fresh_until, answer.stale_because)
        if isinstance(answer, NotFoundAnswer):
            raise answer.error.copy()
        return answer

    async def _read_once(self, parser: Parser[Any] | None, call: Call) -> CacheableAnswer:
        if not is_cache_alone():
            return await fetch_once(self.account, call, partial(self._read, parser))
        if self.cache is None or call.reads is None:
            raise NotCachedError
        # Not through the memo, which would hold the missing answer against a later call.
        return await self._read(parser, call)

    async def _read(self, parser: Parser[Any] | None, call: Call) -> CacheableAnswer:
        fetch = partial(self._fetch_and_parse, parser, call)
        if self.cache is not None and call.reads is not None:
            return await self.cache.get_or_fetch(call, call.reads, fetch)
        return await fetch()

    async def _fetch_and_parse(self, parser: Parser[Any] | None, call: Call) -> FetchedAnswer:
        fetched = await self._send(call)
        if parser is not None:
            fetched.parse(parser)
        return fetched

    async def _write(self, call: Call) -> FetchedAnswer:
        """Makes a write. Only after a certain refusal does the cache still have what the vendor has."""
        try:
            fetched = await self._send(call)
        except AmbiguousError:
            await self._invalidate(certain=False)
            raise
        except VendorError:
            raise
        except BaseException:
            await self._invalidate(certain=False)
            raise
        if call.wrote is None or call.wrote(fetched.data):
            await self._invalidate(certain=True)
        return fetched

    async def _invalidate(self, *, certain: bool) -> None:
        if self.cache is not None:
            await asyncio.shield(self.cache.invalidate() if certain else self.cache.invalidate_after_ambiguous_write())

    async def _send(self, call: Call) -> FetchedAnswer:
        if remaining_seconds(self.clock) == 0:
            message = f"{self.account} was not called, because the time was up ({call.operation})"
            raise VendorTimeoutError(message, account=self.account, operation=call.operation)
        try:
            answer = await self.transport.send(call)
        except _NOT_SENT:
            raise
        except VendorError as failure:
            self.health.record_failure(failure)
            raise
        if answer.refusal is None:
            self.health.record_success()
            return FetchedAnswer(ParsedContent(answer.data), answer.received_at, status=answer.status)
        wait = read_retry_after(answer, self.clock.now()) if answer.refused_as(*_PASSING) else None
        error = self.refusal_error(answer.refusal, call, wait)
        if isinstance(error, _UNHEALTHY):
            self.health.record_failure(error)
        else:
            self.health.record_success()
        raise error

    def refusal_error(self, refusal: Refusal, call: Call, retry_after: float | None = None) -> VendorError:
        """The error for a refusal: all words of vendors pass here, and may quote a secret of the account."""
        kind, message, code = refusal.kind, self.masks.text(refusal.message), refusal.provider_code
        if call.writes and kind in _UNCERTAIN and not refusal.unseen:
            kind, message = AmbiguousError, f"{message}; the change may have been made all the same"
        return kind(
            f"{self.account}: {message} ({call.operation})",
            account=self.account,
            operation=call.operation,
            provider_code=None if code is None else self.masks.text(code),
            retry_after=retry_after,
            field=refusal.field,
        )
