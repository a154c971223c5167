"""The path of a GraphQL request from the socket to the schema: an ordered list of layers."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import TypeAlias

from starlette.applications import Starlette
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from linkweave.edge.response_cache.known_requests import KnownRequests

Middleware: TypeAlias = Callable[[ASGIApp], ASGIApp]


@dataclass(frozen=True, slots=True)
class Layer:
    """A step of the pipeline by its name. `middleware` is None if the settings switch the step off."""

    name: str
    middleware: Middleware | None


def stack(app: ASGIApp, layers: Sequence[Layer]) -> ASGIApp:
    """Returns `app` below `layers`, of which the first is the outermost."""
    for layer in reversed(layers):
        if layer.middleware is not None:
            app = layer.middleware(app)
    return app


@dataclass(frozen=True, slots=True)
class GatewayApp:
    """The whole gateway: `graphql` answers at `path`, with `layers` in front of its endpoint, and `pages` elsewhere.

    A slash may follow `path`. The server's connections answer `known_requests` themselves. `end_streams` ends all
    subscriptions and WebSockets: their clients come back, to the app that is in service by then.
    """

    path: str
    graphql: ASGIApp
    pages: Starlette
    layers: tuple[Layer, ...]
    known_requests: KnownRequests
    end_streams: Callable[[], None]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request to the app of its path."""
        is_graphql = scope["type"] in {"http", "websocket"} and scope["path"].removesuffix("/") == self.path
        if is_graphql and scope.get("method") == "HEAD":
            # RFC 9110, 9.3.2: the answer to a GET, without its body.
            scope, send = {**scope, "method": "GET"}, _without_body(send)
        await (self.graphql if is_graphql else self.pages)(scope, receive, send)

    def lifespan(self) -> AbstractAsyncContextManager[object]:
        """Returns a context that opens the gateway's resources on entry and closes them on exit."""
        return self.pages.router.lifespan_context(self.pages)


def _without_body(send: Send) -> Send:
    async def send_head(message: Message) -> None:
        await send({**message, "body": b""} if "body" in message else message)

    return send_head
