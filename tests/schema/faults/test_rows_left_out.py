"""A row that cannot be read costs neither the other rows nor the account, and the source of the list says so."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest

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
    """A way to the vendor on which its answers are changed."""

    wire: httpx2.AsyncBaseTransport
    spoil: Callable[[dict[str, Any]], None]

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        response = await self.wire.handle_async_request(request)
        body = json.loads(await response.aread())
        self.spoil(body)
        content = json.dumps(body).encode()
        return httpx2.Response(response.status_code, stream=httpx2.ByteStream(content), request=request)


def gateway_with(spoil: Callable[[list[dict[str, Any]]], None]) -> Gateway:
    return open_gateway(around=lambda wire: Spoiled(wire, lambda body: spoil(body.get("urls", []))))


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


@pytest.mark.parametrize(
    ("account", "rows", "field", "reason"),
    [
        ("tinycc", "tags", "tags { name }", "tags.label"),
        ("tinycc", "domains", "domains { name }", "domains.domain"),
        ("tinycc", "webhooks", "webhooks(first: 2) { nodes { url } }", "webhooks.id"),
        ("picsee-main", "tags", "tags { name }", "data.value"),
        ("picsee-main", "domains", "domains { name }", "data.domain"),
        ("picsee-main", "usage", "externalIdUsage { links }", "data.externalId"),
        ("picsee-main", "fbPixels", "trackingPresets { pixels { id } }", "data.fbPixels.id"),
        ("shortenworld", "teams", "teams { name }", "teams.id"),
        ("shortenworld", "campaigns", "campaigns { name }", "campaigns.id"),
        ("shortenworld", "trackers", "trackers { name }", "trackers.id"),
        ("shortenworld", "teamTrackers", "trackers { name }", "teamTrackers.id"),
    ],
)
async def test_a_list_without_sources_tells_in_an_error_beside_it_that_entries_were_left_out(
    account: str, rows: str, field: str, reason: str
) -> None:
    query = f'{{ account(key: "{account}") {{ {field} }} }}'
    whole = await open_gateway().data(query)
    reply = await open_gateway(around=lambda wire: Spoiled(wire, with_an_empty_row(rows))).ask(query)
    assert reply.data == whole
    assert {error["extensions"]["code"] for error in reply.errors} == {"BAD_RESPONSE"}
    assert {error["extensions"]["account"] for error in reply.errors} == {account}
    (message,) = {error["message"] for error in reply.errors}
    assert "left out, because these fields could not be read: " in message
    assert reason in message


@pytest.mark.parametrize("field", ["tags", "domains"])
async def test_a_merged_list_tells_in_its_source_that_entries_were_left_out(field: str) -> None:
    query = f"{{ {field}(first: 100) {{ nodes {{ name }} sources {{ account {{ key }} status notice }} }} }}"
    whole = await open_gateway().data(query)
    spoiled = await open_gateway(around=lambda wire: Spoiled(wire, with_an_empty_row(field))).data(query)
    assert spoiled[field]["nodes"] == whole[field]["nodes"]
    sources = {each["account"]["key"]: each for each in spoiled[field]["sources"]}
    for account in ("tinycc", "picsee-main"):
        assert sources[account]["status"] == "PARTIAL"
        assert sources[account]["notice"].startswith("1 entry was left out")
    assert sources["cuttly"]["status"] == "UNSUPPORTED"


def with_an_empty_row(rows: str) -> Callable[[dict[str, Any]], None]:
    def spoil(body: dict[str, Any]) -> None:
        for holder in (body, body.get("data")):
            if isinstance(holder, dict) and isinstance(holder.get(rows), list):
                holder[rows].append({})

    return spoil
