"""The cost of an operation depends on its arguments, its variables and its accounts."""

import sys
from inspect import iscoroutinefunction
from typing import Any

import pytest
from graphql import GraphQLObjectType

from harness.costs import PICSEE, SHORTENWORLD, TINYCC, ask, calls_made, cost, ids_of
from harness.gateway import open_gateway
from linkweave.providers.discovery import discover
from linkweave.sandbox import sandbox_accounts
from linkweave.schema.build import build_schema
from linkweave.schema.limits.cost.rules import COST_RULES


def page(selection: str, first: str = "9", account: str = PICSEE) -> str:
    """A selection on links of one account."""
    return f'links(first: {first}, filter: {{accounts: ["{account}"]}}) {{ nodes {{ {selection} }} }}'


TWO = "a: breakdown(by: COUNTRY) { by } b: breakdown(by: REFERRER) { by }"
CLICKS = "stats { clicks }"


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        # Four lists, two more pages of them, and one call to find the lists. Then a call per link and breakdown.
        (page("id", "100"), 4 + 2 + 1),
        (page(CLICKS, "100"), 7 + 100),
        (page(f"stats {{ {TWO} }}", "100"), 7 + 200),
        (page(f"stats {{ clicks {TWO} }}", "100", TINYCC), 4 + 1),
        (page(f"stats {{ clicks {TWO} }}", "10", SHORTENWORLD), 2 + 1 + 10),
        # Fields that one call returns cost one call, wherever they are selected.
        (page("stats { clicks uniqueClicks series { date } }"), 5 + 9),
        (page(f"{CLICKS} stats {{ uniqueClicks }}"), 5 + 9),
        (page(f"{CLICKS} again: {CLICKS}"), 5 + 18),
        # A shared call counts once, for any number of objects.
        (page("account { tags { name } domains { name } } domain { kind } tags { accounts { key } }"), 5 + 2 + 1),
        ('a: account(key: "picsee-main") { tags { name } } b: accounts { tags { name } } tags { nodes { name } }', 2),
        # Fragments count where they are.
        (page(f"... on Node {{ ... on Link {{ {CLICKS} }} }}"), 5 + 9),
        # A filter may pass over 2,000 links of an account; the filter on accounts does not.
        ('links(first: 1, filter: {accounts: ["picsee-main"], search: "x"}) { nodes { id } }', 4 + 40 + 1),
        ('links(first: 1, filter: {providers: ["picsee"], search: null}) { nodes { id } }', 4 + 1),
        ('account(key: "picsee-main") { links(first: 1, filter: {accounts: ["tinycc"]}) { nodes { id } } }', 0),
    ],
)  # fmt: skip
async def test_the_cost_follows_the_arguments(selection: str, expected: int) -> None:
    assert await cost(f"{{ {selection} }}") == expected


FRAGMENTS = f"{{ {page('...F')} }} fragment F on Link {{ stats {{ ...G }} }} fragment G on Stats {{ clicks }}"


@pytest.mark.parametrize(
    ("query", "variables", "expected"),
    [
        (FRAGMENTS, {}, 5 + 9),
        (f"query ($n: Int) {{ {page(CLICKS, '$n')} }}", {"n": 7}, 5 + 7),
        (f"query ($n: Int) {{ {page(CLICKS, '$n')} }}", {}, 5 + 20),
        (f"query ($n: Int = 3) {{ {page(CLICKS, '$n')} }}", {}, 5 + 3),
        (f"query ($n: Int = 3) {{ {page(CLICKS, '$n')} }}", {"n": None}, 5 + 20),
        ("query ($f: LinkFilter) { links(filter: $f) { nodes { id } } }", {"f": {"providers": ["picsee"]}}, 5),
        ("query ($p: [ID!]) { links(filter: {providers: $p}) { nodes { id } } }", {"p": "picsee"}, 5),
        (f"query ($by: Dimension!) {{ {page('stats { breakdown(by: $by) { by } }')} }}", {"by": "DEVICE"}, 5 + 9),
        (f"query ($by: Dimension!) {{ {page('stats { breakdown(by: $by) { by } }')} }}", {"by": "BOT"}, 5),
        # A skipped field costs nothing.
        (f"query ($x: Boolean!) {{ {page('stats @include(if: $x) { clicks }')} }}", {"x": False}, 5),
        (f"query ($x: Boolean!) {{ {page('stats @include(if: $x) { clicks }')} }}", {"x": True}, 5 + 9),
        (f"query ($x: Boolean!) {{ {page('... @skip(if: $x) { stats { clicks } }')} }}", {"x": True}, 5),
        (f"query ($x: Boolean!) {{ {page('stats { clicks @skip(if: $x) }')} }}", {"x": True}, 5),
        (f"query ($x: Boolean!) {{ {page('stats @skip(if: $x) { clicks } stats { clicks }')} }}", {"x": True}, 5 + 9),
    ],
)  # fmt: skip
async def test_the_cost_follows_the_variables(query: str, variables: dict[str, Any], expected: int) -> None:
    gateway = open_gateway()
    body = {"query": query, "variables": variables, "extensions": {"cost": True}}
    async with gateway.client() as client:
        answer = (
            await client.post("/graphql", json={**body, "operationName": "A" if "query A" in query else None})
        ).json()
    assert answer["extensions"]["cost"]["calls"] == expected


