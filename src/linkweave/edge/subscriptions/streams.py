"""Streams: answers that go on after the layers have let their request through."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Final, Protocol

from starlette.responses import StreamingResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from linkweave.edge.http.disconnects import until_disconnect
from linkweave.edge.http.request_state import (
    ON_DISCONNECT,
    PARSED,
    STREAM,
    STREAM_END,
    OnDisconnect,
    request_id,
    state_of,
)
from linkweave.edge.subscriptions.open_streams import FAILED, Ending, OpenStreams, StreamEnd, StreamEndedError
from linkweave.errors import ErrorCode

_UNEXPECTED: Final = "unexpected error in the stream of request %s"
# It is told to nobody.
_CLIENT_GONE: Final = StreamEnd(1006, ErrorCode.UNAVAILABLE, "The client is gone.")

# Sends a piece of an answer.
SendText = Callable[[str], Awaitable[None]]


class StreamSource(Protocol):
    """What a stream sends after its beginning."""

    def send_all(self, ending: Ending, send: SendText) -> Awaitable[None]:
        """Sends all until there is no more.

        Raises:
            StreamEndedError: the gateway ends the stream, for which `ending` is one reason.
        """
        ...

    def last(self, end: StreamEnd | None) -> str:
        """Returns the last piece; `end` says why the gateway has ended the stream."""
        ...

    def close(self) -> None:
        """Ends the source."""
        ...


class Stream:
    """A stream of `client` that was begun. `on_end` is called when it ends, with whether it has failed."""

    __slots__ = ("_client", "_source", "_streams", "on_end")

    def __init__(self, streams: OpenStreams, client: str, source: StreamSource) -> None:
        self._streams = streams
        self._client = client
        self._source = source
        self.on_end: Callable[[bool], None] = _nothing

    async def run(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send all until the stream ends, or its client is gone."""
        end, failed, listening = None, True, None
        try:
            try:
                with self._streams.opened(self._client) as ending:
                    listening = _tell_disconnect(scope, receive, ending)
                    await self._source.send_all(ending, partial(_send_text, send))
            except StreamEndedError as error:
                end = error.end
            except Exception:
                logging.getLogger("linkweave").exception(_UNEXPECTED, request_id(scope))
                end = FAILED
            if end is not _CLIENT_GONE:
                state_of(scope)[STREAM_END] = end
                await send({"type": "http.response.body", "body": self._source.last(end).encode()})
            failed = end is FAILED
        finally:
            if listening is not None:
                listening.cancel()
            self._source.close()
            self.on_end(failed)


class StreamStart(StreamingResponse):
    """The beginning of a stream. `StreamLayer` goes on with it."""

    def __init__(self, stream: Stream, headers: Mapping[str, str], first: str) -> None:
        super().__init__((), headers=headers)
        self._stream = stream
        self._first = first

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - an app's signature
        """Send the headers and the first piece."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": self._first.encode(), "more_body": True})
        state_of(scope)[STREAM] = self._stream


class StreamLayer:
    """Goes on with the streams that `app` has begun, once the layers below have ended.

    Their frames and the parsed request would take 25 kB of each idle subscriber. MEASURED.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        await self._app(scope, receive, send)
        stream: Stream | None = scope.get("state", {}).pop(STREAM, None)
        if stream is not None:
            state_of(scope).pop(PARSED, None)
            await stream.run(scope, receive, send)


async def _send_text(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


def _tell_disconnect(scope: Scope, receive: Receive, ending: Ending) -> "asyncio.Future[None] | None":
    """Ends a stream when its client disconnects. Returns the task that waits for it, where the server does not tell."""

    def tell(_: object = None) -> None:
        if not ending.done():
            ending.set_result(_CLIENT_GONE)

    on_disconnect: OnDisconnect | None = state_of(scope).get(ON_DISCONNECT)
    if on_disconnect is not None:
        on_disconnect(tell)
        return None
    listening = asyncio.ensure_future(until_disconnect(receive))
    listening.add_done_callback(tell)
    return listening


def _nothing(_: bool) -> None:
    """Nobody wants to know of the end."""
