from collections import Counter
from typing import Any

import pytest

from harness.gateway import Gateway, open_gateway
from harness.sandbox_truth import short_urls

PAGE = """
query ($first: Int, $after: String, $filter: LinkFilter) {
  links(first: $first, after: $after, filter: $filter) {
    edges { cursor node { shortUrl account { key } createdAt } }
    nodes { shortUrl }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    sources { account { key } status returned exhausted }
  }
}
"""
ALONE = """
query ($key: String!, $after: String) {
  account(key: $key) {
    links(first: 100, after: $after) { nodes { shortUrl } pageInfo { hasNextPage endCursor } }
  }
}
"""
LISTING = ("picsee-main", "shortenworld", "tinycc")


async def read_to_the_end(gateway: Gateway, first: int, **arguments: Any) -> list[Any]:
    pages: list[Any] = []
    after = None
    while not pages or pages[-1]["pageInfo"]["hasNextPage"]:
        pages.append((await gateway.data(PAGE, first=first, after=after, **arguments))["links"])
        after = pages[-1]["pageInfo"]["endCursor"]
    return pages


def urls_by_account(pages: list[Any]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {key: [] for key in LISTING}
    for page in pages:
        for edge in page["edges"]:
            found[edge["node"]["account"]["key"]].append(edge["node"]["shortUrl"])
    return found


async def asked_alone(gateway: Gateway, key: str) -> list[str]:
    urls: list[str] = []
    after, more = None, True
    while more:
        page = (await gateway.data(ALONE, key=key, after=after))["account"]["links"]
        urls += [link["shortUrl"] for link in page["nodes"]]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    return urls


@pytest.mark.parametrize("first", [7, 20, 100])
async def test_pages_to_the_end_return_every_link_of_every_vendor_once(first: int) -> None:
    gateway = open_gateway()
    truth = short_urls(gateway.clock)
    pages = await read_to_the_end(gateway, first)
    found = urls_by_account(pages)
    assert {key: Counter(urls) for key, urls in found.items()} == {key: Counter(truth[key]) for key in LISTING}
    assert [len(page["edges"]) for page in pages[:-1]] == [first] * (len(pages) - 1)


@pytest.mark.parametrize("tag", ["podcast", "no such tag"])
async def test_pages_of_one_link_return_every_link_once(tag: str) -> None:
    gateway, wanted = open_gateway(), {"tags": {"any": [tag]}}
    in_one = urls_by_account(await read_to_the_end(gateway, 100, filter=wanted))
    one_by_one = await read_to_the_end(gateway, 1, filter=wanted)
    assert urls_by_account(one_by_one) == in_one
    assert all(in_one.values()) is (tag == "podcast")
    assert len(one_by_one) == max(1, sum(map(len, in_one.values())))


async def test_a_merged_list_keeps_each_accounts_own_order() -> None:
    gateway = open_gateway()
    together = urls_by_account(await read_to_the_end(gateway, 30))
    for key in LISTING:
        assert together[key] == await asked_alone(gateway, key)


async def test_links_with_a_creation_time_are_sorted_newest_first() -> None:
    pages = await read_to_the_end(open_gateway(), 100)
    times = [edge["node"]["createdAt"] for page in pages for edge in page["edges"] if edge["node"]["createdAt"]]
    assert len(times) > 150
    assert times == sorted(times, reverse=True)


@pytest.mark.parametrize("first", [2, 7, 20, 100])
async def test_an_account_without_creation_times_is_on_the_first_page(first: int) -> None:
    page = (await open_gateway().data(PAGE, first=first))["links"]
    assert "tinycc" in {edge["node"]["account"]["key"] for edge in page["edges"]}


async def test_sources_are_exhausted_on_the_last_page_and_unsupported_ones_on_the_first() -> None:
    pages = await read_to_the_end(open_gateway(), 100)
    first = {source["account"]["key"]: source for source in pages[0]["sources"]}
    assert {key for key, source in first.items() if source["exhausted"]} == {"chevereto", "cuttly"}
    assert all(source["exhausted"] for source in pages[-1]["sources"])
    assert not pages[-1]["pageInfo"]["hasNextPage"]


async def test_a_source_counts_its_items_on_the_page() -> None:
    for page in await read_to_the_end(open_gateway(), 100):
        counted = Counter(edge["node"]["account"]["key"] for edge in page["edges"])
        assert {s["account"]["key"]: s["returned"] for s in page["sources"] if s["returned"]} == counted


async def test_only_the_first_page_has_no_previous_page() -> None:
    pages = await read_to_the_end(open_gateway(), 100)
    assert [page["pageInfo"]["hasPreviousPage"] for page in pages] == [False, *[True] * (len(pages) - 1)]


async def test_the_cursor_of_an_edge_leads_to_the_items_after_it() -> None:
    gateway = open_gateway()
    page = (await gateway.data(PAGE, first=10))["links"]
    assert page["pageInfo"]["startCursor"] == page["edges"][0]["cursor"]
    assert page["nodes"] == [{"shortUrl": edge["node"]["shortUrl"]} for edge in page["edges"]]
    for place in (0, 4, 8):
        rest = await gateway.data(PAGE, first=9 - place, after=page["edges"][place]["cursor"])
        assert rest["links"]["nodes"] == page["nodes"][place + 1 :]


async def test_the_cursor_of_the_last_edge_leads_where_the_end_cursor_leads() -> None:
    gateway = open_gateway()
    page = (await gateway.data(PAGE, first=10))["links"]
    by_edge = await gateway.data(PAGE, first=5, after=page["edges"][-1]["cursor"])
    by_end = await gateway.data(PAGE, first=5, after=page["pageInfo"]["endCursor"])
    assert by_edge["links"]["nodes"] == by_end["links"]["nodes"]


async def test_a_page_after_the_end_is_empty_and_makes_no_call() -> None:
    gateway = open_gateway()
    wanted = {"tags": {"any": ["podcast"]}}
    end = (await read_to_the_end(gateway, 100, filter=wanted))[-1]["pageInfo"]["endCursor"]
    gateway.forget_calls()
    page = (await gateway.data(PAGE, first=10, after=end, filter=wanted))["links"]
    assert page["edges"] == []
    assert not page["pageInfo"]["hasNextPage"]
    assert gateway.calls() == {}


async def test_two_accounts_at_one_vendor_are_two_lists() -> None:
    accounts = [
        {"key": key, "provider": "picsee", "base_url": "http://sandbox/picsee", "plan": plan, "token": token}
        for key, plan, token in (
            ("one", "advanced", "sandbox-picsee-token"),
            ("two", "basic", "sandbox-picsee-basic-token"),
        )
    ]
    gateway = open_gateway(accounts=accounts)
    truth = sorted(short_urls(gateway.clock)["picsee-main"])
    edges = [edge["node"] for page in await read_to_the_end(gateway, 40) for edge in page["edges"]]
    for key in ("one", "two"):
        assert sorted(node["shortUrl"] for node in edges if node["account"]["key"] == key) == truth
