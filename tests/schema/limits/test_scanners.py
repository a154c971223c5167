"""Scanners of GraphQL servers find nothing. The checks are those of graphql-cop."""

import json
from typing import Any

import httpx2
import pytest

from harness.gateway import open_gateway

JSON = {"content-type": "application/json"}
REFUSED = {
    "101 aliases": "query { " + " ".join(f"alias{i}: __typename" for i in range(101)) + " }",
    "500 times the same field": "query { " + "__typename \n" * 500 + "}",
    "introspection in circles": "query { __schema { types {" + " fields { type {" * 4 + " name" + " }" * 10 + " }",
    "fragments in circles": """query { __schema { ...A } }
        fragment A on __Schema { __typename ...B } fragment B on __Schema { ...A }""",
    "no operation": "qwerty cop { abc }",
}


async def send(method: str = "POST", **request: Any) -> httpx2.Response:
    async with open_gateway().client() as client:
        return await client.request(method, "/graphql", **request)


@pytest.mark.parametrize("query", REFUSED.values(), ids=REFUSED)
async def test_an_expensive_document_is_not_executed(query: str) -> None:
    answer = (await send(json={"query": query})).json()
    assert answer["data"] is None
    assert {key for error in answer["errors"] for key in error["extensions"]} <= {"code", "limit"}


async def test_an_error_that_occurs_ten_times_is_reported_once_with_all_positions() -> None:
    (error,) = (await send(json={"query": "query { __typename " + "@aa" * 10 + " }"})).json()["errors"]
    assert error["message"] == "Unknown directive '@aa'."
    assert [place["column"] for place in error["locations"]] == list(range(20, 50, 3))


async def test_different_errors_are_reported_separately() -> None:
    errors = (await send(json={"query": "{ xyz other xyz }"})).json()["errors"]
    assert [(error["message"], len(error["locations"])) for error in errors] == [
        ("Cannot query field 'xyz' on type 'Query'.", 2),
        ("Cannot query field 'other' on type 'Query'.", 1),
    ]


async def test_a_batch_is_not_executed() -> None:
    answer = await send(content=json.dumps([{"query": "{ __typename }"}] * 10), headers=JSON)
    assert (answer.status_code, "data" in answer.json()) == (400, False)


@pytest.mark.parametrize(
    ("method", "request_", "status"),
    [
        ("GET", {"params": {"query": "mutation { __typename }"}}, 405),
        ("POST", {"params": {"query": "query { __typename }"}}, 415),
        ("POST", {"data": {"query": "query { __typename }"}}, 415),
    ],
)
async def test_a_request_that_another_site_could_send_without_a_preflight_is_not_executed(
    method: str, request_: dict[str, Any], status: int
) -> None:
    answer = await send(method, **request_)
    assert (answer.status_code, "data" in answer.json()) == (status, False)


async def test_the_response_has_no_execution_trace() -> None:
    answer = await send(json={"query": "{ __typename }"}, headers={"x-apollo-tracing": "1"})
    assert answer.json() == {"data": {"__typename": "Query"}}
