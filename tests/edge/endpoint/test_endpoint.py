"""GraphQL over HTTP: every faulty request is answered in JSON that says what is wrong, and none with 500."""

import json
import logging
from collections.abc import Mapping

import httpx2
import pytest

from harness.gateway import Gateway, open_gateway
from harness.sockets import served
from harness.streaming import stream

QUERY = "{ accounts { key } }"
JSON = {"content-type": "application/json"}
BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


async def post(gateway: Gateway, body: bytes, headers: Mapping[str, str] = JSON) -> httpx2.Response:
    async with gateway.client() as client:
        return await client.post("/graphql", content=body, headers=headers)


async def get(
    gateway: Gateway, query: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
) -> httpx2.Response:
    async with gateway.client() as client:
        return await client.get("/graphql", params=query, headers=headers)


def assert_refused(response: httpx2.Response, status: int) -> None:
    assert response.status_code == status
    assert response.headers["content-type"] == "application/json; charset=utf-8"
    (error,) = response.json()["errors"]
    assert error["message"]
    assert error["extensions"] == {"code": "INVALID_INPUT"}
    assert "data" not in response.json()


# Bodies, by a part of the answer to them.
MALFORMED = {
    "Unable to parse request body as JSON": [
        b"",
        b"  \n",
        b'{"query": "{ acc',
        b'{"query": "{ accounts { key } }"} {}',
        b"query=%7Baccounts%7D",
        QUERY.encode(),
        b'{"query": "\xff\xfe"}',
        json.dumps({"query": QUERY}).encode("utf-16"),
        b"\xef\xbb\xbf" + json.dumps({"query": QUERY}).encode(),
        b'{"query": "\\ud800"}',
        b'{"query": "{ accounts { key } }", "variables": {"x": NaN}}',
        b"[" * 200_000,
        b'{"query":' * 50_000,
        b"9" * 5_000,
        b"\x00" * 100,
    ],
    "The request must be a JSON object": [b"null", b"42", b'"{ accounts { key } }"', b"true"],
    "Batching is not enabled": [b"[]", b"[42]", json.dumps([{"query": QUERY}]).encode()],
    "No GraphQL query found in the request": [
        b"{}",
        b'{"variables": {}}',
        b'{"query": null}',
        b'{"query": ""}',
    ],
    "`query` must be a string or null": [
        b'{"query": 5}',
        b'{"query": ["{ accounts { key } }"]}',
        b'{"query": {}}',
    ],
    "`variables` must be an object or null": [
        b'{"query": "{ accounts { key } }", "variables": "{}"}',
        b'{"query": "{ accounts { key } }", "variables": []}',
        b'{"query": "{ accounts { key } }", "variables": 5}',
    ],
    "`operationName` must be a string or null": [
        b'{"query": "{ accounts { key } }", "operationName": 5}',
        b'{"query": "{ accounts { key } }", "operationName": {}}',
    ],
    "`extensions` must be an object or null": [b'{"query": "{ accounts { key } }", "extensions": []}'],
    'Unknown operation named "b"': [b'{"query": "query a { accounts { key } }", "operationName": "b"}'],
}
BODIES = [(body, message) for message, bodies in MALFORMED.items() for body in bodies]


@pytest.mark.parametrize(("body", "message"), BODIES, ids=range(len(BODIES)))
async def test_a_malformed_body_is_a_bad_request_with_the_reason(body: bytes, message: str) -> None:
    gateway = open_gateway()
    response = await post(gateway, body)
    assert_refused(response, 400)
    assert message in response.json()["errors"][0]["message"]
    assert gateway.calls() == {}


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"query": ""}, "No GraphQL query found in the request"),
        ({"query": "", "variables": "{}"}, "No GraphQL query found in the request"),
        ({"variables": "{}"}, "No GraphQL query found in the request"),
        ({"query": QUERY, "variables": "{"}, "variables: Unable to parse request body as JSON"),
        ({"query": QUERY, "variables": "[]"}, "`variables` must be an object or null"),
        ({"query": QUERY, "variables": "5"}, "`variables` must be an object or null"),
        ({"query": QUERY, "extensions": "["}, "extensions: Unable to parse request body as JSON"),
        ({"query": QUERY, "extensions": '"x"'}, "`extensions` must be an object or null"),
        ({"query": QUERY, "operationName": "nope"}, 'Unknown operation named "nope"'),
    ],
)
async def test_a_malformed_address_is_a_bad_request_with_the_reason(parameters: dict[str, str], message: str) -> None:
    response = await get(open_gateway(), parameters, {"accept": "application/json"})
    assert_refused(response, 400)
    assert message in response.json()["errors"][0]["message"]


