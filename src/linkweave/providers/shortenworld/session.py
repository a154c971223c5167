"""One account's session: one login for all calls, renewed before its token ends, revoked when the gateway stops.

The vendor locks accounts after failed logins (DOC: 403 and 429). So a refused login is not tried again for a while, and
a refused token is exchanged by the refresh token before the session logs in.
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
from linkweave.providers.shortenworld.calls import make_call
from linkweave.providers.shortenworld.inferred import LOG_IN, REFRESH, REVOKE
from linkweave.providers.shortenworld.refusals import classify
from linkweave.providers.shortenworld.tokens import Tokens, tokens_from
from linkweave.providers.shortenworld.wire import TokenReply
from linkweave.transport.call import Answer, Call, Send
from linkweave.transport.refusal import Refusal
from linkweave.transport.retry.retry_after import read_retry_after

RETRY_LOGIN_SECONDS: Final = 60.0
"""Seconds after which a refused login may be tried again."""
MAX_LOGIN_SECONDS: Final = 30.0
"""Maximum duration of a login or a refresh."""
MAX_REVOKE_SECONDS: Final = 3.0
"""Maximum duration of the revocation at the end."""

_OK: Final = range(200, 300)
_SERVER_ERROR: Final = 500

# The vendor's words are not shown here: they are about credentials and may repeat them.
_WORDS: Final[Mapping[type[VendorError], str]] = MappingProxyType(
    {
        UnauthenticatedError: "does not accept the username and API key",
        ForbiddenError: "says that the account is locked or may not log in",
        RateLimitedError: "says that too many logins have failed",
    },
)

# A broken login is no refused one: the vendor counts no failure, so the next call may try again.
_BROKEN: Final = (UnavailableError, BadResponseError)


class Session:
    """Credentials that are a token, which a user name and a key get."""

    def __init__(self, account: str, username: str, api_key: SecretStr, clock: Clock) -> None:
        self._account = account
        self._username = username
        self._api_key = api_key
        self._clock = clock
        self._tokens: Tokens | None = None
        self._login: asyncio.Task[Tokens | VendorError] | None = None
        self._refusal: VendorError | None = None
        self._refused_until = float("-inf")
        self._repeated_login_at = float("-inf")

    async def sign(self, call: Call, send: Send) -> Call:
        """Adds the bearer token; logs in or refreshes first where that is due.

        Raises:
            VendorError: there is no token: the login failed, now or within the last minute.
        """
        tokens = await self._usable(send)
        return replace(call, headers=(*call.headers, tokens.header))

    async def renew(self, signed: Call, send: Send) -> bool:
        """Gets another token after that of `signed` was refused, unless another call got one already.

        Raises:
            VendorError: as `sign`.
        """
        if self._tokens is not None and self._tokens.header in signed.headers:
            self._tokens = replace(self._tokens, refused=True)
        await self._usable(send)
        return True

    async def close(self, send: Send) -> None:
        """Revokes the token, if that takes at most three seconds. Never raises."""
        # The gateway stops, whatever the vendor answers.
        with suppress(Exception):
            async with asyncio.timeout(MAX_REVOKE_SECONDS):
                if self._login is not None:
                    await asyncio.wait({self._login})
                tokens, self._tokens = self._tokens, None
                if tokens is not None:
                    bare = make_call(REVOKE, signed=False)
                    await send(replace(bare, headers=(*bare.headers, tokens.header)))
        if self._login is not None:
            self._login.cancel()

    async def _usable(self, send: Send) -> Tokens:
        """The current tokens, or those of one login or refresh for all waiting calls."""
        if self._tokens is not None and self._tokens.fresh(self._clock.monotonic()):
            return self._tokens
        if self._login is None or self._login.done():
            self._raise_remembered()
            # A task with a context of its own: the cancellation and the deadline of the first call are not those of the
            # other waiting calls.
            self._login = asyncio.create_task(self._get_tokens(send), context=Context())
        login = self._login
        await asyncio.wait({login}, timeout=remaining_seconds(self._clock))
        if not login.done():
            raise self._error(VendorTimeoutError, "gave no token in time", LOG_IN.operation)
        outcome = login.result()
        if isinstance(outcome, VendorError):
            raise _copy(outcome, outcome.retry_after)
        return outcome

    async def _get_tokens(self, send: Send) -> Tokens | VendorError:
        """Refreshes, else logs in. A failure is returned: each waiting call raises a copy of its own."""
        old = self._tokens
        try:
            with use_deadline(MAX_LOGIN_SECONDS, self._clock):
                self._tokens = await self._refresh(old, send) or await self._log_in(old, send)
        except VendorError as error:
            return self._old_tokens_or(error, old)
        return self._tokens

    async def _refresh(self, old: Tokens | None, send: Send) -> Tokens | None:
        """New tokens for old ones; None where only a login can help."""
        if old is None or not old.refreshable(self._clock.monotonic()):
            return None
        call = make_call(REFRESH, json={"refreshToken": old.refresh}, signed=False)
        answer = await send(call)
        try:
            return self._read(answer, call)
        except RateLimitedError as error:
            # "Login too many failed": a login could be one more failure.
            self._remember(error)
            raise
        except VendorError:
            self._tokens = None
            return None

    async def _log_in(self, old: Tokens | None, send: Send) -> Tokens:
        if old is not None and old.refused:
            self._admit_repeated_login()
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

    def _admit_repeated_login(self) -> None:
        """Allows one login a minute because of a refused token; without a pause there would be no end of logins.

        Raises:
            UnauthenticatedError: the token of such a login is refused again within the minute.
        """
        now = self._clock.monotonic()
        if now < self._repeated_login_at + RETRY_LOGIN_SECONDS:
            error = self._error(UnauthenticatedError, "refuses the token that it has just given", LOG_IN.operation)
            self._remember(error)
            raise error
        self._repeated_login_at = now

    def _read(self, answer: Answer, call: Call) -> Tokens:
        if answer.refusal is not None and answer.refusal.unseen:
            raise self._error(answer.refusal.kind, answer.refusal.message, call.operation)
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
            # An undocumented number refuses the login all the same.
            kind = UnauthenticatedError
        words = _WORDS.get(kind, f"answered HTTP {answer.status}")
        wait = read_retry_after(answer, self._clock.now())
        return self._error(kind, words, call.operation, provider_code=refusal.provider_code, wait=wait)

    def _old_tokens_or(self, error: VendorError, old: Tokens | None) -> Tokens | VendorError:
        """The old tokens, where they are good for some time: renewing begins ahead of their end. Else `error`."""
        if old is None or not old.alive(self._clock.monotonic()):
            return error
        self._tokens = replace(old, refresh_at=old.expires_at)
        return self._tokens

    def _remember(self, error: VendorError) -> None:
        self._refusal = error
        self._refused_until = self._clock.monotonic() + max(RETRY_LOGIN_SECONDS, error.retry_after or 0)

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
    """A new instance: one exception raised in many tasks would collect the tracebacks of all of them."""
    return type(error)(
        error.message,
        account=error.account,
        operation=error.operation,
        provider_code=error.provider_code,
        retry_after=wait,
    )
