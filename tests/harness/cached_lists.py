"""Queries that tests repeat at a gateway with a cache."""

from collections.abc import Mapping
from typing import Any

from harness.gateway import Gateway

LISTS = """
query ($after: String, $first: Int = 20) {
  links(first: $first, after: $after) {
    nodes { id shortUrl fetchedAt account { key } }
    pageInfo { endCursor }
    sources { account { key } status fetchedAt error { code } }
  }
  tags { sources { account { key } status fetchedAt error { code } } }
  domains { sources { account { key } status fetchedAt error { code } } }
}
"""
NODES = "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Link { id shortUrl fetchedAt } } }"
STATS = """
query ($id: ID!) { link(id: $id) { slug fetchedAt stats(range: { from: "2026-11-01", to: "2026-11-10" }) {
  clicks sources { status fetchedAt error { code } } } } }
"""
REFRESH = "mutation ($keys: [ID!]) { refresh(accounts: $keys) { accounts { key } } }"


def sources(data: Any, name: str) -> Mapping[str, Any]:
    return {source["account"]["key"]: source for source in data[name]["sources"]}


async def calls_of(gateway: Gateway, query: str, /, **variables: object) -> dict[str, list[str]]:
    gateway.forget_calls()
    await gateway.data(query, **variables)
    return gateway.calls()
