"""Lists of links before and after filtering, and what a filter should leave."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from harness.gateway import Gateway, open_gateway

PAGE = """
query ($filter: LinkFilter, $after: String) {
  links(first: 100, after: $after, filter: $filter) {
    nodes {
      shortUrl slug title note destination createdAt externalId archived starred
      tags { name } domain { name } team { id name } campaign { id name }
      account { key id } provider { id }
    }
    pageInfo { hasNextPage endCursor }
    sources { account { key } status exhausted notice }
  }
}
"""

Test: TypeAlias = Callable[[Any], bool]


async def read_all(gateway: Gateway, wanted: dict[str, Any] | None = None) -> list[Any]:
    links: list[Any] = []
    after, more = None, True
    while more:
        page = (await gateway.data(PAGE, filter=wanted, after=after))["links"]
        assert {source["status"] for source in page["sources"]} <= {"OK", "UNSUPPORTED"}
        links += page["nodes"]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    return links


@dataclass(frozen=True)
class World:
    """A gateway, and every link that it lists when nothing is filtered."""

    gateway: Gateway
    links: list[Any]

    async def assert_filtered(self, wanted: dict[str, Any] | None, test: Test) -> list[Any]:
        """Asserts that the filter returns the links of the whole list that pass `test`."""
        left = [link for link in self.links if test(link)]
        assert in_lists(await read_all(self.gateway, wanted)) == in_lists(left), wanted
        return left


async def open_world() -> World:
    gateway = open_gateway()
    return World(gateway, await read_all(gateway))


def in_lists(links: list[Any]) -> dict[tuple[str, str], list[str]]:
    """Short URLs by account and domain: tiny.cc keeps the order of each domain, not one over all of them."""
    found: dict[tuple[str, str], list[str]] = {}
    for link in links:
        found.setdefault((link["account"]["key"], link["domain"]["name"]), []).append(link["shortUrl"])
    return found


def tags_of(link: Any) -> set[str]:
    return {tag["name"].casefold() for tag in link["tags"]}


def id_of(link: Any, field: str) -> str | None:
    return None if link[field] is None else str(link[field]["id"])


def made(link: Any) -> datetime | None:
    return None if link["createdAt"] is None else datetime.fromisoformat(link["createdAt"])


def found_by(words: str) -> Test:
    """ShortenWorld searches by its own rules: every word, in slug and title. The others look for the whole text."""

    def test(link: Any) -> bool:
        if link["provider"]["id"] == "shortenworld":
            text = f"{link['slug']} {link['title']}".casefold()
            return all(word in text for word in words.casefold().split())
        texts = (link["slug"], link["title"], link["note"], link["destination"])
        return any(words.casefold() in text.casefold() for text in texts if text is not None)

    return test
