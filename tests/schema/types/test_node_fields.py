from typing import Any

import pytest

from harness.gateway import UNCACHED, Gateway, open_gateway
from harness.wrong_arguments import node_id

NODES = """
query ($ids: [ID!]!) {
  nodes(ids: $ids) {
    __typename
    id
    ... on Account { key }
    ... on Campaign { name account { key } team { id name } }
    ... on Domain { name account { key } kind team { id } }
    ... on Link { shortUrl destination account { key } }
    ... on Tag { name accounts { key } }
    ... on Team { name account { key } }
    ... on Tracker { name service: kind code scope account { key } }
    ... on Webhook { url event method headers { name value } account { key } }
  }
}
"""
SEEN = """
{
  accounts {
    __typename id key
    campaigns { __typename id name account { key } team { id name } }
    domains { __typename id name account { key } kind team { id } }
    tags { __typename id name accounts { key } }
    teams { __typename id name account { key } }
    trackers { __typename id name service: kind code scope account { key } }
    webhooks { nodes { __typename id url event method headers { name value } account { key } } }
    links(first: 5) {
      nodes {
        __typename id shortUrl destination account { key }
        trackers { __typename id name service: kind code scope account { key } }
      }
    }
  }
  link(shortUrl: "https://cutt.ly/spring-sale") { __typename id shortUrl destination account { key } }
}
"""


def nodes_in(data: Any) -> dict[str, Any]:
    """Every node that was seen, by id, without what is nested in it."""
    found = {data["link"]["id"]: data["link"]}
    for account in data["accounts"]:
        found[account["id"]] = {name: account[name] for name in ("__typename", "id", "key")}
        for field in ("campaigns", "domains", "tags", "teams", "trackers"):
            found |= {node["id"]: node for node in account[field] or []}
        found |= {node["id"]: node for node in (account["webhooks"] or {"nodes": []})["nodes"]}
        for link in (account["links"] or {"nodes": []})["nodes"]:
            found |= {node["id"]: node for node in link.pop("trackers") or []}
            found[link["id"]] = link
    return found


async def read(gateway: Gateway, *ids: str) -> list[Any]:
    nodes: list[Any] = (await gateway.data(NODES, ids=ids))["nodes"]
    return nodes


async def test_nodes_returns_every_kind_of_object_by_its_id() -> None:
    gateway = open_gateway()
    seen = nodes_in(await gateway.data(SEEN))
    kinds = {node["__typename"] for node in seen.values()}
    assert kinds == {"Account", "Campaign", "Domain", "Link", "Tag", "Team", "Tracker", "Webhook"}
    assert {node["scope"] for node in seen.values() if "scope" in node} == {"CATALOG", "TEAM", "LINK"}
    ids = sorted(seen, reverse=True)
    assert await read(gateway, *ids) == [seen[each] for each in ids]


async def test_node_returns_the_same_object_as_nodes() -> None:
    gateway = open_gateway()
    seen = nodes_in(await gateway.data(SEEN))
    of_each_kind = {node["__typename"]: each for each, node in seen.items()}
    for each in of_each_kind.values():
        query = NODES.replace("$ids: [ID!]!", "$id: ID!").replace("nodes(ids: $ids)", "node(id: $id)")
        assert (await gateway.data(query, id=each))["node"] == seen[each]


async def test_ids_are_the_same_on_every_server_with_the_same_accounts() -> None:
    assert nodes_in(await open_gateway().data(SEEN)) == nodes_in(await open_gateway(secret="another").data(SEEN))


UNKNOWN = [
    node_id("Account", "nobody"),
    node_id("Campaign", "shortenworld", "camp-999"),
    node_id("Campaign", "tinycc", "camp-101"),
    node_id("Domain", "tinycc", "nobodys.example"),
    node_id("Domain", "nobody", "go.shopdemo.example"),
    node_id("Domain", "chevereto", "pic.li"),
    node_id("Link", "nobody", "x"),
    node_id("Link", "picsee-main", "no-such-slug"),
    node_id("Link", "picsee-main", ""),
    node_id("Link", "picsee-main", "../../my/api/status"),
    node_id("Link", "shortenworld", "65affff"),
    node_id("Link", "tinycc", "go.shopdemo.example/nothing"),
    node_id("Link", "tinycc", "nobodys.example/card"),
    node_id("Link", "tinycc", "no slash"),
    node_id("Link", "cuttly", "cutt.ly/nothing"),
    node_id("Link", "cuttly", "nothing at all"),
    node_id("Link", "chevereto", "x"),
    node_id("Tag", "no such tag"),
    node_id("Team", "shortenworld", "team-999"),
    node_id("Team", "picsee-main", "team-apac"),
    node_id("Tracker", "shortenworld", "CATALOG", "", "999"),
    node_id("Tracker", "shortenworld", "TEAM", "team-apac", "999"),
    node_id("Tracker", "shortenworld", "ELSEWHERE", "", "1"),
    node_id("Tracker", "tinycc", "CATALOG", "", "1"),
    node_id("Upload", "chevereto", "x"),
    node_id("Webhook", "tinycc", "999"),
    node_id("Webhook", "cuttly", "2"),
]


async def test_unknown_ids_are_null_at_their_indexes() -> None:
    gateway = open_gateway()
    known = node_id("Account", "tinycc")
    nodes = await read(gateway, *UNKNOWN, known)
    assert nodes == [*[None] * len(UNKNOWN), {"__typename": "Account", "id": known, "key": "tinycc"}]


