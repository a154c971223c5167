"""The parser of a connection's requests, which reads each body as a body."""

from typing import Final, Protocol

import httptools

# The headers that say where a body ends (RFC 9112, section 6).
_FRAMING: Final = frozenset({b"content-length", b"transfer-encoding"})


class ParserEvents(Protocol):
    """The connection, which a parser tells what it reads."""

    headers: list[tuple[bytes, bytes]]
    becomes_websocket: bool

    def on_message_begin(self) -> None:
        """A request begins."""

    def on_url(self, url: bytes) -> None:
        """A piece of the address."""

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header, or a trailer."""

    def on_headers_complete(self) -> None:
        """The head is complete."""

    def on_body(self, body: bytes) -> None:
        """A piece of the body."""

    def on_message_complete(self) -> None:
        """The request is complete."""


class RequestParser:
    """httptools' parser, which leaves HTTP/1 for nothing but a WebSocket.

    httptools ends a request that asks for an upgrade at its head, and reads the body as the next request (FOUND, 0.9).
    The author of a body could smuggle in a request that way. Here a second parser reads the body. It is given the
    framing headers of the parsed head, so that it does not matter how the bytes arrive.
    """

    def __init__(self, events: ParserEvents) -> None:
        self._events = events
        self._parser = _new_parser(events)

    def feed_data(self, data: bytes) -> None:
        """Read `data`, and report to the connection what is in it.

        Raises:
            httptools.HttpParserError: it is not HTTP/1.
            httptools.HttpParserUpgrade: the connection becomes a WebSocket.
        """
        while True:
            try:
                self._parser.feed_data(data)
            except httptools.HttpParserUpgrade as upgrade:
                if self._events.becomes_websocket:
                    raise
                (end_of_head,) = upgrade.args
                data = data[end_of_head:]
                self._read_body_next()
            else:
                return

    def awaits_body(self) -> bool:
        """Whether the request that was just reported as complete asks for an upgrade: its body is still to be read."""
        return bool(self._parser.should_upgrade())

    def should_upgrade(self) -> bool:
        """Whether the connection becomes a WebSocket."""
        return self._events.becomes_websocket

    def has_body(self) -> bool:
        """Whether the headers of the current request say that it has a body."""
        return any(name in _FRAMING for name, _ in self._events.headers)

    def should_keep_alive(self) -> bool:
        """Whether the client will send another request."""
        return bool(self._parser.should_keep_alive())

    def get_method(self) -> bytes:
        """The method of the current request."""
        return self._parser.get_method()

    def get_http_version(self) -> str:
        """The version of the current request, such as 1.1."""
        return self._parser.get_http_version()

    def _read_body_next(self) -> None:
        """Go on with a parser that has read the framing headers of the current request."""
        lines = [b"POST / HTTP/" + self.get_http_version().encode()]
        lines += [name + b": " + value for name, value in self._events.headers if name in _FRAMING]
        if not self.should_keep_alive():
            lines.append(b"Connection: close")
        # It is in place before it reads: a request without a body is complete at once.
        self._parser = _new_parser(_BodyEvents(self._events))
        self._parser.feed_data(b"\r\n".join((*lines, b"", b"")))


class _BodyEvents:
    """Reports a body and all later requests to the connection, and not the head before the body."""

    def __init__(self, events: ParserEvents) -> None:
        self._events = events
        self._in_repeated_head = True
        self.on_body = events.on_body
        self.on_message_complete = events.on_message_complete

    def on_message_begin(self) -> None:
        if not self._in_repeated_head:
            self._events.on_message_begin()

    def on_url(self, url: bytes) -> None:
        if not self._in_repeated_head:
            self._events.on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        if not self._in_repeated_head:
            self._events.on_header(name, value)

    def on_headers_complete(self) -> None:
        if self._in_repeated_head:
            self._in_repeated_head = False
        else:
            self._events.on_headers_complete()


def _new_parser(events: object) -> httptools.HttpRequestParser:
    parser = httptools.HttpRequestParser(events)
    # A request that is pipelined behind one with `Connection: close` is dropped, not an error: as uvicorn has it.
    parser.set_dangerous_leniencies(lenient_data_after_close=True)
    return parser
