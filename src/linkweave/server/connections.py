"""uvicorn's connections, with a limit for everything that a client could leave undone for ever.

uvicorn itself closes a connection that is idle between two requests, and bounds nothing else. The bodies that an app
reads are bounded in edge/http/body_limit_middleware.py.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final, cast

from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from linkweave.edge.http.request_state import BODY_COMPLETE, ON_DISCONNECT
from linkweave.edge.http.responses import error_response
from linkweave.server.idle_parts import Gate, Pipeline
from linkweave.server.request_parser import RequestParser
from linkweave.server.stall_watch import StallWatch

_TOO_LATE: Final = (HTTPStatus.REQUEST_TIMEOUT, "The request's headers were not sent in time.")
_TOO_LARGE: Final = (HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "The request's address and headers are too large.")

# The size that precedes each chunk of a body, in clients that send byte by byte.
_CHUNK_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """What a client may make a connection hold, and for how many seconds.

    Address and headers have at most `head_bytes`, in `head_lines` headers. They are complete `head_seconds` after the
    connection opens or their first byte arrives. Extensions of chunks and trailers, which no layer reads, have at most
    `head_bytes` too. What arrives of a request after it was answered is dropped, for `rest_seconds`. A connection
    whose client takes nothing of an answer for `stalled_seconds` is aborted.
    """

    head_seconds: float = 10
    head_bytes: int = 65_536
    head_lines: int = 100
    rest_seconds: float = 2
    stalled_seconds: float = 30


class BoundedConnection(HttpToolsProtocol):
    """One connection, within its limits."""

    # With these, the dictionary of uvicorn's attributes stays below the size at which it doubles.
    __slots__ = (
        "_closes_after_body",
        "_framing_bytes",
        "_head_bytes",
        "_in_head",
        "_is_refused",
        "_limits",
        "_on_disconnect",
        "_requests",
        "_response_transport",
        "_stall_watch",
        "_timer",
        "becomes_websocket",
    )

    def __init__(self, *args: Any, limits: ConnectionLimits, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._limits = limits
        self._requests = RequestParser(self)
        self.parser = self._requests  # type: ignore[assignment] # uvicorn calls no more of it than there is
        self.becomes_websocket = False
        self._in_head = True
        self._head_bytes = 0
        self._framing_bytes = 0
        # Runs while a head is awaited, or the rest of a body that no layer reads any more.
        self._timer: asyncio.TimerHandle | None = None
        self._closes_after_body = False
        self._on_disconnect: Callable[[], None] | None = None
        self.pipeline: Any = Pipeline()
        self._is_refused = False
        self._stall_watch = StallWatch(self.loop, limits.stalled_seconds)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for a head."""
        super().connection_made(transport)
        self.flow._is_writable_event = _open_gate()  # type: ignore[assignment] # noqa: SLF001 - uvicorn calls no more of it than there is
        self._response_transport = _ResponseTransport(transport, self.close_after_body)
        self._start_timer(self._limits.head_seconds, self._head_is_late)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the timers, and tell a stream that its client is gone."""
        self._stop_timer()
        self.resume_writing()
        super().connection_lost(exc)
        if self._on_disconnect is not None:
            self._on_disconnect()

    def data_received(self, data: bytes) -> None:
        """Read `data`, and answer 431 once the head is too long. What follows a refusal is dropped."""
        if self._is_refused:
            return
        if self._in_head:
            self._head_bytes += len(data)
            if self._timer is None:
                self._start_timer(self._limits.head_seconds, self._head_is_late)
        else:
            self._framing_bytes += len(data)
        super().data_received(data)
        if (self._head_bytes if self._in_head else self._framing_bytes) > self._limits.head_bytes:
            self._refuse(*_TOO_LARGE)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header, but no trailer: proxies that check headers have not seen it."""
        if self._in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Start the app, or one that answers 431 if the head is too large."""
        self._in_head, self._framing_bytes = False, 0
        self._stop_timer()
        size = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        if size > self._limits.head_bytes or len(self.headers) > self._limits.head_lines:
            self.app = _head_too_large
            # uvicorn cannot read an address of over 64 KiB, and would answer 400 in text. FOUND in 0.50.
            self.url = b"/"
        elif self._asks_for_websocket():
            self.becomes_websocket = True
        if not self.transport.is_closing():
            self.scope["state"][ON_DISCONNECT] = self._tell_disconnect
            super().on_headers_complete()
            if not self.becomes_websocket:
                self.cycle.transport = self._response_transport

    def handle_websocket_upgrade(self) -> None:
        """Leave the connection to the protocol of WebSockets, which has its own limits."""
        self._stop_timer()
        self._unset_keepalive_if_required()
        super().handle_websocket_upgrade()

    def on_body(self, body: bytes) -> None:
        """Pass a piece of the body on."""
        self._framing_bytes = max(0, self._framing_bytes - len(body) - _CHUNK_BYTES)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Wait for the next head, and let the app know that the whole body has arrived."""
        if self._requests.awaits_body():
            return
        self.scope["state"][BODY_COMPLETE] = True
        super().on_message_complete()
        self._in_head, self._head_bytes = True, 0
        self._stop_timer()
        if self._closes_after_body:
            self.transport.close()
        elif self.cycle.response_complete and not self.transport.is_closing():
            # The body that arrived after the answer has stopped uvicorn's own timer.
            self._start_timer(self._limits.head_seconds, self._head_is_late)

    def on_response_complete(self) -> None:
        """Give a client that still sends its body some time to read the answer."""
        super().on_response_complete()
        if not self._in_head and self.cycle.response_complete and not self.transport.is_closing():
            self._start_timer(self._limits.rest_seconds, self.transport.close)

    def close_after_body(self) -> None:
        """Close the connection once the body has arrived: a client that still sends it would lose the answer."""
        if self._in_head:
            self.transport.close()
        else:
            self._closes_after_body = True
            self._start_timer(self._limits.rest_seconds, self.transport.close)

    def send_400_response(self, msg: str) -> None:
        """Refuse a request that is not HTTP/1."""
        self._refuse(HTTPStatus.BAD_REQUEST, msg)

    def pause_writing(self) -> None:
        """Watch whether the client takes anything of what waits for it."""
        super().pause_writing()
        self._stall_watch.start(self.transport)

    def resume_writing(self) -> None:
        """Stop watching: the client has taken nearly all."""
        self._stall_watch.stop()
        super().resume_writing()

    def _tell_disconnect(self, tell: Callable[[], None]) -> None:
        self._on_disconnect = tell
        if self.transport.is_closing():
            tell()

    def _start_timer(self, seconds: float, expire: Callable[[], None]) -> None:
        self._stop_timer()
        self._timer = self.loop.call_later(seconds, expire)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _head_is_late(self) -> None:
        self._timer = None
        if self._is_answering():
            # The head is that of the next request, which waits for the answer to the one before.
            self._start_timer(self._limits.head_seconds, self._head_is_late)
        elif self._head_bytes:
            self._refuse(*_TOO_LATE)
        else:
            self.transport.close()

    def _asks_for_websocket(self) -> bool:
        """Whether the request opens a WebSocket (RFC 6455, 4.1), and nothing else has to be answered before."""
        parser = self._requests
        opens = parser.get_method() == b"GET" and parser.get_http_version() == "1.1" and not parser.has_body()
        return opens and self._should_upgrade() and not self._is_answering()

    def _is_answering(self) -> bool:
        cycle = cast("RequestResponseCycle | None", self.cycle)
        return cycle is not None and not cycle.response_complete

    def _refuse(self, status: HTTPStatus, message: str) -> None:
        """Answer without an app, unless the connection closes already or another answer is being sent."""
        if self._is_answering():
            self.transport.close()
        elif not self.transport.is_closing():
            answer = _refusal(status, message)
            lines = [f"HTTP/1.1 {status} {status.phrase}".encode()]
            lines += [name + b": " + value for name, value in answer.raw_headers]
            self.transport.write(b"\r\n".join((*lines, b"", bytes(answer.body))))
            self._is_refused = True
            # A client that still sends would lose the answer if the connection were closed at once (RFC 9112, 9.6).
            if self.transport.can_write_eof():
                self.transport.write_eof()
            self._start_timer(self._limits.rest_seconds, self.transport.close)


def _open_gate() -> Gate:
    gate = Gate()
    gate.set()
    return gate


class _ResponseTransport(asyncio.Transport):
    """Where answers are written. After the last one uvicorn closes it, and with it the connection by `close`."""

    def __init__(self, transport: asyncio.Transport, close: Callable[[], None]) -> None:
        super().__init__()
        self.write = transport.write  # type: ignore[method-assign] # one call less for each piece
        self.is_closing = transport.is_closing  # type: ignore[method-assign]
        self.get_extra_info = transport.get_extra_info  # type: ignore[method-assign]
        self.close = close  # type: ignore[method-assign]


async def _head_too_large(scope: Scope, receive: Receive, send: Send) -> None:
    await _refusal(*_TOO_LARGE)(scope, receive, send)


def _refusal(status: HTTPStatus, message: str) -> Response:
    """Returns a GraphQL error in JSON: clients of GraphQL can read nothing else."""
    return error_response(status, message, headers={"Connection": "close"})
