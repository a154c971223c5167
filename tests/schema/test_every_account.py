"""One query over an account of every provider: each link comes once, and some destinations are at several vendors."""

from collections import Counter, defaultdict
from typing import Any

from linkweave.models import Capability
from linkweave.providers.discovery import discover
from linkweave.testing.gateway import open_gateway

PAGE = """
query ($after: String) {
  links(first: 100, after: $after) {
    nodes { id createdAt destination account { key } }
    pageInfo { hasNextPage endCursor }
    sources { account { key } status exhausted }
  }
}
"""


async def every_link() -> tuple[list[Any], list[Any]]:
    """Every link of the sandbox, and the sources of the last page."""
    gateway = open_gateway(deadline_seconds=60)
    nodes: list[Any] = []
    after: str | None = None
    while True:
        page = (await gateway.data(PAGE, after=after))["links"]
        nodes += page["nodes"]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            return nodes, page["sources"]


async def test_paging_to_the_end_gives_each_link_of_every_vendor_once_and_some_destinations_twice() -> None:
    nodes, sources = await every_link()
    listing = {
        each.sandbox_accounts[0].key for each in discover().values() if Capability.LIST_LINKS in each.capabilities
    }
    assert {node["account"]["key"] for node in nodes} == listing
    assert max(Counter(node["id"] for node in nodes).values()) == 1
    assert {source["account"]["key"] for source in sources if source["status"] == "OK"} == listing
    assert all(source["exhausted"] for source in sources)
    accounts = defaultdict(set)
    for node in nodes:
        accounts[node["destination"]].add(node["account"]["key"])
    shared = [keys for keys in accounts.values() if len(keys) > 1]
    assert len(shared) > 20
    assert {"bitly", "dub", "kutt", "rebrandly", "shlink", "shortio", "tinyurl", "yourls"} <= set().union(*shared)


async def test_links_with_creation_times_are_newest_first_over_all_accounts() -> None:
    nodes, _ = await every_link()
    times = [node["createdAt"] for node in nodes if node["createdAt"] is not None]
    assert times == sorted(times, reverse=True)
