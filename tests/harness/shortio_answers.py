"""A vendor that answers as the test says, and links of Short.io."""

import json
from collections.abc import Mapping

import httpx2

from harness.shortio_vendor import Shortio
from linkweave.models import Link
from linkweave.providers.shortio.emulator.store import StoredLink


async def links_of(vendor: Shortio, *stored: StoredLink) -> list[Link]:
    found = await vendor.adapter.get_links([each.id for each in stored], frozenset())
    return [link for link in found.values() if isinstance(link, Link)]


def answering(answers: Mapping[str, object]) -> httpx2.AsyncClient:
    def respond(request: httpx2.Request) -> httpx2.Response:
        body = json.dumps(answers[f"{request.method} {request.url.path}"]).encode()
        return httpx2.Response(200, stream=httpx2.ByteStream(body), request=request)

    return httpx2.AsyncClient(transport=httpx2.MockTransport(respond))
