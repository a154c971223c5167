"""From a vendor's answer to checked JSON or to an error of ours."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

import orjson

from linkweave.clock import Clock
from linkweave.context.cache_control import forbid_storing, record_read
from linkweave.context.deadline import remaining_seconds
from linkweave.errors import (
    AmbiguousError,
    BadResponseError,
    CircuitOpenError,
    ConflictError,
    ForbiddenError,
    LocalRateLimitError,
    NotFoundError,
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
from linkweave.transport.retry.retry_after import retry_after

_SERVER_ERROR = 500
_OK = range(200, 300)
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
class NotJson:
    """A body that is no JSON, as text, for vendors that sometimes answer in plain words."""

    text: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A vendor's no, in our words: the kind of error, a message to show, the vendor's own code, the field at fault."""

    kind: type[VendorError]
    message: str
    provider_code: str | None = None
    field: str | None = None


# Reads a vendor's own way of saying no: (HTTP status, decoded body) → refusal, or None where it is a yes or
# where the HTTP status alone tells.
Classify: TypeAlias = Callable[[int, object], Refusal | None]


# Drops from a decoded answer what must not be seen by anybody, such as an echo of the request.
Drop: TypeAlias = Callable[[object], object]


def drop_nothing(data: object) -> object:
    """The whole answer, from vendors that echo nothing."""
    return data


@dataclass(frozen=True, slots=True)
class VendorClient:
    """All that an adapter needs to talk: calls in, JSON out, errors of ours raised, health kept."""

    transport: Transport
    account: str
    classify: Classify
    health: Health
    clock: Clock
    drop: Drop = drop_nothing
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
            raise told.error.again()
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
            self.health.failed(error)
            raise
        try:
            fetched = self._checked(call, answer)
        except _UNHEALTHY as error:
            self.health.failed(error)
            raise
        except VendorError:
            self.health.succeeded()
            raise
        self.health.succeeded()
        return fetched

    def _checked(self, call: Call, answer: Answer) -> FetchedAnswer:
        data = self.drop(decode(answer.body))
        refusal = self.classify(answer.status, data) or by_status(answer.status)
        if refusal is None and isinstance(data, NotJson):
            refusal = Refusal(BadResponseError, "answered something that is not JSON")
        if refusal is None:
            return FetchedAnswer(ParsedContent(data), answer.received_at)
        kind, message = refusal.kind, refusal.message
        if call.writes and kind in _UNCERTAIN:
            kind, message = AmbiguousError, f"{message}; the change may have been made all the same"
        raise kind(
            f"{self.account}: {message} ({call.operation})",
            account=self.account,
            operation=call.operation,
            provider_code=refusal.provider_code,
            retry_after=retry_after(answer, self.clock.now()),
            field=refusal.field,
        )


def decode(body: bytes) -> object:
    """The JSON in `body`, or NotJson."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return NotJson(body.decode("utf-8", "replace"))


def by_status(status: int) -> Refusal | None:
    """What an HTTP status alone says; None for a yes."""
    if status in _OK:
        return None
    if status >= _SERVER_ERROR:
        return Refusal(UnavailableError, f"answered HTTP {status}")
    kinds: dict[int, type[VendorError]] = {
        401: UnauthenticatedError,
        403: ForbiddenError,
        404: NotFoundError,
        409: ConflictError,
        429: RateLimitedError,
    }
    redirected = BadResponseError if status in range(300, 400) else RejectedError
    return Refusal(kinds.get(status, redirected), f"answered HTTP {status}")
