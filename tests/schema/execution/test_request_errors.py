"""Errors of requests that are not executed say which argument or variable is wrong."""

from typing import Any

import pytest

from harness.gateway import open_gateway

LINKS = "query ($f: LinkFilter) { links(filter: $f) { nodes { id } } }"
PAGE = "query ($n: Int!, $f: LinkFilter) { links(first: $n, filter: $f) { nodes { id } } }"
NODES = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"


@pytest.mark.parametrize(
    ("query", "variables", "fields"),
    [
        (LINKS, {"f": {"acounts": []}}, ["$f"]),
        (LINKS, {"f": {"accounts": [{}]}}, ["$f.accounts[0]"]),
        (LINKS, {"f": {"origin": "APII"}}, ["$f.origin"]),
        (LINKS, {"f": 5}, ["$f"]),
        (PAGE, {}, ["$n"]),
        (PAGE, {"n": None}, ["$n"]),
        (PAGE, {"n": "x", "f": {"tags": 5, "accounts": ["a", None]}}, ["$n", "$f.accounts[1]", "$f.tags"]),
        (NODES, {"ids": ["a", {}, "b", None]}, ["$ids[1]", "$ids[3]"]),
        (NODES, {"ids": [{}] * 1_000}, [f"$ids[{index}]" for index in range(50)]),
    ],
)
async def test_an_error_in_a_variable_names_the_variable_and_the_field_in_it(
    query: str, variables: dict[str, Any], fields: list[str]
) -> None:
    reply = await open_gateway().ask(query, **variables)
    assert reply.data is None
    assert [error["extensions"] for error in reply.errors] == [
        {"code": "INVALID_INPUT", "field": field} for field in fields
    ]
    assert all("has invalid value" in error["message"] for error in reply.errors)


async def test_a_variable_with_a_default_may_be_left_out() -> None:
    reply = await open_gateway().ask("query ($i: Boolean! = true) { accounts @include(if: $i) { key } }")
    assert reply.data["accounts"]
