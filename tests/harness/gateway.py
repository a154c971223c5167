"""A gateway over the sandbox in one process: GraphQL in, emulators' wire formats out, no socket and no real time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

import httpx2

from linkweave.providers.discovery import discover
from linkweave.providers.record import Provider
from linkweave.testing import gateway
from linkweave.testing.gateway import SANDBOX, UNCACHED, AsgiWire, Gateway, Reply

__all__ = ["SANDBOX", "UNCACHED", "AsgiWire", "CutFor", "Gateway", "Reply", "five_providers", "open_gateway"]

# Reading what other distributions register takes as long as a query.
_KNOWN: Final = discover()


def five_providers() -> Mapping[str, Provider]:
    """The world of the tests of the whole gateway: a new vendor must not change the numbers that they expect."""
    return {name: _KNOWN[name] for name in ("chevereto", "cuttly", "picsee", "shortenworld", "tinycc")}


open_gateway = partial(gateway.open_gateway, providers=five_providers())


@dataclass(frozen=True)
class CutFor(httpx2.AsyncBaseTransport):
    """A wire that is cut for some requests."""

    wire: httpx2.AsyncBaseTransport
    cut: Callable[[httpx2.Request], bool]

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        if self.cut(request):
            raise httpx2.ReadError("connection reset by peer")
        return await self.wire.handle_async_request(request)
