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
    MinimumRate,
    announced_bytes,
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
        if announced_bytes(Headers(scope=scope)) > limit:
            raise BodyTooLargeError(limit)
        rate = MinimumRate(self.seconds, MIN_FILE_BYTES) if form else MinimumRate(self.seconds)
        return with_timeout(with_size_limit(receive, limit), rate)


async def _answer(scope: Scope, receive: Receive, send: Send, error: BodyRefusedError) -> None:
    media_type = negotiated_format(scope).media_type
    response = error_response(error.status, str(error), code=error.code, media_type=media_type, headers=error.headers)
    await response(scope, receive, send)
