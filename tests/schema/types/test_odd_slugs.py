"""Links whose slugs mean something else in a URL: their short URLs are escaped, and lead back to them as ids do."""

import json
from dataclasses import dataclass
from urllib.parse import quote, quote_plus, urlsplit

import httpx2
import pytest

from harness.gateway import AsgiWire, open_gateway
from linkweave.testing.virtual_time import in_virtual_time

ODD = ("a?b", "a#b", "a b", "a,b", "..", "100%", "a/b?c")
FIELDS = "id slug shortUrl destination"
# PicSee names links in paths, where dots alone lead elsewhere.
CASES = [
    (account, odd)
    for account in ("tinycc", "cuttly", "picsee-main", "shortenworld")
    for odd in ODD
    if (account, odd) != ("picsee-main", "..")
]


@dataclass(frozen=True)
class Renamed(httpx2.AsyncBaseTransport):
    """A way to vendors at which the slug `known` is called `odd`."""

    wire: AsgiWire
    known: str
    odd: str

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        url = str(request.url)
        spellings = {escape(self.odd, safe="") for escape in (quote, quote_plus)} | {quote(escaped(self.odd), safe="")}
        for spelled in sorted(spellings, key=len, reverse=True):
            url = url.replace(spelled, self.known)
        body = (await request.aread()).replace(json.dumps(self.odd).encode(), json.dumps(self.known).encode())
        headers = {name: value for name, value in request.headers.items() if name != "content-length"}
        asked = httpx2.Request(request.method, url, headers=headers, content=body)
        response = await self.wire.handle_async_request(asked)
        known, odd = json.dumps(self.known)[1:-1], json.dumps(self.odd)[1:-1]
        told = (await response.aread()).decode()
        for before, after in (('"', '"'), ("/", '"'), ("\\/", '"')):
            told = told.replace(f"{before}{known}{after}", f"{before}{odd}{after}")
        stream = httpx2.ByteStream(told.encode())
        return httpx2.Response(response.status_code, stream=stream, request=request)


def escaped(slug: str) -> str:
    """The slug as a part of a URL."""
    return "%2E%2E" if slug == ".." else quote(slug, safe="/")


async def known_link(account: str) -> str:
    """The short URL of the link that gets the odd slug."""
    if account == "cuttly":
        return "https://cutt.ly/spring-sale"
    query = f'{{ account(key: "{account}") {{ links(first: 1) {{ nodes {{ shortUrl }} }} }} }}'
    listed = await open_gateway().data(query)
    return str(listed["account"]["links"]["nodes"][0]["shortUrl"])


@pytest.mark.parametrize(("account", "odd"), CASES)
@in_virtual_time
async def test_a_link_with_an_odd_slug_is_found_by_its_short_url_and_by_its_id(account: str, odd: str) -> None:
    known = await known_link(account)
    slug = urlsplit(known).path.strip("/")
    gateway = open_gateway(around=lambda wire: Renamed(wire, slug, odd))
    wanted = known.removesuffix(slug) + escaped(odd)
    found = (await gateway.data(f"query ($url: URL!) {{ link(shortUrl: $url) {{ {FIELDS} }} }}", url=wanted))["link"]
    assert found is not None
    assert (found["slug"], found["shortUrl"]) == (odd, wanted)
    by_id = (await gateway.data(f"query ($id: ID!) {{ link(id: $id) {{ {FIELDS} }} }}", id=found["id"]))["link"]
    assert by_id == found