@pytest.mark.parametrize("path", ["/graphql", "/graphql/"])
async def test_a_slash_may_follow_the_path(path: str) -> None:
    async with open_gateway().client() as client:
        assert "data" in (await client.post(path, json={"query": QUERY})).json()
        assert (await client.get(path, headers=BROWSER)).headers["content-type"].startswith("text/html")


@pytest.mark.parametrize("wish", ["websocket", "WebSocket", "h2c, websocket"])
@pytest.mark.parametrize("more", [{}, BROWSER])
async def test_a_websocket_that_the_server_does_not_open_is_refused_with_a_reason(
    wish: str, more: Mapping[str, str]
) -> None:
    headers = {"connection": "Upgrade", "upgrade": wish, "sec-websocket-version": "13", **more}
    response = await get(open_gateway(), None, headers)
    assert_refused(response, 400)
    assert "No WebSocket" in response.json()["errors"][0]["message"]


async def test_a_wish_for_another_protocol_is_ignored() -> None:
    response = await get(open_gateway(), {"query": QUERY}, {"connection": "Upgrade", "upgrade": "h2c"})
    assert response.status_code == 200


@pytest.mark.parametrize(
    ("query", "headers"),
    [
        ({"query": QUERY}, {}),
        ({"query": "{ nope }"}, {"accept": "application/graphql-response+json"}),
        ({"query": "mutation { nope }"}, {}),
        (None, BROWSER),
    ],
)
async def test_head_is_answered_like_get_without_a_body(
    query: Mapping[str, str] | None, headers: Mapping[str, str]
) -> None:
    async with served(open_gateway().app) as (address,), httpx2.AsyncClient(base_url=address) as client:
        head, page = [await client.request(how, "/graphql", params=query, headers=headers) for how in ("HEAD", "GET")]
    assert (head.status_code, head.content) == (page.status_code, b"")
    differing = {"date", "x-request-id", "age"}
    assert {(name, value) for name, value in head.headers.items() if name not in differing} == {
        (name, value) for name, value in page.headers.items() if name not in differing
    }


LONG = "x" * 900_000


@pytest.mark.parametrize(
    "members",
    [
        {"query": QUERY, "operationName": LONG},
        {"query": "query ($x: Int) { links(first: $x) { nodes { id } } }", "variables": {"x": LONG}},
        {"query": "query ($x: LinkFilter) { links(filter: $x) { nodes { id } } }", "variables": {"x": {LONG: 1}}},
        {"query": "query ($x: ID!) { node(id: $x) { id } }", "variables": {"x": LONG}},
    ],
)
@pytest.mark.parametrize("accept", ["application/json", "application/graphql-response+json"])
async def test_an_error_does_not_repeat_a_long_value_of_the_caller(members: object, accept: str) -> None:
    response = await post(open_gateway(), json.dumps(members).encode(), {**JSON, "accept": accept})
    assert response.json()["errors"]
    assert len(response.content) < 1_500


@pytest.mark.parametrize("name", ["", None])
async def test_an_empty_operation_name_counts_as_none(name: str | None) -> None:
    gateway = open_gateway()
    members = {"query": QUERY, "operationName": name}
    assert "data" in (await post(gateway, json.dumps(members).encode())).json()
    assert "data" in (await get(gateway, {"query": QUERY, "operationName": name or ""})).json()


@pytest.mark.parametrize(
    "body",
    [
        b'{"query": "{ accounts { key } }", "variables": {"x": ' + b"9" * 5_000 + b"}}",
        b'{"query": "query ($x: Int) { links(first: $x) { nodes { id } } }", "variables": {"x": '
        + b"9" * 5_000
        + b"}}",
        b'{"query": "{ links(first: ' + b"9" * 5_000 + b') { nodes { id } } }"}',
        b'{"query": "' + b"{ accounts " * 30_000 + b'"}',
        b'{"query": "{ accounts' + b" { provider { accounts" * 5_000 + b" { key } " + b"} }" * 5_000 + b'}"}',
        b'{"query": "{ links(filter: ' + b"[" * 50_000 + b'"}',
        b'{"query": "{ node(id: \\"' + b"x" * 500_000 + b'\\") { id } }"}',
        b'{"query": "{ accounts { key } } #' + b"\\u0000" * 1_000 + b'"}',
        b'{"query": "query ($a: [[[[Int]]]]) { accounts { key } }", "variables": {"a": 5}}',
        b'{"query": "{ accounts { key @skip(if: $x) } }"}',
        b'{"query": "{ ...f } fragment f on Query { ...f }"}',
        b'{"query": "mutation { nope }"}',
        b'{"query": "subscription { nope }"}',
    ],
)
async def test_a_strange_query_is_answered_in_json_as_an_error_of_the_caller(body: bytes) -> None:
    response = await post(open_gateway(), body)
    assert response.status_code in {200, 400}
    errors = response.json().get("errors", [])
    assert {error["extensions"]["code"] for error in errors} <= {"INVALID_INPUT"}


