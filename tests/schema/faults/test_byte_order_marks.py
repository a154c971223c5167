"""A byte order mark before an answer changes nothing, at any vendor."""

from dataclasses import dataclass

import httpx2
import pytest

from harness.gateway import AsgiWire, open_gateway
from linkweave.testing.virtual_time import in_virtual_time

QUERIES = {
    "picsee-main": '{ account(key: "picsee-main") { tags { name } links(first: 3) { nodes { slug } } } }',
    "tinycc": '{ account(key: "tinycc") { tags { name } links(first: 3) { nodes { slug } } } }',
    "shortenworld": '{ account(key: "shortenworld") { teams { name } links(first: 3) { nodes { slug } } } }',
    "cuttly": '{ link(shortUrl: "https://cutt.ly/spring-sale") { title destination } }',
}


@dataclass(frozen=True)
class Marked(httpx2.AsyncBaseTransport):
    """A way to the vendors on which each body begins with a byte order mark."""

    wire: AsgiWire

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        response = await self.wire.handle_async_request(request)
        body = b"\xef\xbb\xbf" + await response.aread()
        return httpx2.Response(response.status_code, stream=httpx2.ByteStream(body), request=request)


@pytest.mark.parametrize("account", QUERIES)
@in_virtual_time
async def test_a_byte_order_mark_before_json_changes_no_answer(account: str) -> None:
    plain = await open_gateway().data(QUERIES[account])
    assert await open_gateway(around=Marked).data(QUERIES[account]) == plain
