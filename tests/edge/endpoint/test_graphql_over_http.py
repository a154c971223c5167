"""GraphQL over HTTP to the letter of the specification: media types, status codes, methods."""

import json
from collections.abc import Mapping
from typing import Any

import httpx2
import pytest

from harness.gateway import Gateway, open_gateway
from linkweave.edge.http.content_negotiation import GRAPHQL_JSON, JSON

QUERY = "{ accounts { key } }"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

# Well-formed requests that no resolver hears of.
NOT_EXECUTED: dict[str, dict[str, Any]] = {
    "syntax": {"query": "{ accounts {"},
    "an unknown field": {"query": "{ nope }"},
    "a wrong literal": {"query": "{ links(first: {}) { nodes { id } } }"},
    "a variable that is missing": {"query": "query ($k: String!) { account(key: $k) { key } }"},
    "a variable of the wrong type": {
        "query": "query ($k: String!) { account(key: $k) { key } }",
        "variables": {"k": [1]},
    },
    "no operation named": {"query": "query a { accounts { key } } query b { accounts { key } }"},
}


def accepting(gateway: Gateway, accept: str | None) -> httpx2.AsyncClient:
    client = gateway.client()
    del client.headers["accept"]
    if accept is not None:
        client.headers["accept"] = accept
    return client


async def post(gateway: Gateway, body: object, accept: str | None = None, **headers: str) -> httpx2.Response:
    given = {"content-type": "application/json", **headers}
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    async with accepting(gateway, accept) as client:
        return await client.post("/graphql", content=content, headers=given)


async def get(gateway: Gateway, accept: str | None = None, **parameters: str) -> httpx2.Response:
    async with accepting(gateway, accept) as client:
        return await client.get("/graphql", params=parameters)


def media_type(response: httpx2.Response) -> str:
    assert "Accept" in response.headers["vary"]
    kind, _, charset = response.headers["content-type"].partition("; ")
    assert charset == "charset=utf-8"
    return str(kind)


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, JSON),
        ("*/*", JSON),
        (JSON, JSON),
        (GRAPHQL_JSON, GRAPHQL_JSON),
        (f"{GRAPHQL_JSON},{JSON};q=0.9", GRAPHQL_JSON),
    ],
)
async def test_an_answer_has_the_accepted_media_type(accept: str | None, expected: str) -> None:
    gateway = open_gateway()
    for response in (await post(gateway, {"query": QUERY}, accept), await get(gateway, accept, query=QUERY)):
        assert (response.status_code, media_type(response)) == (200, expected)
        assert response.json()["data"]["accounts"]


@pytest.mark.parametrize("request_", NOT_EXECUTED.values(), ids=NOT_EXECUTED)
async def test_a_request_that_is_not_executed_is_a_bad_request_without_data(request_: Mapping[str, Any]) -> None:
    response = await post(open_gateway(), request_, GRAPHQL_JSON)
    assert (response.status_code, media_type(response)) == (400, GRAPHQL_JSON)
    body = response.json()
    assert body.keys() == {"errors"}
    assert {error["extensions"]["code"] for error in body["errors"]} == {"INVALID_INPUT"}


@pytest.mark.parametrize("request_", NOT_EXECUTED.values(), ids=NOT_EXECUTED)
@pytest.mark.parametrize("accept", [None, JSON])
async def test_with_plain_json_a_request_that_is_not_executed_has_the_status_200(
    request_: Mapping[str, Any], accept: str | None
) -> None:
    response = await post(open_gateway(), request_, accept)
    assert (response.status_code, media_type(response)) == (200, JSON)
    assert response.json()["data"] is None
    assert response.json()["errors"]


@pytest.mark.parametrize("accept", [JSON, GRAPHQL_JSON])
async def test_a_field_error_has_the_status_200(accept: str) -> None:
    gateway = open_gateway()
    gateway.break_provider("tinycc", "reset")
    partial = await post(gateway, {"query": '{ account(key: "tinycc") { tags { name } } }'}, accept)
    assert (partial.status_code, media_type(partial)) == (200, accept)
    assert partial.json()["data"] == {"account": {"tags": None}}
    assert partial.json()["errors"]


@pytest.mark.parametrize("accept", [JSON, GRAPHQL_JSON])
async def test_data_that_became_null_during_the_execution_has_the_status_200(accept: str) -> None:
    response = await post(open_gateway(), {"query": "{ links(first: 0) { nodes { id } } }"}, accept)
    assert (response.status_code, media_type(response)) == (200, accept)
    assert response.json()["data"] is None
    assert response.json()["errors"][0]["path"] == ["links"]


@pytest.mark.parametrize("accept", ["text/html", "image/png", f"{JSON};q=0, {GRAPHQL_JSON};q=0"])
async def test_a_client_that_accepts_no_format_is_refused_before_the_execution(accept: str) -> None:
    gateway = open_gateway()
    mutation = 'mutation { createTag(account: "tinycc", name: "x") { tag { name } } }'
    for response in (await post(gateway, {"query": mutation}, accept), await get(gateway, accept, query=QUERY)):
        assert (response.status_code, media_type(response)) == (406, JSON)
        assert GRAPHQL_JSON in response.json()["errors"][0]["message"]
    assert gateway.calls() == {}


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b'{"query": 5}', b'{"query": "{ x }", "variables": []}'])
@pytest.mark.parametrize("accept", [None, JSON, GRAPHQL_JSON])
async def test_a_malformed_request_is_a_bad_request_whatever_is_accepted(body: bytes, accept: str | None) -> None:
    response = await post(open_gateway(), body, accept)
    assert (response.status_code, media_type(response)) == (400, accept or JSON)
    assert response.json().keys() == {"errors"}


