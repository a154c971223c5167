"""A wire that breaks when the vendor has got the request, and has done what it asks for."""

from dataclasses import dataclass

import httpx2


@dataclass(frozen=True)
class BrokenAfterSending(httpx2.AsyncBaseTransport):
    """Passes requests on to `vendor`, throws its answers away and gives `outcome` instead: an error, or a status."""

    vendor: httpx2.AsyncClient
    outcome: Exception | int

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        await self.vendor.send(request)
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return httpx2.Response(self.outcome, stream=httpx2.ByteStream(b""), request=request)
