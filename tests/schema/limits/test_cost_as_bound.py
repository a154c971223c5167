"""An operation makes at most as many vendor calls as it costs."""

from typing import Any

import pytest

from harness.costs import CUTTLY, PICSEE, SHORTENWORLD, TINYCC, ask, calls_made, cold_gateway, cost, ids_of
from harness.gateway import Gateway, open_gateway

NOTHING_ASKED = [
    "{ __typename }",
    "{ providers { id name capabilities accounts { key label } } }",
    "{ accounts { id key provider { name } health { state } } }",
    '{ account(key: "nobody") { tags { name } } }',
    '{ account(key: "chevereto") { tags { name } domains { name } plan { name } links { nodes { id } } } }',
    '{ node(id: "nonsense") { id } }',
]


@pytest.mark.parametrize("query", NOTHING_ASKED)
async def test_an_operation_without_calls_costs_nothing(query: str) -> None:
    assert await cost(query) == 0


ASKING = [
    "{ links { nodes { id } } }",
    "{ links(first: 100) { nodes { id stats { clicks } } } }",
    "{ links(first: 9) { edges { node { stats { clicks sources { account { quotas { name } } } } } } } }",
    "{ links(first: 9) { nodes { stats { a: breakdown(by: COUNTRY) { by } b: breakdown(by: REFERRER) { by } } } } }",
    "{ links(first: 9) { nodes { stats { series { date } a: breakdown(by: INTEREST) { by } } } } }",
    "{ links(first: 60) { nodes { domain { kind } team { name } campaign { name team { name } } } } }",
    "{ links(first: 60) { nodes { tags { name accounts { key } } } } }",
    "{ links(first: 20) { nodes { trackers { name } } sources { account { quotas { name } } } } }",
    '{ links(filter: {search: "nothing has these words"}) { nodes { id } } }',
    '{ links(first: 5, filter: {tags: {any: ["launch"]}}) { nodes { id tags { links(first: 2) { nodes { id } } } } } }',
    '{ links(filter: {providers: ["shortenworld"], domains: ["apac.swlink.example"]}) { nodes { id } } }',
    '{ stats(filter: {tags: {any: ["launch"]}}) { clicks series { date } byAccount { account { plan { name } } } } }',
    '{ stats(filter: {accounts: ["picsee-main"], search: "spring"}) { clicks breakdown(by: COUNTRY) { by } } }',
    '{ link(shortUrl: "https://cutt.ly/spring-sale") { title stats { clicks botClicks } } }',
    '{ link(shortUrl: "https://cutt.ly/spring-sale") { clicks uniqueClicks stats { clicks } } }',
    "{ links(first: 20) { nodes { clicks uniqueClicks } } }",
    """{ stats(filter: {tags: {any: ["launch"]}}) { complete byAccount { clicks series { date } breakdown(by: OS) {
      accounts { tags { name } } buckets { counts { account { quotas { name } } } } } } } }""",
    '{ link(shortUrl: "https://go.example.com/p0an11") { title tags { name } account { tags { name } } } }',
    '{ link(shortUrl: "https://nobody.example/x") { title } }',
    "{ tags(first: 50) { nodes { name accounts { key } } sources { account { key } } } }",
    "{ domains { nodes { name kind https account { plan { name } } links(first: 1) { nodes { id } } } } }",
    "{ accounts { plan { name } quotas { name } tags { name } domains { name } teams { name } campaigns { name } } }",
    "{ accounts { trackers { name } trackingPresets { utmSources } webhooks { nodes { target { link { id } } } } } }",
    "{ accounts { externalIdUsage { links } links(first: 3) { nodes { id } } } }",
    "{ providers { accounts { tags { name } } } }",
]  # fmt: skip


@pytest.mark.parametrize("query", ASKING)
async def test_a_query_makes_at_most_as_many_calls_as_it_costs(query: str) -> None:
    gateway = cold_gateway()
    answer = await ask(gateway, query)
    assert "errors" not in answer
    assert 0 < calls_made(gateway) <= answer["extensions"]["cost"]["calls"] < 4_000


@pytest.mark.parametrize("account", [PICSEE, TINYCC, SHORTENWORLD])
async def test_a_lookup_of_links_makes_at_most_as_many_calls_as_it_costs(account: str) -> None:
    gateway = cold_gateway()
    found = await ids_of(gateway, account, 12)
    for query in (
        "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Link { title stats { clicks } trackers { name } } } }",
        'query ($ids: [ID!]!) { stats(links: $ids, range: { from: "2025-01-01", to: "2025-01-09" }) { clicks } }',
        "query ($ids: [ID!]!) { stats(links: $ids) { clicks series { date } breakdown(by: COUNTRY) { by } } }",
    ):
        gateway.forget_calls()
        answer = await ask(gateway, query, {"ids": found})
        assert "errors" not in answer
        assert calls_made(gateway) <= answer["extensions"]["cost"]["calls"] <= 12 * 4 + 25


