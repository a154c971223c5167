"""Connections that answer known requests themselves, before a scope, a task or a layer exists for them."""

from collections.abc import Sequence
from typing import Any, Final, Protocol, cast, runtime_checkable

from starlette.types import Scope

from linkweave.server.connections import BoundedConnection

_CLOSE: Final = (b"connection", b"close")


class KnownRequests(Protocol):
    """Requests that were answered before, and whose answer is known from their bytes."""

    def answer(self, data: bytes, server_headers: Sequence[tuple[bytes, bytes]]) -> bytes | None:
        """Returns the whole answer to the request `data`, with `server_headers`; None if it is not known."""
        ...

    def remember(self, data: bytes, scope: Scope) -> None:
        """Take note of the request in `scope`, whose bytes are `data`, if an equal one may be answered so."""
        ...


@runtime_checkable
class KnowsRequests(Protocol):
    """An app of which some requests are known: at each request, those of the app in service."""

    @property
    def known_requests(self) -> KnownRequests | None:
        """The requests that connections answer themselves; None if there are none."""
        ...


class AnsweringConnection(BoundedConnection):
    """A bounded connection that answers itself the requests that `source` knows.

    Only a piece of data that arrives between two requests can be a known one: then the parser has read nothing of it,
    and the bytes mean what they meant when they were parsed.
    """

    __slots__ = ("_in_message", "_piece", "_source")

    def __init__(self, *args: Any, source: object, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._source = source if isinstance(source, KnowsRequests) else None
        # Whether the parser has read the beginning of a request, and not yet its end.
        self._in_message = False
        # What arrived last, if a request begins with it.
        self._piece = b""

    def data_received(self, data: bytes) -> None:
        """Answer a known request, or let the parser read `data`."""
        self._piece = b""
        if not self._in_message and not self._is_answering():
            if self._answer_known(data):
                return
            self._piece = data
        super().data_received(data)

    def on_message_begin(self) -> None:
        """Begin to read a request."""
        self._in_message = True
        super().on_message_begin()

    def on_message_complete(self) -> None:
        """End a request, unless its body is still to be read."""
        self._in_message = self._requests.awaits_body()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Take note of the request, if nothing but it has arrived and the connection stays open."""
        super().on_response_complete()
        known = self._known_requests() if self._piece else None
        if known is not None and not self._in_message and self.cycle.keep_alive:
            known.remember(self._piece, cast("Scope", self.scope))
        self._piece = b""

    def _known_requests(self) -> KnownRequests | None:
        return None if self._source is None else self._source.known_requests

    def _answer_known(self, data: bytes) -> bool:
        """Send the answer to `data`, if it is a known request and the connection stays open after it."""
        known = self._known_requests()
        server_headers = self.server_state.default_headers
        if known is None or _CLOSE in server_headers or self.flow.write_paused or self.transport.is_closing():
            return False
        answer = known.answer(data, server_headers)
        if answer is None:
            return False
        self._stop_timer()
        self._unset_keepalive_if_required()
        self.transport.write(answer)
        self.server_state.total_requests += 1
        self.timeout_keep_alive_task = self.loop.call_later(self.timeout_keep_alive, self.timeout_keep_alive_handler)
        return True
