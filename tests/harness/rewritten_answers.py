"""Vendors' answers that are changed on their way to the gateway."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import httpx2

from harness.gateway import AsgiWire

# Gets the request and the decoded body of its answer, and returns the body that the gateway gets.
Rewrite: TypeAlias = Callable[[httpx2.Request, Any], Any]


@dataclass(frozen=True)
class Rewritten(httpx2.AsyncBaseTransport):
    """A wire on which `rewrite` changes the answers whose address contains `part`."""

    wire: httpx2.AsyncBaseTransport
    part: str
    rewrite: Rewrite

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        response = await self.wire.handle_async_request(request)
        if self.part not in str(request.url):
            return response
        body = self.rewrite(request, json.loads(await response.aread(), strict=False))
        content = httpx2.ByteStream(json.dumps(body).encode())
        return httpx2.Response(response.status_code, stream=content, request=request)


def rewriting(part: str, rewrite: Rewrite) -> Callable[[AsgiWire], httpx2.AsyncBaseTransport]:
    """Returns what `open_gateway(around=…)` takes, to rewrite the answers whose address contains `part`."""
    return lambda wire: Rewritten(wire, part, rewrite)
