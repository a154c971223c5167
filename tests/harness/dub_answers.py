"""A vendor that answers as the test says, and a link of Dub."""

import json
from collections.abc import Mapping

import httpx2

from harness.dub_vendor import Dub
from linkweave.models import Link


async def a_link(vendor: Dub, place: int = 100) -> Link:
    handle = vendor.workspace.links[place].id
    link = (await vendor.adapter.get_links([handle], frozenset()))[handle]
    assert isinstance(link, Link)
    return link


def answering(answers: Mapping[str, tuple[int, object]]) -> httpx2.AsyncClient:
    def respond(request: httpx2.Request) -> httpx2.Response:
        status, body = answers[f"{request.method} {request.url.path}"]
        return httpx2.Response(status, stream=httpx2.ByteStream(json.dumps(body).encode()), request=request)

    return httpx2.AsyncClient(transport=httpx2.MockTransport(respond))
