"""The layer that keeps senders from holding on to the gateway: by much, by little at a time, or by nothing at all.

It sees bodies only. What comes before them is the server's, see connections.py.
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
from linkweave.edge.http.content_negotiation import Wanted, wanted_by
from linkweave.edge.http.media_types import has_files
from linkweave.edge.http.responses import refusal
from linkweave.settings import ServerSettings

BODY_SECONDS: Final = 15
# Who sends files and manages less than this in that time is not slow but stuck, or wants to hold a place.
LEAST_FILE_BYTES: Final = 150_000


@dataclass(frozen=True, slots=True)
class BodyLimitMiddleware:
    """Lets `app` read a body as long as it keeps to its limits, and answers 408 or 413 when it does not.

    `app` must let BodyRefusedError through. Nothing is read before `app` does.
    """

    app: ASGIApp
    server: ServerSettings
    seconds: float = BODY_SECONDS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, self._guarded(scope, receive), watched)
        except BodyRefusedError as error:
            if started:
                raise
            await _answer(scope, receive, send, error)

    def _guarded(self, scope: Scope, receive: Receive) -> Receive:
        """What `app` reads.

        Raises:
            BodyTooLargeError: so it says itself.
        """
        files = has_files(scope)
        limit = self.server.max_upload_bytes if files else self.server.max_body_bytes
        if _announced(scope) > limit:
            raise BodyTooLargeError(limit)
        pace = MinimumRate(self.seconds, LEAST_FILE_BYTES) if files else MinimumRate(self.seconds)
        return with_timeout(with_size_limit(receive, limit), pace)


def _announced(scope: Scope) -> float:
    """How long the body will be by its header; 0 where it does not say so in figures."""
    length = Headers(scope=scope).get("content-length", "")
    return float(length) if length.isascii() and length.isdecimal() else 0.0


async def _answer(scope: Scope, receive: Receive, send: Send, error: BodyRefusedError) -> None:
    media_type = (wanted_by(scope) or Wanted()).media_type
    # Whoever is late is not waited for again. Whoever sends much reads the answer only if the connection stays open
    # for a while; the server ends it, see connections.py.
    headers = {"Connection": "close"} if isinstance(error, BodyTooSlowError) else None
    await refusal(error.status, str(error), media_type=media_type, headers=headers)(scope, receive, send)
