"""One account's session: one login for all who ask, renewed before it ends, given back at the end.

The vendor locks accounts after failed logins (DOC: 403 and 429), so a login that was refused is not tried again
for a while, and a token that is refused is exchanged with the refresh token before anybody logs in.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from contextvars import Context
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from pydantic import SecretStr, ValidationError

from linkweave.clock import Clock
from linkweave.context.deadline import remaining_seconds, use_deadline
from linkweave.errors import (
    BadResponseError,
    ForbiddenError,
    RateLimitedError,
    RejectedError,
    UnauthenticatedError,
    UnavailableError,
    VendorError,
    VendorTimeoutError,
)
from linkweave.providers.shortenworld.calls import call as make_call
from linkweave.providers.shortenworld.inferred import LOG_IN, REFRESH, REVOKE
from linkweave.providers.shortenworld.refusals import classify
from linkweave.providers.shortenworld.tokens import Tokens, tokens_from
from linkweave.providers.shortenworld.wire import TokenReply
from linkweave.transport.call import Answer, Call, Send
from linkweave.transport.refusal import Refusal
from linkweave.transport.retry.retry_after import read_retry_after

REMEMBER_SECONDS: Final = 60.0
OBTAIN_SECONDS: Final = 30.0
CLOSE_SECONDS: Final = 3.0

_OK = range(200, 300)
_SERVER_ERROR: Final = 500

# The vendor's own words are left out here: they are about credentials and may repeat them.
_WORDS: Final[Mapping[type[VendorError], str]] = MappingProxyType(
    {
        UnauthenticatedError: "does not accept the username and API key",
        ForbiddenError: "says that the account is locked or may not log in",
        RateLimitedError: "says that too many logins have failed",
    },
)

# Broken rather than refused: no login has failed in the vendor's eyes, so the next call may try again.
_BROKEN = (UnavailableError, BadResponseError)


class Session:
    """Credentials that are a token got with a username and a key."""

    def __init__(self, account: str, username: str, api_key: SecretStr, clock: Clock) -> None:
        self._account = account
        self._username = username
        self._api_key = api_key
        self._clock = clock
        self._tokens: Tokens | None = None
        self._under_way: asyncio.Task[Tokens | VendorError] | None = None
        self._refusal: VendorError | None = None
        self._refused_until = float("-inf")
        self._relogin_at = float("-inf")

    async def sign(self, call: Call, send: Send) -> Call:
        """Add the bearer token; log in or refresh first where that is due.

        Raises:
            VendorError: there is no token to be had: the login failed, now or within the last minute.
        """
        tokens = await self._usable(send)
        return replace(call, headers=(*call.headers, tokens.header))

    async def renew(self, signed: Call, send: Send) -> bool:
        """Get another token unless somebody has already, after the one on `signed` was refused.

        Raises:
            VendorError: as `sign`.
        """
        if self._tokens is not None and self._tokens.header in signed.headers:
            self._tokens = replace(self._tokens, refused=True)
        await self._usable(send)
        return True

    async def close(self, send: Send) -> None:
        """Revoke the token that is held, if that can be done in a few seconds. Never raises."""
        # At the end of the process nobody is left to tell, whatever happens here.
        with suppress(Exception):
            async with asyncio.timeout(CLOSE_SECONDS):
                if self._under_way is not None:
                    await asyncio.wait({self._under_way})
                tokens, self._tokens = self._tokens, None
                if tokens is not None:
                    bare = make_call(REVOKE, signed=False)
                    await send(replace(bare, headers=(*bare.headers, tokens.header)))
        if self._under_way is not None:
            self._under_way.cancel()

    async def _usable(self, send: Send) -> Tokens:
        """The current token, or what one attempt for everybody who waits brings."""
        if self._tokens is not None and self._tokens.fresh(self._clock.monotonic()):
            return self._tokens
        if self._under_way is None or self._under_way.done():
            self._raise_remembered()
            # A task of its own, in a context of its own: neither the cancellation nor the deadline of the one who
            # happened to ask first is anybody else's.
            self._under_way = asyncio.create_task(self._obtain(send), context=Context())
        under_way = self._under_way
        await asyncio.wait({under_way}, timeout=remaining_seconds(self._clock))
        if not under_way.done():
            raise self._error(VendorTimeoutError, "gave no token in time", LOG_IN.operation)
        outcome = under_way.result()
        if isinstance(outcome, VendorError):
            raise _copy(outcome, outcome.retry_after)
        return outcome

    async def _obtain(self, send: Send) -> Tokens | VendorError:
        """Refresh, else log in. A failure is returned: each who waits raises one of their own."""
        held = self._tokens
        try:
            with use_deadline(OBTAIN_SECONDS, self._clock):
                self._tokens = await self._refreshed(held, send) or await self._logged_in(held, send)
        except VendorError as error:
            return self._failed(held, error)
        return self._tokens

    async def _refreshed(self, held: Tokens | None, send: Send) -> Tokens | None:
        """New tokens for old; None where only a login can help."""
        if held is None or not held.refreshable(self._clock.monotonic()):
            return None
        call = make_call(REFRESH, json={"refreshToken": held.refresh}, signed=False)
        answer = await send(call)
        try:
            return self._read(answer, call)
        except RateLimitedError as error:
            # "Login too many failed": a login would be one more.
            self._remember(error)
            raise
        except VendorError:
            self._tokens = None
            return None

    async def _logged_in(self, held: Tokens | None, send: Send) -> Tokens:
        if held is not None and held.refused:
            self._log_in_again()
        credentials = {"username": self._username, "key": self._api_key.get_secret_value()}
        call = make_call(LOG_IN, json=credentials, signed=False)
        answer = await send(call)
        try:
            return self._read(answer, call)
        except _BROKEN:
            raise
        except VendorError as error:
            self._remember(error)
            raise

    def _log_in_again(self) -> None:
        """Allow one login because of a refused token; the next only after a while, or this could go on for ever."""
        now = self._clock.monotonic()
        if now < self._relogin_at + REMEMBER_SECONDS:
            error = self._error(UnauthenticatedError, "refuses the token that it has just given", LOG_IN.operation)
            self._remember(error)
            raise error
        self._relogin_at = now

    def _read(self, answer: Answer, call: Call) -> Tokens:
        refusal = classify(answer.status, answer.data)
        if refusal is not None:
            raise self._refused(refusal, answer, call)
        if answer.status not in _OK:
            kind = UnavailableError if answer.status >= _SERVER_ERROR else RejectedError
            raise self._error(kind, f"answered HTTP {answer.status}", call.operation)
        try:
            reply = TokenReply.model_validate(answer.data)
        except ValidationError:
            problem = "answered without a token in the documented shape"
            raise self._error(BadResponseError, problem, call.operation) from None
        return tokens_from(reply.token, self._clock.monotonic())

    def _refused(self, refusal: Refusal, answer: Answer, call: Call) -> VendorError:
        kind = refusal.kind
        if answer.status in _OK and kind not in _WORDS:
            # A login that is refused in a number which nobody has documented is refused all the same.
            kind = UnauthenticatedError
        words = _WORDS.get(kind, f"answered HTTP {answer.status}")
        wait = read_retry_after(answer, self._clock.now())
        return self._error(kind, words, call.operation, provider_code=refusal.provider_code, wait=wait)

    def _failed(self, held: Tokens | None, error: VendorError) -> Tokens | VendorError:
        if held is None or not held.alive(self._clock.monotonic()):
            return error
        # It was renewed ahead of time and is still good: use it to its end.
        self._tokens = replace(held, refresh_at=held.expires_at)
        return self._tokens

    def _remember(self, error: VendorError) -> None:
        self._refusal = error
        self._refused_until = self._clock.monotonic() + max(REMEMBER_SECONDS, error.retry_after or 0)

    def _raise_remembered(self) -> None:
        left = self._refused_until - self._clock.monotonic()
        if self._refusal is not None and left > 0:
            raise _copy(self._refusal, left)

    def _error(
        self,
        kind: type[VendorError],
        problem: str,
        operation: str,
        *,
        provider_code: str | None = None,
        wait: float | None = None,
    ) -> VendorError:
        return kind(
            f"{self._account} {problem} ({operation})",
            account=self._account,
            operation=operation,
            provider_code=provider_code,
            retry_after=wait,
        )


def _copy(error: VendorError, wait: float | None) -> VendorError:
    """A fresh instance: one exception raised in many tasks would collect the tracebacks of all of them."""
    return type(error)(
        error.message,
        account=error.account,
        operation=error.operation,
        provider_code=error.provider_code,
        retry_after=wait,
    )