async def test_the_cost_is_that_of_the_operation_that_runs() -> None:
    query = "query A { __typename } query B { tags { nodes { id } } }"
    told = {}
    async with open_gateway().client() as client:
        for name in "AB":
            body = {"query": query, "operationName": name, "extensions": {"cost": True}}
            told[name] = (await client.post("/graphql", json=body)).json()["extensions"]["cost"]["calls"]
    assert told == {"A": 0, "B": 2}


async def test_the_cost_of_ids_depends_on_their_accounts() -> None:
    gateway = open_gateway(deadline_seconds=60)
    tiny, pic = await ids_of(gateway, TINYCC, 9), await ids_of(gateway, PICSEE, 9)
    parts = "... on Link { stats { clicks } } ... on Account { tags { name } }"
    query = f"query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ {parts} }} }}"
    assert await cost(query, {"ids": tiny}, gateway) == 4  # one call for each of its domains
    assert await cost(query, {"ids": pic}, gateway) == 9 + 4 + 9
    assert await cost(query, {"ids": [*tiny, *pic]}, gateway) == 4 + 22
    accounts = [each["id"] for each in (await gateway.data("{ accounts { id } }"))["accounts"]]
    assert await cost(query, {"ids": accounts}, gateway) == 2  # the tags of the two that list any
    assert await cost(query, {"ids": ["nonsense"] * 50}, gateway) == 0


NODES = {
    "Team": ('{ account(key: "shortenworld") { teams { id } } }', "teams", 1),
    "Domain": ('{ account(key: "tinycc") { domains { id } } }', "domains", 1),
    "Tag": ('{ account(key: "tinycc") { tags { id } } }', "tags", 2 + 3 + 20),
}


@pytest.mark.parametrize("kind", NODES)
async def test_the_cost_of_other_ids_is_that_of_the_list_with_the_object(kind: str) -> None:
    gateway = open_gateway(deadline_seconds=60)
    query, field, expected = NODES[kind]
    (node, *_) = (await gateway.data(query))["account"][field]
    gateway.forget_calls()
    answer = await ask(gateway, "query ($id: ID!) { node(id: $id) { id } }", {"id": node["id"]})
    assert answer["data"]["node"] == {"id": node["id"]}
    assert calls_made(gateway) <= answer["extensions"]["cost"]["calls"] == expected


async def test_more_accounts_cost_more() -> None:
    (one,) = (table for table in sandbox_accounts(discover(), "http://sandbox") if table["key"] == PICSEE)
    tables = [{**one, "key": f"picsee-{i}"} for i in range(3)]
    assert await cost("{ links(first: 10) { nodes { id } } }", gateway=open_gateway(accounts=tables)) == 3 * 5
    assert (
        await cost("{ links(first: 10) { nodes { stats { clicks } } } }", gateway=open_gateway(accounts=tables)) == 25
    )
    assert await cost("{ accounts { tags { name } } }", gateway=open_gateway(accounts=tables)) == 3


async def test_the_cost_of_nested_lists_of_many_accounts_takes_little_work() -> None:
    (one,) = (table for table in sandbox_accounts(discover(), "http://sandbox") if table["key"] == PICSEE)
    gateway = open_gateway(accounts=[{**one, "key": f"picsee-{i}"} for i in range(30)])
    inner = "tags { accounts { links(first: 100) { nodes { " * 3 + "id" + " } } } }" * 3
    query = f"{{ links {{ nodes {{ {inner} }} }} }}"
    await cost(query, gateway=gateway)  # reads the document
    called = 0

    def count(*_: object) -> None:
        nonlocal called
        called += 1

    sys.setprofile(count)
    try:
        assert await cost(query, gateway=gateway) == 1_000_000_000
    finally:
        sys.setprofile(None)
    assert called < 300_000


def resolved_asynchronously() -> set[tuple[str, str]]:
    """The fields of the schema that may wait for something."""
    types = build_schema()._schema.type_map.values()  # noqa: SLF001 - strawberry hands out no other
    return {
        (each.name, name)
        for each in types
        if isinstance(each, GraphQLObjectType)
        for name, field in each.fields.items()
        if (strawberry := field.extensions.get("strawberry-definition")) is not None
        and strawberry.base_resolver is not None
        and iscoroutinefunction(strawberry.base_resolver.wrapped_func)
    }


def test_every_asynchronous_field_has_a_cost_rule() -> None:
    links = {(f"{kind}Payload", "link") for kind in ("Link", "UpdateLink", "Upload")}
    paid_with_their_parents = {("Stats", "sources"), ("StatsGroupNode", "label"), *links}
    assert resolved_asynchronously() - paid_with_their_parents <= COST_RULES.keys()


def test_every_cost_rule_belongs_to_a_field() -> None:
    types = build_schema()._schema.type_map  # noqa: SLF001 - as above
    for kind, name in COST_RULES:
        priced = types[kind]
        assert isinstance(priced, GraphQLObjectType)
        assert name in priced.fields