@pytest.mark.parametrize(
    "content_type", ["application/json; charset=utf-8", "Application/JSON", "application/json ;x=y"]
)
async def test_json_is_accepted_in_any_spelling_of_its_type(content_type: str) -> None:
    body = json.dumps({"query": QUERY}).encode()
    assert (await post(open_gateway(), body, {"content-type": content_type})).json()["data"]["accounts"]


async def test_a_query_may_be_in_the_address() -> None:
    query = "query q($key: String!) { account(key: $key) { key } } query other { accounts { id } }"
    address = {"query": query, "variables": '{"key": "tinycc"}', "operationName": "q"}
    response = await get(open_gateway(), address)
    assert response.json()["data"] == {"account": {"key": "tinycc"}}


async def test_one_of_several_operations_must_be_named() -> None:
    gateway = open_gateway()
    query = "query a { accounts { key } } query b { accounts { id } }"
    reply = await gateway.ask(query)
    assert reply.data is None
    assert reply.codes == ["INVALID_INPUT"]
    assert "operationName" in reply.error["message"]
    named = await post(gateway, json.dumps({"query": query, "operationName": "b"}).encode())
    assert named.json()["data"]["accounts"][0].keys() == {"id"}


@pytest.mark.parametrize(
    ("overview", "accept", "path"),
    [(True, "text/html", "/"), (True, "application/json", "/graphql"), (False, "text/html", "/graphql")],
)
async def test_the_root_is_the_overview_page_for_browsers(overview: bool, accept: str, path: str) -> None:
    async with open_gateway(sections={"server": {"overview": overview}}).client() as client:
        response = await client.get("/", headers={"accept": accept}, follow_redirects=True)
    assert response.url.path == path


async def test_a_browser_with_a_query_in_the_address_gets_its_answer() -> None:
    response = await get(open_gateway(), {"query": QUERY}, BROWSER)
    assert response.json()["data"]["accounts"]


async def test_introspection_is_answered() -> None:
    data = await open_gateway().data("{ __schema { queryType { name } types { name description } } }")
    assert "Link" in {kind["name"] for kind in data["__schema"]["types"]}


async def test_every_request_gets_an_id_of_its_own() -> None:
    gateway = open_gateway()
    ids = {(await get(gateway, {"query": QUERY})).headers["x-request-id"] for _ in range(5)}
    assert len(ids) == 5


class Hostile(httpx2.AsyncBaseTransport):
    """A network that fails as no network does."""

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        raise ZeroDivisionError(f"secret of {request.url.host}")


async def test_an_unexpected_error_is_masked_and_logged_under_the_request_id(caplog: pytest.LogCaptureFixture) -> None:
    gateway = open_gateway(around=lambda _: Hostile())
    body = json.dumps({"query": '{ account(key: "tinycc") { key tags { name } } }'}).encode()
    response = await post(gateway, body, {**JSON, "x-request-id": "req-7"})
    assert response.json()["data"] == {"account": {"key": "tinycc", "tags": None}}
    (error,) = response.json()["errors"]
    assert error["extensions"] == {"code": "INTERNAL"}
    assert error["path"] == ["account", "tags"]
    assert "req-7" in error["message"]
    assert "secret" not in response.text
    (record,) = [each for each in caplog.records if each.levelno == logging.ERROR]
    assert record.name == "linkweave"
    assert "req-7" in record.getMessage()
    assert record.exc_info
    assert record.exc_info[0] is ZeroDivisionError


async def test_an_unexpected_error_in_a_deferred_part_is_masked_too(caplog: pytest.LogCaptureFixture) -> None:
    gateway = open_gateway(around=lambda _: Hostile())
    parts = await stream(gateway, '{ account(key: "tinycc") { key ... @defer { tags { name } } } }')
    (piece,) = parts[-1].content["incremental"]
    assert [error["extensions"]["code"] for error in piece["errors"]] == ["INTERNAL"]
    assert "secret" not in json.dumps([part.content for part in parts])
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


async def test_errors_of_callers_and_vendors_are_not_logged_as_errors(caplog: pytest.LogCaptureFixture) -> None:
    gateway = open_gateway()
    gateway.break_provider("tinycc", "html")
    await gateway.ask('{ links(first: 0) { nodes { id } } account(key: "tinycc") { tags { name } } }')
    await gateway.ask("{ nope")
    await post(gateway, b"nonsense")
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []
