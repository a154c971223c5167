"""A wire that breaks after the vendor received and executed the request."""

from dataclasses import dataclass

import httpx2


@dataclass(frozen=True)
class BrokenAfterSending(httpx2.AsyncBaseTransport):
    """Sends requests to `vendor`, drops its answers and returns `outcome` in their place: an error or a status."""

    vendor: httpx2.AsyncClient
    outcome: Exception | int

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        await self.vendor.send(request)
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return httpx2.Response(self.outcome, stream=httpx2.ByteStream(b""), request=request)
