"""The layer that refuses requests that want to become a WebSocket and may not."""

from dataclasses import dataclass
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from linkweave.edge.http.rejections import RequestRejectedError
from linkweave.errors import ErrorCode

_NO_WEBSOCKET: Final = "No WebSocket is opened by this request: it needs HTTP/1.1 without a body."


@dataclass(frozen=True, slots=True)
class WebSocketRefusal:
    """Answers 400 to a request that opens a WebSocket. Without it a browser would get GraphiQL's page in its place."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass every other request on."""
        if scope["type"] == "http" and _opens_websocket(scope):
            rejection = RequestRejectedError(400, ErrorCode.INVALID_INPUT, _NO_WEBSOCKET)
            await rejection.response(scope)(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def _opens_websocket(scope: Scope) -> bool:
    wished = (value.lower().split(b",") for name, value in scope["headers"] if name == b"upgrade")
    return scope["method"] == "GET" and any(each.strip() == b"websocket" for names in wished for each in names)
