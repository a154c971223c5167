"""The operations of a WebSocket as requests by HTTP."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, Final

import orjson
from starlette.types import Message, Receive, Scope, Send

from linkweave.edge.http.content_negotiation import EVENT_STREAM
from linkweave.edge.http.request_state import BODY_COMPLETE, ON_DISCONNECT, OnDisconnect
from linkweave.edge.pipeline import Middleware

# They belong to the handshake, or to what each operation has by itself.
_OF_HANDSHAKE: Final = frozenset(
    {
        b"accept",
        b"accept-encoding",
        b"connection",
        b"content-length",
        b"content-type",
        b"if-none-match",
        b"traceparent",
        b"transfer-encoding",
        b"upgrade",
        b"x-request-id",
    }
)
_WEBSOCKET: Final = b"sec-websocket-"
_AUTHORIZATION: Final = "authorization"


class OperationScopes:
    """Makes the scope of each operation from that of the handshake, with the token that the client has given since."""

    def __init__(self, handshake: Scope, authenticate: Middleware) -> None:
        self._handshake = handshake
        self._authenticate = authenticate
        self._headers = [
            (name, value)
            for name, value in handshake["headers"]
            if name not in _OF_HANDSHAKE and not name.startswith(_WEBSOCKET)
        ]

    async def identify(self, parameters: Mapping[str, Any]) -> bool:
        """Whether the caller is known, by the token in the `parameters` of the connection or in the handshake."""
        given = [value for name, value in parameters.items() if name.lower() == _AUTHORIZATION]
        if given and isinstance(given[0], str):
            kept = [header for header in self._headers if header[0] != _AUTHORIZATION.encode()]
            self._headers = [*kept, (_AUTHORIZATION.encode(), given[0].encode("latin-1", "replace"))]
        known = False

        async def pass_on(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001 - an app's signature
            nonlocal known
            known = True

        await self._authenticate(pass_on)(self.scope(b""), _nothing_received, _nothing_sent)
        return known

    def scope(self, body: bytes, on_disconnect: OnDisconnect | None = None) -> Scope:
        """Returns the scope of an operation whose request has this `body`."""
        headers = [
            *self._headers,
            (b"accept", EVENT_STREAM.encode()),
            (b"content-type", b"application/json"),
            (b"content-length", b"%d" % len(body)),
        ]
        kept = {name: self._handshake.get(name) for name in ("client", "server", "path", "raw_path", "root_path")}
        return {
            **kept,
            "type": "http",
            # Of this version, an app must notice by itself that its client is gone.
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": "POST",
            "scheme": "https" if self._handshake["scheme"] == "wss" else "http",
            "query_string": b"",
            "headers": headers,
            "state": {**self._handshake.get("state", {}), BODY_COMPLETE: True, ON_DISCONNECT: on_disconnect},
        }


class OperationBody:
    """What an app receives of an operation: its body, which is kept until then, and later that its client is gone."""

    def __init__(self, payload: Mapping[str, Any]) -> None:
        self.body = orjson.dumps(payload)
        self._gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._was_read = False

    def tell_gone(self) -> None:
        """Tells the app that the client is gone."""
        if not self._gone.done():
            self._gone.set_result(None)

    def on_gone(self, tell: Callable[[], None]) -> None:
        """Calls `tell` once the client is gone."""
        self._gone.add_done_callback(lambda _: tell())

    async def receive(self) -> Message:
        """Returns the next message."""
        if not self._was_read:
            self._was_read = True
            body, self.body = self.body, b""
            return {"type": "http.request", "body": body, "more_body": False}
        await asyncio.shield(self._gone)
        return {"type": "http.disconnect"}


async def _nothing_received() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


async def _nothing_sent(message: Message) -> None:
    """A refusal is told by the code with which the WebSocket is closed."""
