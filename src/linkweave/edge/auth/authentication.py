"""Authentication: a request with no valid bearer token is refused before any other layer sees it."""

import re
from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from linkweave.edge.auth.callers import PAGE_VISITOR, Caller, Identify, set_caller
from linkweave.edge.auth.jwt_tokens import TokenRejectedError
from linkweave.edge.graphiql import asks_for_page
from linkweave.edge.http.rejections import RequestRejectedError
from linkweave.edge.http.request_state import IDENTIFY, state_of
from linkweave.edge.pipeline import Middleware
from linkweave.errors import ErrorCode

# Returns the caller with that token; None if the token is unknown.
FindCaller: TypeAlias = Callable[[bytes], Awaitable[Caller | None]]

# RFC 6750 calls it b64token. No issuer's token is as long as this bound.
_TOKEN: Final = re.compile(rb"[A-Za-z0-9._~+/-]{1,8192}={0,2}")
_CHALLENGE: Final = 'Bearer realm="linkweave"'
_INVALID_TOKEN: Final = "invalid_token"  # noqa: S105 - an error code of RFC 6750
_HOW: Final = "send the header Authorization: Bearer, followed by your token"


def require_token(find_caller: FindCaller) -> Middleware:
    """Returns a layer that passes on requests with a known token, and browsers that only open GraphiQL's page."""

    async def identify(scope: Scope) -> Caller:
        token = _bearer_token(scope)
        if token is None:
            if asks_for_page(Request(scope)):
                return PAGE_VISITOR
            raise _unauthenticated(f"This gateway requires authentication: {_HOW}.")
        try:
            caller = await find_caller(token)
        except TokenRejectedError as error:
            raise _unauthenticated(f"This token is not accepted: {error}.", _INVALID_TOKEN) from None
        if caller is None:
            raise _unauthenticated("This token is unknown.", _INVALID_TOKEN)
        return caller

    return lambda app: _Authentication(app, identify)


def assume_caller(caller: Caller) -> Middleware:
    """Returns a layer that takes every request as one of `caller`, and reads no token."""

    async def identify(_: Scope) -> Caller:
        return caller

    return lambda app: _Authentication(app, identify)


class _Authentication:
    def __init__(self, app: ASGIApp, identify: Identify) -> None:
        self._app = app
        self._identify = identify

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            try:
                set_caller(scope, await self._identify(scope))
                state_of(scope)[IDENTIFY] = self._identify
            except RequestRejectedError as rejection:
                await rejection.response(scope)(scope, receive, send)
                return
        await self._app(scope, receive, send)


def _bearer_token(scope: Scope) -> bytes | None:
    """Returns the token of a request; None if there is no header for it.

    Raises:
        RequestRejectedError: the header is not a bearer token.
    """
    given: list[bytes] = [value for name, value in scope["headers"] if name == b"authorization"]
    if not given:
        return None
    scheme, _, token = given[0].partition(b" ")
    if scheme.lower() != b"bearer":
        raise _unauthenticated(f"Only bearer tokens are accepted: {_HOW}.")
    token = token.strip()
    if len(given) > 1 or not _TOKEN.fullmatch(token):
        message = f"The header Authorization is malformed: {_HOW}, once, in the characters of RFC 6750."
        raise RequestRejectedError(400, ErrorCode.INVALID_INPUT, message, _challenge("invalid_request"))
    return token


def _unauthenticated(message: str, problem: str | None = None) -> RequestRejectedError:
    return RequestRejectedError(401, ErrorCode.UNAUTHENTICATED, message, _challenge(problem))


def _challenge(problem: str | None) -> dict[str, str]:
    return {"www-authenticate": _CHALLENGE if problem is None else f'{_CHALLENGE}, error="{problem}"'}