async def test_a_mutation_needs_post() -> None:
    gateway = open_gateway()
    mutation = 'mutation { createTag(account: "tinycc", name: "x") { tag { name } } }'
    for accept in (None, GRAPHQL_JSON):
        response = await get(gateway, accept, query=mutation)
        assert (response.status_code, response.headers["allow"]) == (405, "POST")
        assert "mutations are not allowed when using GET" in response.json()["errors"][0]["message"]
    assert gateway.calls() == {}


async def test_queries_by_get_can_be_switched_off() -> None:
    """Neither a cached answer nor a persisted document makes an exception."""
    gateway = open_gateway(server={"get_queries": False})
    async with gateway.client() as client:
        assert "data" in (await client.post("/graphql", json={"query": QUERY})).json()
        for params in ({"query": QUERY}, {"documentId": "x"}, {"extensions": '{"persistedQuery": {"version": 1}}'}):
            for method in ("GET", "HEAD"):
                response = await client.request(method, "/graphql", params=params)
                assert (response.status_code, response.headers["allow"]) == (405, "POST")
        assert "server.get_queries" in (await client.get("/graphql", params={"query": QUERY})).text
        page = await client.get("/graphql", headers={"accept": "text/html"})
        assert page.headers["content-type"].startswith("text/html")
        assert (await client.put("/graphql")).headers["allow"] == "POST"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
async def test_another_method_is_refused_with_the_allowed_ones(method: str) -> None:
    async with open_gateway().client() as client:
        in_address = await client.request(method, "/graphql", params={"query": QUERY})
        in_body = await client.request(method, "/graphql", json={"query": QUERY})
    for response in (in_address, in_body):
        assert (response.status_code, response.headers["allow"]) == (405, "GET, HEAD, POST")
        assert response.json()["errors"][0]["extensions"] == {"code": "INVALID_INPUT"}


async def test_variables_and_extensions_in_an_address_are_json() -> None:
    gateway = open_gateway()
    query = "query ($key: String!) { account(key: $key) { key } }"
    response = await get(gateway, query=query, variables='{"key": "tinycc"}', extensions='{"a": 1}')
    assert response.json()["data"] == {"account": {"key": "tinycc"}}
    empty = await get(gateway, query=QUERY, variables="", extensions="", operationName="")
    assert empty.json()["data"]["accounts"]


async def test_the_last_of_repeated_parameters_counts() -> None:
    async with open_gateway().client() as client:
        response = await client.get("/graphql?query=nonsense&query=%7Baccounts%7Bkey%7D%7D")
    assert response.json()["data"]["accounts"]


@pytest.mark.parametrize("accept", ["text/html", "*/*", BROWSER])
async def test_an_address_without_a_query_is_graphiqls_page(accept: str) -> None:
    response = await get(open_gateway(), accept)
    assert (response.status_code, response.headers["content-type"]) == (200, "text/html; charset=utf-8")


@pytest.mark.parametrize("accept", [None, JSON, GRAPHQL_JSON, f"{JSON}, text/plain, */*"])
async def test_a_program_that_sends_no_query_gets_an_error(accept: str | None) -> None:
    response = await get(open_gateway(), accept, variables="{}")
    assert response.status_code == 400
    assert "No GraphQL query found" in response.json()["errors"][0]["message"]


@pytest.mark.parametrize(
    "headers",
    [
        *({"content-type": f"application/json; charset={name}"} for name in ("utf-8", "UTF-8", '"utf-8"', "us-ascii")),
        {"content-type": "application/json;charset=utf8", "content-encoding": "Identity"},
    ],
    ids=str,
)
async def test_requests_are_utf8(headers: dict[str, str]) -> None:
    response = await post(open_gateway(), {"query": '{ __type(name: "🏃") { name } }'}, **headers)
    assert response.json() == {"data": {"__type": None}}


@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": "application/json; charset=utf-16"},
        {"content-type": "application/json;charset=latin1"},
        {"content-encoding": "gzip"},
        {"content-encoding": "br, gzip"},
    ],
    ids=str,
)
async def test_another_encoding_is_refused(headers: dict[str, str]) -> None:
    response = await post(open_gateway(), {"query": QUERY}, **headers)
    assert response.status_code == 415
    assert response.json()["errors"][0]["extensions"] == {"code": "INVALID_INPUT"}


async def test_another_encoding_is_refused_even_if_the_response_is_cached() -> None:
    gateway = open_gateway()
    for encoding, status in (("utf-8", 200), ("utf-16", 415)):
        headers = {"content-type": f"application/json; charset={encoding}"}
        assert (await post(gateway, {"query": QUERY}, **headers)).status_code == status


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("fragment F on Query { __typename }", "Fragment 'F' is never used."),
        ("type A { b: Int }", "The 'A' definition is not executable."),
    ],
)
@pytest.mark.parametrize(("accept", "status"), [(JSON, 200), (GRAPHQL_JSON, 400)])
async def test_a_document_without_an_operation_is_refused_with_the_reason(
    document: str, message: str, accept: str, status: int
) -> None:
    response = await post(open_gateway(), {"query": document}, accept=accept)
    assert response.status_code == status
    assert message in [error["message"] for error in response.json()["errors"]]


async def test_a_subscription_is_refused_with_the_reason() -> None:
    gateway = open_gateway()
    for accept, status in ((JSON, {200, 400}), (GRAPHQL_JSON, {400})):
        response = await post(gateway, {"query": "subscription { links { id } }"}, accept)
        assert response.status_code in status
        assert response.json()["errors"][0]["message"]
