"""Strawberry's handler of graphql-transport-ws, whose operations are requests to an app."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from datetime import timedelta
from typing import Any, Final, cast

import orjson
from starlette.types import ASGIApp, Message, Scope
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState
from strawberry.http.exceptions import NonJsonMessageReceived, NonTextMessageReceived
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import BaseGraphQLTransportWSHandler, Operation

from linkweave.edge.http.content_negotiation import EVENT_STREAM
from linkweave.edge.http.request_state import STREAM_END
from linkweave.edge.subscriptions.open_streams import TOKEN_GONE, TOO_MANY, StreamEnd
from linkweave.edge.subscriptions.websocket_operations import OperationBody, OperationScopes
from linkweave.errors import ErrorCode

# Time for the message connection_init.
_INIT: Final = timedelta(seconds=10)
_UNAUTHENTICATED: Final = 401
_SEPARATOR: Final = b"\n\n"
_NEXT: Final = b"event: next\ndata: "
_DATA: Final = b'{"data":'
_MALFORMED: Final = "The message must be an object with a type, a text as id, and an object as payload."
_UNANSWERED: Final = {"message": "The operation was not answered.", "extensions": {"code": ErrorCode.INTERNAL.value}}


class GraphQLOverWebSocket(BaseGraphQLTransportWSHandler[None, None]):
    """One WebSocket, with at most `max_operations` at once. `app` answers each of them."""

    def __init__(self, socket: WebSocket, app: ASGIApp, scopes: OperationScopes, max_operations: int) -> None:
        messages = JsonMessages(socket)
        # Strawberry's view and schema would execute the operations: here the app does.
        super().__init__(cast("Any", None), cast("Any", messages), None, None, cast("Any", None), _INIT)
        self._messages = messages
        self._app = app
        self._scopes = scopes
        self._max_operations = max_operations
        self._bodies: dict[str, OperationBody] = {}

    async def end(self, end: StreamEnd) -> None:
        """Close the WebSocket."""
        await self._messages.close(end.close_code, end.reason)

    async def handle_message(self, message: Any) -> None:
        """Handle a message that has the shape of one."""
        if not _is_well_formed(message):
            await self.handle_invalid_message(_MALFORMED)
        else:
            await super().handle_message(message)

    async def handle_connection_init(self, message: Any) -> None:
        """Acknowledge the connection of a caller that is known, once."""
        if not self.connection_init_received and not await self._scopes.identify(message.get("payload") or {}):
            await self.end(TOKEN_GONE)
        elif self.connection_init_received:
            await self._messages.close(4429, "Too many initialisation requests")
        else:
            if self.connection_init_timeout_task is not None:
                self.connection_init_timeout_task.cancel()
                # A cancelled task keeps its frames.
                self.connection_init_timeout_task = None
            self.connection_init_received = self.connection_acknowledged = True
            await self.send_message({"type": "connection_ack"})

    async def handle_subscribe(self, message: Any) -> None:
        """Start an operation."""
        if len(self.operations) >= self._max_operations and self.connection_acknowledged:
            await self.end(TOO_MANY)
            return
        name, payload = message["id"], message["payload"]
        if name not in self.operations and self.connection_acknowledged:
            self._bodies[name] = OperationBody(payload)
        # The document may be named instead of sent. Strawberry's handler wants one, and here does nothing with it.
        await super().handle_subscribe(cast("Any", {**message, "payload": {"query": ""}}))

    async def run_operation(self, operation: Operation[None, None]) -> None:
        """Let the app answer an operation, and send what it answers."""
        body = self._bodies[operation.id]
        scope = self._scopes.scope(body.body, body.on_gone)
        answer = _Answer(operation, self._messages)
        try:
            await self._app(scope, body.receive, answer.send)
            await self._finish(operation, answer, scope)
        except WebSocketDisconnect:
            return
        finally:
            if self._bodies.get(operation.id) is body:
                del self._bodies[operation.id]

    async def _finish(self, operation: Operation[None, None], answer: "_Answer", scope: Scope) -> None:
        end: StreamEnd | None = scope["state"].get(STREAM_END)
        if end is not None or answer.status == _UNAUTHENTICATED:
            await self.end(end or TOKEN_GONE)
        elif answer.is_events:
            await operation.send_operation_message({"id": operation.id, "type": "complete"})
        else:
            errors = answer.errors()
            await operation.send_operation_message(
                cast("Any", {"id": operation.id, "type": "error", "payload": errors})
            )

    async def cleanup_operation(self, operation_id: str) -> None:
        """Tell the app that the client is gone. A mutation still runs to its end."""
        operation = self.operations.pop(operation_id, None)
        if operation is not None:
            operation.completed = True
            body = self._bodies.get(operation_id)
            if body is not None:
                body.tell_gone()


class _Answer:
    """What the app answers to an operation. Events are sent at once; anything else is kept as a whole."""

    def __init__(self, operation: Operation[None, None], messages: "JsonMessages") -> None:
        self._operation = operation
        self._messages = messages
        self._kept = bytearray()
        self.status = 0
        self.is_events = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.is_events = dict(message["headers"]).get(b"content-type", b"").startswith(EVENT_STREAM.encode())
        elif self.is_events:
            for event in message.get("body", b"").split(_SEPARATOR):
                if event.startswith(_NEXT):
                    await self._send_result(event.removeprefix(_NEXT))
        else:
            self._kept += message.get("body", b"")

    def errors(self) -> list[Any]:
        """Returns the errors of an answer that is no stream."""
        try:
            found = orjson.loads(self._kept).get("errors")
        except (orjson.JSONDecodeError, AttributeError):
            found = None
        return found or [_UNANSWERED]

    async def _send_result(self, result: bytes) -> None:
        operation = self._operation
        if result.startswith(_DATA):
            if not operation.completed:
                await self._messages.send_text(_message(operation.id, "next", result))
        else:
            errors = orjson.loads(result).get("errors")
            await operation.send_operation_message({"id": operation.id, "type": "error", "payload": errors})


class JsonMessages:
    """A WebSocket whose messages are JSON. Nothing is sent after it is closed."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket
        self._sending = asyncio.Lock()

    async def iter_json(self) -> AsyncGenerator[object, None]:
        """Yields each message."""
        while self._is_open() and self._socket.client_state is WebSocketState.CONNECTED:
            try:
                yield orjson.loads(await self._socket.receive_text())
            except KeyError:
                raise NonTextMessageReceived from None
            except orjson.JSONDecodeError:
                raise NonJsonMessageReceived from None
            except WebSocketDisconnect:
                return

    async def send_json(self, message: Mapping[str, object]) -> None:
        """Sends `message`."""
        await self.send_text(orjson.dumps(message).decode())

    async def send_text(self, text: str) -> None:
        """Sends a message that is JSON already."""
        if self._is_open():
            await self._socket.send_text(text)

    async def close(self, code: int, reason: str) -> None:
        """Closes the WebSocket, once."""
        async with self._sending:
            if self._is_open():
                await self._socket.close(code, reason)

    def _is_open(self) -> bool:
        return self._socket.application_state is WebSocketState.CONNECTED


def _message(operation_id: str, kind: str, payload: bytes) -> str:
    return f'{{"id":{orjson.dumps(operation_id).decode()},"type":"{kind}","payload":{payload.decode()}}}'


def _is_well_formed(message: Any) -> bool:
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        return False
    kind, payload = message["type"], message.get("payload")
    if kind in {"subscribe", "complete"} and not isinstance(message.get("id"), str):
        return False
    return isinstance(payload, dict) if kind == "subscribe" else isinstance(payload, dict | None)
