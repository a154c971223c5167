"""The way of a GraphQL request from the socket to the schema, as one list of layers."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import TypeAlias

from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send

Layer: TypeAlias = Callable[[ASGIApp], ASGIApp]


def stacked(app: ASGIApp, layers: Sequence[Layer]) -> ASGIApp:
    """`app` below `layers`, the first of which is the outermost."""
    for layer in reversed(layers):
        app = layer(app)
    return app


@dataclass(frozen=True, slots=True)
class Front:
    """The whole gateway: GraphQL on one path, by the shortest way, and everything else by `pages`."""

    path: str
    graphql: ASGIApp
    pages: Starlette

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request to whom its path belongs."""
        here = scope["type"] in {"http", "websocket"} and scope["path"] == self.path
        await (self.graphql if here else self.pages)(scope, receive, send)

    def lifespan(self) -> AbstractAsyncContextManager[object]:
        """Opens on entry what the gateway holds, and closes it on exit."""
        return self.pages.router.lifespan_context(self.pages)
