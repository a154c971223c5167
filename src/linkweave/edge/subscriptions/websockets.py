"""WebSockets in the protocol graphql-transport-ws. Each operation passes all layers, like a request by HTTP."""

import asyncio
from contextlib import suppress
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from linkweave.edge.auth.setup import AccessLayers
from linkweave.edge.http.rejections import RequestRejectedError
from linkweave.edge.subscriptions.open_streams import Ending, OpenStreams, StreamEndedError
from linkweave.edge.subscriptions.protocol import GraphQLOverWebSocket
from linkweave.edge.subscriptions.websocket_operations import OperationScopes
from linkweave.errors import ErrorCode
from linkweave.settings import ServerSettings

SUBPROTOCOL: Final = "graphql-transport-ws"
_OFF: Final = "This gateway has no subscriptions and no WebSockets: send queries and mutations over HTTP."
_NO_SUBPROTOCOL: Final = (4406, f"Subprotocol not acceptable: ask for {SUBPROTOCOL}.")


class WebSockets:
    """Serves WebSockets over `app`, the layers for requests by HTTP. Each handshake passes the check of its origin."""

    def __init__(self, app: ASGIApp, access: AccessLayers, streams: OpenStreams, server: ServerSettings) -> None:
        self._app = app
        self._handshake = access.origin_check(self._serve)
        self._authenticate = access.authentication
        self._streams = streams
        self._server = server

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a WebSocket, or pass the request on."""
        await (self._handshake if scope["type"] == "websocket" else self._app)(scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self._server.subscriptions:
            rejection = RequestRejectedError(400, ErrorCode.INVALID_INPUT, _OFF)
            await rejection.response(scope)(scope, receive, send)
            return
        socket = WebSocket(scope, receive, send)
        if SUBPROTOCOL not in scope["subprotocols"]:
            await socket.accept()
            await socket.close(*_NO_SUBPROTOCOL)
            return
        await socket.accept(SUBPROTOCOL)
        scopes = OperationScopes(scope, self._authenticate)
        protocol = GraphQLOverWebSocket(socket, self._app, scopes, self._server.max_streams)
        with suppress(WebSocketDisconnect):
            await self._follow(protocol)

    async def _follow(self, protocol: GraphQLOverWebSocket) -> None:
        closing: list[asyncio.Future[None]] = []

        def close(ending: Ending) -> None:
            closing.append(asyncio.ensure_future(protocol.end(ending.result())))

        try:
            with self._streams.connected() as ending:
                ending.add_done_callback(close)
                await protocol.handle()
        except StreamEndedError as error:
            await protocol.end(error.end)
        finally:
            await asyncio.gather(*closing, return_exceptions=True)
