"""A list that is paged while links are deleted through the gateway: the other links are all shown, each once."""

from typing import Any

import pytest

from harness.gateway import Gateway, open_gateway
from harness.graphql_writes import DELETE
from linkweave.testing.virtual_time import in_virtual_time

LINKS = """query ($account: ID!, $first: Int!, $after: String) {
  links(first: $first, after: $after, filter: { accounts: [$account] }) {
    nodes { id }
    pageInfo { hasNextPage endCursor }
    sources { status notice }
  }
}"""
WRITABLE = pytest.mark.parametrize("account", ["picsee-main", "shortenworld", "tinycc"])


async def page(gateway: Gateway, account: str, first: int, after: str | None) -> Any:
    return (await gateway.data(LINKS, account=account, first=first, after=after))["links"]


def ids(read: Any) -> list[str]:
    return [node["id"] for node in read["nodes"]]


async def delete(gateway: Gateway, links: list[str]) -> list[str]:
    payload = (await gateway.data(DELETE, ids=links))["payload"]
    return [link for link, result in zip(links, payload, strict=True) if result["deleted"]]


async def whole_list(gateway: Gateway, account: str) -> list[str]:
    read = await page(gateway, account, 100, None)
    found = ids(read)
    while read["pageInfo"]["hasNextPage"]:
        read = await page(gateway, account, 100, read["pageInfo"]["endCursor"])
        found += ids(read)
    return found


@WRITABLE
@in_virtual_time
async def test_links_that_are_deleted_after_a_page_skip_and_repeat_no_other(account: str) -> None:
    gateway = open_gateway(deadline_seconds=60)
    before = await whole_list(gateway, account)
    read = await page(gateway, account, 10, None)
    shown = ids(read)
    deleted = await delete(gateway, shown[:5])
    assert deleted
    while read["pageInfo"]["hasNextPage"]:
        read = await page(gateway, account, 10, read["pageInfo"]["endCursor"])
        shown += ids(read)
        assert read["sources"][0]["status"] == "OK"
    assert shown == before


@WRITABLE
@in_virtual_time
async def test_a_client_that_deletes_each_page_that_it_reads_misses_no_link(account: str) -> None:
    gateway = open_gateway(deadline_seconds=60)
    before = await whole_list(gateway, account)
    read = await page(gateway, account, 20, None)
    shown = ids(read)
    while read["pageInfo"]["hasNextPage"]:
        await delete(gateway, ids(read))
        read = await page(gateway, account, 20, read["pageInfo"]["endCursor"])
        shown += ids(read)
    assert set(shown) == set(before)
