"""A gateway over the sandbox in one process: GraphQL in, emulators' wire formats out, no socket and no real time."""

from collections.abc import Callable
from dataclasses import dataclass

import httpx2

from linkweave.testing.gateway import SANDBOX, UNCACHED, AsgiWire, Gateway, Reply, open_gateway

__all__ = ["SANDBOX", "UNCACHED", "AsgiWire", "CutFor", "Gateway", "Reply", "open_gateway"]


@dataclass(frozen=True)
class CutFor(httpx2.AsyncBaseTransport):
    """A wire that is cut for some requests."""

    wire: httpx2.AsyncBaseTransport
    cut: Callable[[httpx2.Request], bool]

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        if self.cut(request):
            raise httpx2.ReadError("connection reset by peer")
        return await self.wire.handle_async_request(request)
