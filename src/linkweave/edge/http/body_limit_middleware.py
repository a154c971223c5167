"""The layer that bounds bodies: a sender cannot occupy the gateway with a large one, a slow one, or none at all.

What precedes a body is bounded by the server, in server/connections.py.
"""

from dataclasses import dataclass
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from linkweave.edge.http.body_limits import (
    BodyRefusedError,
    BodyTooLargeError,
    BodyTooSlowError,
    MinimumRate,
    with_size_limit,
    with_timeout,
)
from linkweave.edge.http.content_negotiation import negotiated_format
from linkweave.edge.http.media_types import is_form
from linkweave.edge.http.responses import error_response
from linkweave.settings import ServerSettings

BODY_SECONDS: Final = 15
# A sender of files that manages fewer bytes in BODY_SECONDS is not slow: it is stuck, or means to occupy the gateway.
MIN_FILE_BYTES: Final = 150_000


@dataclass(frozen=True, slots=True)
class BodyLimitMiddleware:
    """Lets `app` read a body within its limits, and answers 408 or 413 when the body exceeds them.

    `app` must not catch BodyRefusedError. Nothing is read before `app` reads it.
    """

    app: ASGIApp
    server: ServerSettings
    seconds: float = BODY_SECONDS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def send_noting_start(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, self._limited(scope, receive), send_noting_start)
        except BodyRefusedError as error:
            if started:
                raise
            await _answer(scope, receive, send, error)

    def _limited(self, scope: Scope, receive: Receive) -> Receive:
        """Returns the `receive` for `app`.

        Raises:
            BodyTooLargeError: the header Content-Length is over the limit.
        """
        form = is_form(scope)
        limit = self.server.max_upload_bytes if form else self.server.max_body_bytes
        if _announced_bytes(scope) > limit:
            raise BodyTooLargeError(limit)
        rate = MinimumRate(self.seconds, MIN_FILE_BYTES) if form else MinimumRate(self.seconds)
        return with_timeout(with_size_limit(receive, limit), rate)


def _announced_bytes(scope: Scope) -> float:
    """Returns the header Content-Length; 0 if it is not a decimal number."""
    length = Headers(scope=scope).get("content-length", "")
    return float(length) if length.isascii() and length.isdecimal() else 0.0


async def _answer(scope: Scope, receive: Receive, send: Send, error: BodyRefusedError) -> None:
    # A slow sender would be waited for again. A sender of much reads the answer only if the connection stays open for a
    # while; server/connections.py closes it.
    headers = {"Connection": "close"} if isinstance(error, BodyTooSlowError) else None
    media_type = negotiated_format(scope).media_type
    await error_response(error.status, str(error), media_type=media_type, headers=headers)(scope, receive, send)
