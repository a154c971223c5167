"""A creation time that cannot be read is null, and costs no link: neither its own nor one of another page."""

from collections import Counter
from typing import Any
from zlib import crc32

import pytest

from harness.rewritten_answers import rewriting
from linkweave.testing.gateway import Gateway, open_gateway

PAGE = """query ($account: ID!, $after: String) {
  links(first: 100, after: $after, filter: { accounts: [$account] }) {
    nodes { id createdAt }
    pageInfo { hasNextPage endCursor }
    sources { status notice }
  }
}"""

# The account, and the key under which its vendor says when a link was made.
TIMES = [
    ("picsee-main", "createTime"),
    ("shortenworld", "createdTime"),
    ("bitly", "created_at"),
    ("dub", "createdAt"),
    ("kutt", "created_at"),
    ("rebrandly", "createdAt"),
    ("shlink", "dateCreated"),
    ("shortio", "createdAt"),
    ("tinyurl", "created_at"),
    ("yourls", "timestamp"),
]


def spoiled(body: Any, key: str, share: int) -> Any:
    """`body`, in which one of `share` values of `key` is a zero date. A link has the same one in every answer."""
    if isinstance(body, list):
        return [spoiled(part, key, share) for part in body]
    if not isinstance(body, dict):
        return body
    return {
        name: "0000-00-00 00:00:00"
        if name == key and crc32(str(value).encode()) % share == 0
        else spoiled(value, key, share)
        for name, value in body.items()
    }


async def read_all(gateway: Gateway, account: str) -> tuple[list[Any], list[Any]]:
    nodes, sources, after = [], [], None
    while True:
        page = (await gateway.data(PAGE, account=account, after=after))["links"]
        nodes += page["nodes"]
        sources += page["sources"]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            return nodes, sources


@pytest.mark.parametrize("share", [1, 3])
@pytest.mark.parametrize(("account", "key"), TIMES)
async def test_a_creation_time_that_cannot_be_read_costs_no_link(account: str, key: str, share: int) -> None:
    listed, told = await read_all(open_gateway(), account)
    nodes, sources = await read_all(
        open_gateway(around=rewriting("", lambda _, body: spoiled(body, key, share))), account
    )
    assert Counter(node["id"] for node in nodes) == Counter(node["id"] for node in listed)
    assert {source["status"] for source in sources} == {"OK"}
    assert {source["notice"] for source in sources} == {source["notice"] for source in told}
    assert {node["createdAt"] is None for node in nodes} == ({True} if share == 1 else {True, False})
