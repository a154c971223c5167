"""A row that cannot be read costs neither the other rows nor the account, and the source of the list says so."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx2

from harness.gateway import Gateway, open_gateway

LINKS = """query ($after: String) {
  links(first: 60, after: $after, filter: { accounts: ["tinycc"] }) {
    nodes { slug }
    pageInfo { hasNextPage endCursor }
    sources { status notice returned error { code } }
  }
}"""


@dataclass(frozen=True)
class Spoiled(httpx2.AsyncBaseTransport):
    """A way to the vendor on which the rows of its lists are changed."""

    wire: httpx2.AsyncBaseTransport
    spoil: Callable[[list[dict[str, Any]]], None]

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        response = await self.wire.handle_async_request(request)
        body = json.loads(await response.aread())
        self.spoil(body.get("urls", []))
        content = json.dumps(body).encode()
        return httpx2.Response(response.status_code, stream=httpx2.ByteStream(content), request=request)


def gateway_with(spoil: Callable[[list[dict[str, Any]]], None]) -> Gateway:
    return open_gateway(around=lambda wire: Spoiled(wire, spoil))


async def pages(gateway: Gateway) -> list[Any]:
    read: list[Any] = []
    after = None
    while after is None or read[-1]["pageInfo"]["hasNextPage"]:
        read.append((await gateway.data(LINKS, after=after))["links"])
        after = read[-1]["pageInfo"]["endCursor"]
    return read


def slugs(read: list[Any]) -> list[str]:
    return [node["slug"] for page in read for node in page["nodes"]]


async def test_a_row_without_identity_is_left_out_and_its_source_is_partial_and_counts_it() -> None:
    def without_hash(rows: list[dict[str, Any]]) -> None:
        for row in rows:
            if row["hash"] == "card":
                row["hash"] = ""

    whole = slugs(await pages(open_gateway()))
    read = await pages(gateway_with(without_hash))
    assert slugs(read) == [slug for slug in whole if slug != "card"]
    # Each of the two lists of the account has such a link. The second page reads the second list alone.
    assert [page["sources"][0]["notice"] for page in read] == [
        "2 entries were left out, because these fields could not be read: urls.hash.",
        "1 entry was left out, because these fields could not be read: urls.hash.",
    ]
    assert {page["sources"][0]["status"] for page in read} == {"PARTIAL"}
    assert {page["sources"][0]["error"] for page in read} == {None}


async def test_a_wrong_field_is_null_and_its_source_is_ok() -> None:
    def odd(rows: list[dict[str, Any]]) -> None:
        for row in rows:
            row["total_clicks"], row["last_visit"] = "many", "0000-00-00 00:00:00"

    read = await pages(gateway_with(odd))
    assert slugs(read) == slugs(await pages(open_gateway()))
    assert {page["sources"][0]["status"] for page in read} == {"OK"}
    assert {page["sources"][0]["notice"] for page in read} == {None}
