"""uvicorn's connections, with an end for each thing that somebody at the other end could leave undone for ever.

uvicorn itself ends what is idle between two requests, and nothing else. Bodies that an app reads are the app's, see
slow_senders.py.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, cast

from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from linkweave.edge.http.request_state import BODY_COMPLETE
from linkweave.server.request_parser import RequestParser

_TOO_LATE: Final = (b"408 Request Timeout", b"The request's headers were not sent in time.")
_TOO_LARGE: Final = (b"431 Request Header Fields Too Large", b"The request's address and headers are too large.")

# What each piece of a body may have beside it: a chunk's size, in clients that send byte by byte.
_CHUNK_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """What a connection may take.

    Address and headers have at most `head_bytes`, in `head_lines` headers, and are complete `head_seconds` after the
    connection or their first byte. Of what comes with a body and is none (extensions of chunks, trailers, which nobody
    reads) there are at most `head_bytes`. What comes of a body after its request was answered is thrown away, for
    `rest_seconds`. An answer of which nothing is taken for `stalled_seconds` is given up.
    """

    head_seconds: float = 10
    head_bytes: int = 65_536
    head_lines: int = 100
    rest_seconds: float = 2
    stalled_seconds: float = 30


class BoundedConnection(HttpToolsProtocol):
    """One connection."""

    def __init__(self, *args: Any, limits: ConnectionLimits, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._limits = limits
        self._requests = RequestParser(self)
        self.parser = self._requests  # type: ignore[assignment] # uvicorn calls no more of it than there is
        self._in_head = True
        self._head_bytes = 0
        self._beside_body_bytes = 0
        # For what is to come: a head, or the rest of a body that nobody reads any more.
        self._late: asyncio.TimerHandle | None = None
        self._ends = False
        self._stalled: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for a head."""
        super().connection_made(transport)
        self._way_back = _WayBack(transport, self.end)
        self._expect(self._limits.head_seconds, self._head_is_late)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing."""
        self._expect_nothing()
        self.resume_writing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, but not what belongs to too long a head."""
        if self._in_head:
            self._head_bytes += len(data)
            if self._late is None:
                self._expect(self._limits.head_seconds, self._head_is_late)
        else:
            self._beside_body_bytes += len(data)
        super().data_received(data)
        if (self._head_bytes if self._in_head else self._beside_body_bytes) > self._limits.head_bytes:
            self._refuse(*_TOO_LARGE)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header, and no trailer: what comes after a body was seen by no proxy that looks at headers."""
        if self._in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Start the app, or one that says that the head is too large."""
        self._in_head, self._beside_body_bytes = False, 0
        self._expect_nothing()
        size = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        if size > self._limits.head_bytes or len(self.headers) > self._limits.head_lines:
            self.app = _head_too_large
        if not self.transport.is_closing():
            super().on_headers_complete()
            self.cycle.transport = self._way_back

    def on_body(self, body: bytes) -> None:
        """Hand a piece of the body on."""
        self._beside_body_bytes = max(0, self._beside_body_bytes - len(body) - _CHUNK_BYTES)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Be ready for the next head, and let the app know that it need not wait for this body."""
        if self._requests.awaits_body():
            return
        self.scope["state"][BODY_COMPLETE] = True
        super().on_message_complete()
        self._in_head, self._head_bytes = True, 0
        self._expect_nothing()
        if self._ends:
            self.transport.close()
        elif self.cycle.response_complete and not self.transport.is_closing():
            # uvicorn's own timer was stopped by the body that came after the answer.
            self._expect(self._limits.head_seconds, self._head_is_late)

    def on_response_complete(self) -> None:
        """Let whoever still sends read the answer, for a while."""
        super().on_response_complete()
        if not self._in_head and self.cycle.response_complete and not self.transport.is_closing():
            self._expect(self._limits.rest_seconds, self.transport.close)

    def end(self) -> None:
        """Close the connection, but wait for the rest of a body: who sends it would lose the answer otherwise."""
        if self._in_head:
            self.transport.close()
        else:
            self._ends = True
            self._expect(self._limits.rest_seconds, self.transport.close)

    def pause_writing(self) -> None:
        """See to it that the other end takes something."""
        super().pause_writing()
        self._watch_stall(self.transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        """It has taken nearly all."""
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None
        super().resume_writing()

    def _expect(self, seconds: float, otherwise: Callable[[], None]) -> None:
        self._expect_nothing()
        self._late = self.loop.call_later(seconds, otherwise)

    def _expect_nothing(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _head_is_late(self) -> None:
        self._late = None
        if self._answers():
            # The head is that of the next request, and waits for the answer to the one before.
            self._expect(self._limits.head_seconds, self._head_is_late)
        elif self._head_bytes:
            self._refuse(*_TOO_LATE)
        else:
            self.transport.close()

    def _watch_stall(self, left: int) -> None:
        self._stalled = self.loop.call_later(self._limits.stalled_seconds, self._still_stalls, left)

    def _still_stalls(self, left: int) -> None:
        left_now = self.transport.get_write_buffer_size()
        if left_now < left:
            self._watch_stall(left_now)
        else:
            self.transport.abort()

    def _answers(self) -> bool:
        cycle = cast("RequestResponseCycle | None", self.cycle)
        return cycle is not None and not cycle.response_complete

    def _refuse(self, status: bytes, message: bytes) -> None:
        """Answer without an app, unless the connection is ending already or another answer is on its way."""
        if self._answers():
            self.transport.close()
        elif not self.transport.is_closing():
            length = str(len(message)).encode()
            lines = (b"HTTP/1.1 " + status, b"content-type: text/plain; charset=utf-8", b"content-length: " + length)
            self.transport.write(b"\r\n".join((*lines, b"connection: close", b"", message)))
            self.transport.close()


class _WayBack(asyncio.Transport):
    """What answers are written to. Whoever has written the last one has the connection closed by `end`."""

    def __init__(self, transport: asyncio.Transport, end: Callable[[], None]) -> None:
        super().__init__()
        self.write = transport.write  # type: ignore[method-assign] # one call less for each piece
        self.is_closing = transport.is_closing  # type: ignore[method-assign]
        self.get_extra_info = transport.get_extra_info  # type: ignore[method-assign]
        self.close = end  # type: ignore[method-assign]


async def _head_too_large(_scope: Scope, _receive: Receive, send: Send) -> None:
    status, message = _TOO_LARGE
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": int(status[:3]), "headers": headers})
    await send({"type": "http.response.body", "body": message})