WRITING: list[tuple[str, dict[str, Any]]] = [
    (
        "mutation ($inputs: [CreateLinkInput!]!) { createLinks(inputs: $inputs) { link { id } errors { message } } }",
        {
            "inputs": [
                {"accounts": [account], "destination": f"https://www.example.com/{account}/{i}", "ifExists": "RETURN"}
                for account in (PICSEE, TINYCC, CUTTLY)
                for i in range(2)
            ]
        },
    ),
    (
        "mutation ($input: CreateLinkInput!) { createLink(input: $input) { link { id stats { clicks } } } }",
        {"input": {"accounts": [TINYCC, PICSEE, CUTTLY], "destination": "https://www.example.com/x"}},
    ),
    ('mutation { createTag(account: "tinycc", name: "new") { tag { name links(first: 1) { nodes { id } } } } }', {}),
    (
        "mutation ($input: CreateWebhookInput!) { createWebhook(input: $input) { webhook { id } } }",
        {"input": {"account": TINYCC, "domain": "go.shopdemo.example", "url": "https://www.example.com/hook"}},
    ),
    ('mutation { refresh(accounts: ["tinycc"]) { accounts { tags { name } } } }', {}),
]  # fmt: skip


@pytest.mark.parametrize(("query", "variables"), WRITING)
async def test_a_mutation_makes_at_most_as_many_calls_as_it_costs(query: str, variables: dict[str, Any]) -> None:
    gateway = cold_gateway()
    answer = await ask(gateway, query, variables)
    assert "errors" not in answer
    assert calls_made(gateway) <= answer["extensions"]["cost"]["calls"]


@pytest.mark.parametrize("account", [PICSEE, TINYCC, SHORTENWORLD])
async def test_updates_and_deletions_make_at_most_as_many_calls_as_they_cost(account: str) -> None:
    gateway = cold_gateway()
    found = await ids_of(gateway, account, 3)
    update = "mutation ($inputs: [UpdateLinkInput!]!) { updateLinks(inputs: $inputs) { applied link { id } } }"
    changes = [{"id": each, "destination": "https://www.example.com/new", "addTags": ["new"]} for each in found]
    delete = "mutation ($ids: [ID!]!) { deleteLinks(ids: $ids) { deleted } }"
    for query, variables in ((update, {"inputs": changes}), (delete, {"ids": found})):
        gateway.forget_calls()
        answer = await ask(gateway, query, variables)
        assert 0 < calls_made(gateway) <= answer["extensions"]["cost"]["calls"]


async def id_of(gateway: Gateway, query: str, *path: str | int) -> str:
    """The id at a place in an answer."""
    found = await gateway.data(query)
    for step in path:
        found = found[step]
    return str(found)


TRACKERS = '{ account(key: "shortenworld") { trackers { id } campaigns { id } } }'
WEBHOOK = """mutation { createWebhook(input: {account: "tinycc", domain: "go.shopdemo.example",
  url: "https://www.example.com/hook"}) { webhook { id } } }"""
OTHER_NODES: list[tuple[str, tuple[str | int, ...]]] = [
    (TRACKERS, ("account", "trackers", 0, "id")),
    (TRACKERS, ("account", "campaigns", 0, "id")),
    (WEBHOOK, ("createWebhook", "webhook", "id")),
]


@pytest.mark.parametrize(("query", "path"), OTHER_NODES)
async def test_a_lookup_of_other_objects_makes_at_most_as_many_calls_as_it_costs(
    query: str, path: tuple[str | int, ...]
) -> None:
    gateway = cold_gateway()
    node = await id_of(gateway, query, *path)
    gateway.forget_calls()
    answer = await ask(gateway, "query ($id: ID!) { node(id: $id) { id } }", {"id": node})
    assert answer["data"] == {"node": {"id": node}}
    assert 0 < calls_made(gateway) <= answer["extensions"]["cost"]["calls"]


async def test_restoring_and_resetting_make_at_most_as_many_calls_as_they_cost() -> None:
    gateway = cold_gateway()
    (deleted,), counted = await ids_of(gateway, PICSEE, 1), await ids_of(gateway, TINYCC, 3)
    await gateway.data("mutation ($ids: [ID!]!) { deleteLinks(ids: $ids) { deleted } }", ids=[deleted])
    restore = "mutation ($id: ID!) { restoreLink(id: $id) { link { id } } }"
    reset = "mutation ($ids: [ID!]!) { resetStats(ids: $ids) { reset } }"
    for query, variables in ((restore, {"id": deleted}), (reset, {"ids": counted})):
        gateway.forget_calls()
        answer = await ask(gateway, query, variables)
        assert 0 < calls_made(gateway) <= answer["extensions"]["cost"]["calls"]


@pytest.mark.parametrize(
    "short_url", ["http://[", "nonsense", "https://nobody.example/x", "", "https://cutt.ly/nothing"]
)
async def test_any_short_url_has_a_cost(short_url: str) -> None:
    gateway = open_gateway()
    body = {"query": "query ($url: URL) { link(shortUrl: $url) { id } }", "variables": {"url": short_url}}
    async with gateway.client() as client:
        answer = (await client.post("/graphql", json={**body, "extensions": {"cost": True}})).json()
    assert calls_made(gateway) <= answer["extensions"]["cost"]["calls"]