@pytest.mark.parametrize("given", [each for each in UNKNOWN if each.startswith(node_id("Link", "")[:6])])
async def test_an_unknown_link_is_null(given: str) -> None:
    assert await open_gateway().data("query ($id: ID!) { link(id: $id) { id } }", id=given) == {"link": None}


async def test_an_id_that_is_sent_twice_is_refused_without_a_call() -> None:
    gateway, link = open_gateway(), node_id("Link", "tinycc", "go.shopdemo.example/card")
    reply = await gateway.ask(
        "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=[link, node_id("Account", "tinycc"), link]
    )
    (error,) = reply.errors
    assert error["extensions"] == {"code": "INVALID_INPUT", "field": "ids[2]"}
    assert error["message"] == "ids[2]: is the same as ids[0]; send each ID once"
    assert gateway.calls() == {}


async def test_a_malformed_id_is_an_error_at_its_own_place() -> None:
    known = node_id("Account", "tinycc")
    reply = await open_gateway().ask("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=["nonsense", known])
    assert reply.data == {"nodes": [None, {"id": known}]}
    (error,) = reply.errors
    assert (error["path"], error["extensions"]) == (["nodes", 0], {"code": "INVALID_INPUT", "field": "ids[0]"})


async def test_nodes_without_ids_is_an_empty_list() -> None:
    assert await read(open_gateway()) == []


@pytest.mark.parametrize("broken", ["picsee", "shortenworld", "tinycc", "cuttly"])
async def test_objects_of_a_failing_vendor_are_null_at_their_indexes(broken: str) -> None:
    gateway = open_gateway(sections=UNCACHED)
    seen = nodes_in(await gateway.data(SEEN))
    links = {each: node for each, node in seen.items() if node["__typename"] == "Link"}
    key = {"picsee": "picsee-main"}.get(broken, broken)
    gateway.break_provider(broken, "reset")
    reply = await gateway.ask(NODES, ids=list(links))
    lost = [place for place, node in enumerate(links.values()) if node["account"]["key"] == key]
    assert reply.data["nodes"] == [None if place in lost else node for place, node in enumerate(links.values())]
    assert reply.failing_paths() == {("nodes", place): "UNAVAILABLE" for place in lost}


async def test_a_failing_vendor_is_not_called_for_each_of_many_links() -> None:
    gateway = open_gateway(sections=UNCACHED)
    query = '{ links(first: 40, filter: { accounts: ["picsee-main"] }) { nodes { id } } }'
    ids = [link["id"] for link in (await gateway.data(query))["links"]["nodes"]]
    gateway.break_provider("picsee", "reset")
    gateway.forget_calls()
    reply = await gateway.ask("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=ids)
    assert reply.data["nodes"] == [None] * 40
    assert len(reply.errors) == 40
    assert len(gateway.calls()["picsee"]) <= 6


async def test_a_tag_is_found_in_the_links_of_an_account_without_a_tag_list() -> None:
    gateway = open_gateway()
    gateway.break_provider("picsee", "status", status=500)
    gateway.break_provider("tinycc", "status", status=500)
    (tag,) = await read(gateway, node_id("Tag", "podcast"))
    assert tag["name"] == "podcast"


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://cutt.ly/spring-sale", "cuttly"),
        ("http://cutt.ly/spring-sale", "cuttly"),
        ("https://CUTT.ly/spring-sale", "cuttly"),
        ("https://cutt.ly/spring-sale/", "cuttly"),
        ("https://cutt.ly/spring-sale?utm_source=x#y", "cuttly"),
        ("https://go.brand-demo.example/spring", "cuttly"),
        ("https://go.shopdemo.example/card", "tinycc"),
        ("https://m.shopdemo.example/card", "tinycc"),
    ],
)
async def test_a_short_url_is_looked_up_at_the_account_that_owns_its_domain(url: str, key: str) -> None:
    query = "query ($url: URL) { link(shortUrl: $url) { account { key } destination } }"
    link = (await open_gateway().data(query, url=url))["link"]
    assert link["account"]["key"] == key
    assert link["destination"].startswith("https://www.example.com/")


async def test_link_returns_every_listed_link_by_its_short_url() -> None:
    gateway = open_gateway()
    query = "{ accounts { links(first: 3) { nodes { id shortUrl } } } }"
    links = [link for account in (await gateway.data(query))["accounts"] for link in account["links"]["nodes"]]
    assert len(links) == 9
    for link in links:
        found = await gateway.data("query ($url: URL) { link(shortUrl: $url) { id shortUrl } }", url=link["shortUrl"])
        assert found["link"] == link


@pytest.mark.parametrize(
    "url",
    [
        "https://nobodys.example/x",
        "https://cutt.ly/no-such-alias",
        "https://go.shopdemo.example/nothing",
        "https://pse.is/nothing",
        "https://apac.swlink.example/nothing",
        "https://cutt.ly:8443/spring-sale",
        "https://bücher.example/x",
        "https://cutt.ly/%00",
        "https://cutt.ly/a/b/c",
    ],
)
async def test_an_unknown_short_url_is_null(url: str) -> None:
    query = "query ($url: URL) { link(shortUrl: $url) { id } }"
    assert await open_gateway().data(query, url=url) == {"link": None}
