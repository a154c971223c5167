"""Who asks: every request says so with a bearer token, or is turned away before anything else looks at it."""

import re
from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from linkweave.edge.auth.callers import NOBODY, Caller, note_caller
from linkweave.edge.auth.jwt_tokens import NotAcceptedError
from linkweave.edge.graphiql import asks_for_page
from linkweave.edge.http.rejections import RefusedError
from linkweave.edge.pipeline import Layer
from linkweave.errors import ErrorCode

# The caller whose token it is; None where it is nobody's.
Identify: TypeAlias = Callable[[bytes], Awaitable[Caller | None]]

# RFC 6750 calls it b64token; it is longer here than any that is meant.
_TOKEN: Final = re.compile(rb"[A-Za-z0-9._~+/-]{1,8192}={0,2}")
_CHALLENGE: Final = 'Bearer realm="linkweave"'
_NOT_GOOD: Final = "invalid_token"
_HOW: Final = "send the header Authorization: Bearer, followed by your token"


def authenticated(identify: Identify) -> Layer:
    """A layer that lets those through whom `identify` knows, and a browser that only opens GraphiQL's page."""

    async def find(scope: Scope) -> Caller:
        token = _bearer_token(scope)
        if token is None:
            if asks_for_page(Request(scope)):
                return NOBODY
            raise _unauthenticated(f"This gateway must know who asks: {_HOW}.")
        try:
            caller = await identify(token)
        except NotAcceptedError as error:
            raise _unauthenticated(f"This token is not accepted: {error}.", _NOT_GOOD) from None
        if caller is None:
            raise _unauthenticated("This token is not known here.", _NOT_GOOD)
        return caller

    return lambda app: _Authentication(app, find)


def trusting(caller: Caller) -> Layer:
    """A layer that takes everybody for `caller` and looks at no token."""

    async def find(_: Scope) -> Caller:
        return caller

    return lambda app: _Authentication(app, find)


class _Authentication:
    def __init__(self, app: ASGIApp, find: Callable[[Scope], Awaitable[Caller]]) -> None:
        self._app = app
        self._find = find

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            try:
                note_caller(scope, await self._find(scope))
            except RefusedError as refused:
                await refused.answer_to(scope)(scope, receive, send)
                return
        await self._app(scope, receive, send)


def _bearer_token(scope: Scope) -> bytes | None:
    """The token of a request; None where it has none.

    Raises:
        RefusedError: what it has is no bearer token.
    """
    given: list[bytes] = [value for name, value in scope["headers"] if name == b"authorization"]
    if not given:
        return None
    scheme, _, token = given[0].partition(b" ")
    if scheme.lower() != b"bearer":
        raise _unauthenticated(f"Only bearer tokens are taken: {_HOW}.")
    token = token.strip()
    if len(given) > 1 or not _TOKEN.fullmatch(token):
        message = f"The header Authorization is malformed: {_HOW}, once, in the letters of RFC 6750."
        raise RefusedError(400, ErrorCode.INVALID_INPUT, message, _challenge("invalid_request"))
    return token


def _unauthenticated(message: str, problem: str | None = None) -> RefusedError:
    return RefusedError(401, ErrorCode.UNAUTHENTICATED, message, _challenge(problem))


def _challenge(problem: str | None) -> dict[str, str]:
    return {"www-authenticate": _CHALLENGE if problem is None else f'{_CHALLENGE}, error="{problem}"'}
