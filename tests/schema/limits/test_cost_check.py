"""An operation over the cost limit is rejected before any call. The response has the cost on request."""

from collections.abc import Mapping
from typing import Any

import pytest

from harness.costs import ask, refusal
from harness.gateway import Reply, open_gateway

EXPENSIVE = """
query Report {
  links(first: 100) {
    nodes { tags { links(first: 100) { nodes { stats { countries: breakdown(by: COUNTRY) { by } } } } } }
  }
}
"""


async def test_an_operation_over_the_cost_limit_is_rejected_before_any_call() -> None:
    gateway = open_gateway()
    answer = await ask(gateway, EXPENSIVE)
    extensions = refusal(answer)
    value = extensions["limit"]["value"]
    assert answer["data"] is None
    assert value > 100_000
    assert extensions == {
        "code": "INVALID_INPUT",
        "limit": {"name": "cost", "value": value, "max": 5_000},
        "costliest": "links.nodes.tags.links.nodes.stats.countries",
    }
    assert answer["errors"][0]["message"] == (
        f"The operation may need {value} calls to vendors; at most 5000 are allowed (limits.cost). "
        "Most of them are for links.nodes.tags.links.nodes.stats.countries. "
        "Ask for fewer links (first), accounts (filter) or breakdowns at once."
    )
    assert answer["errors"][0]["locations"] == [{"line": 2, "column": 1}]
    told = answer["extensions"]["cost"]
    assert (told["calls"], told["max"], told["path"]) == (value, 5_000, extensions["costliest"])
    assert gateway.calls() == {}


async def test_the_same_document_may_run_with_smaller_variables() -> None:
    query = (
        "query ($n: Int!) { links(first: $n) { nodes { tags { links(first: $n) { nodes { stats { clicks } } } } } } }"
    )
    assert "limit" in refusal(await ask(open_gateway(), query, {"n": 100}))
    assert "errors" not in await ask(open_gateway(deadline_seconds=60), query, {"n": 2})


async def test_a_very_large_cost_is_reported_as_one_billion() -> None:
    query = "{ tags(first: 100) { nodes { " + "links(first: 100) { nodes { tags { " * 4 + "id" + " } } }" * 4 + " } } }"
    assert refusal(await ask(open_gateway(), query))["limit"]["value"] == 1_000_000_000


async def test_the_response_has_the_cost_only_if_the_request_asks_for_it() -> None:
    gateway, body = open_gateway(), {"query": "{ tags { nodes { id } } }"}
    async with gateway.client() as client:
        for extensions in (None, {}, {"cost": False}, {"cost": "yes"}, {"other": True}):
            response = await client.post("/graphql", json={**body, "extensions": extensions})
            assert "extensions" not in response.json()


async def test_an_incremental_response_has_the_cost_in_its_first_part() -> None:
    query = "{ links(first: 2) { nodes { id ... @defer { stats { clicks } } } } }"
    body = {"query": query, "extensions": {"cost": True}}
    async with open_gateway().client() as client:
        response = await client.post("/graphql", json=body, headers={"accept": "multipart/mixed"})
    assert '"extensions":{"cost":{"calls":15,"max":5000,"path":"links",' in response.text


async def test_an_invalid_document_has_no_cost() -> None:
    answer = await ask(open_gateway(), "{ nothing }")
    assert "extensions" not in answer
    assert refusal(answer) == {"code": "INVALID_INPUT"}


@pytest.mark.parametrize(
    "value",
    [
        None,
        -5,
        10**30,
        "x",
        [1],
        {"a": 1},
        True,
        2.5,
        {"accounts": 5, "providers": {"x": 1}, "tags": []},
        [None, 7, ["x"]],
    ],
)
async def test_no_value_of_a_variable_breaks_the_estimate(value: Any) -> None:
    query = """query ($a: Int, $b: LinkFilter, $c: [ID!]!, $d: ID!, $e: URL!, $f: String!, $g: Dimension!) {
      links(first: $a, filter: $b) { nodes { stats { breakdown(by: $g) { by } } } } nodes(ids: $c) { id }
      node(id: $d) { id }
      link(shortUrl: $e) { id } account(key: $f) { tags { name } } stats(links: $c) { clicks }
      tags(accounts: $c) { nodes { id } } accounts(providers: $c) { key }
    }"""
    answer = await ask(open_gateway(), query, dict.fromkeys("abcdefg", value))
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"INVALID_INPUT"}
    mutation = """mutation ($a: [CreateLinkInput!]!, $b: [UpdateLinkInput!]!, $c: UploadFileInput!, $d: [ID!]!) {
      createLinks(inputs: $a) { created } updateLinks(inputs: $b) { applied } uploadFile(input: $c) { link { id } }
      deleteLinks(ids: $d) { id }
    }"""
    answer = await ask(open_gateway(), mutation, dict.fromkeys("abcd", value))
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"INVALID_INPUT"}


async def reply_to(variables: Mapping[str, Any]) -> Reply:
    return await open_gateway().ask("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", **variables)


@pytest.mark.parametrize(
    "variables",
    [
        {"ids": ["x"] * 60_000},
        {"ids": [["x"] * 300] * 300},
        {"ids": [{str(i): i for i in range(250)}] * 250},
        {f"v{i}": i for i in range(60_000)},
    ],
)
async def test_too_many_values_in_variables_are_rejected(variables: dict[str, Any]) -> None:
    reply = await reply_to(variables)
    limit = reply.error["extensions"]["limit"]
    assert (limit["name"], limit["max"]) == ("variable_values", 50_000)
    assert limit["value"] > 50_000
    assert reply.error["message"].startswith("The request has more than 50000 values in its variables")


async def test_a_very_deeply_nested_variable_is_invalid_input() -> None:
    deep: Any = "x"
    for _ in range(900):
        deep = [deep]
    assert (await reply_to({"ids": deep})).codes == ["INVALID_INPUT"]
