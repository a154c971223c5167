"""Requests with files: forms that need no preflight are refused, and so are malformed ones."""

import json
from typing import Any

import httpx2
import pytest

from harness.gateway import Gateway, open_gateway
from harness.multipart_client import (
    FILES,
    OPERATIONS,
    PLACES,
    PREFLIGHT,
    UPLOAD,
    SentFile,
    png,
    refusal_of,
    send_form,
    send_upload,
)
from linkweave.edge.http.multipart_requests import MAX_FIELDS, MAX_FILES, MAX_OPERATION_BYTES, PREFLIGHT_HEADERS

MUTATION = 'mutation { createTag(account: "tinycc", name: "forged") { tag { name } } }'
BOUNDARY = "boundary"
FORM = f"multipart/form-data; boundary={BOUNDARY}"


def part(disposition: str, content: bytes) -> bytes:
    return f"--{BOUNDARY}\r\nContent-Disposition: form-data; {disposition}\r\n\r\n".encode() + content + b"\r\n"


async def send_raw(gateway: Gateway, body: bytes, content_type: str = FORM) -> httpx2.Response:
    async with gateway.client() as client:
        response: httpx2.Response = await client.post(
            "/graphql", content=body, headers={"content-type": content_type, **PREFLIGHT}
        )
    return response


async def test_a_valid_form_is_answered() -> None:
    response = await send_upload(open_gateway())
    assert response.status_code == 200
    assert response.json()["data"]["payload"]["errors"] == []


@pytest.mark.parametrize("header", PREFLIGHT_HEADERS)
@pytest.mark.parametrize("value", ["1", "", "XMLHttpRequest"])
async def test_one_header_that_needs_a_preflight_is_enough(header: str, value: str) -> None:
    gateway = open_gateway()
    response = await send_form(gateway, OPERATIONS, PLACES, FILES, {header.lower(): value})
    assert response.status_code == 200
    assert gateway.calls() == {"chevereto": ["POST /api/1/upload"]}


@pytest.mark.parametrize("headers", [{}, {"Origin": "http://127.0.0.1"}, {"Accept": "application/json"}])
async def test_a_form_that_needs_no_preflight_is_refused(headers: dict[str, str]) -> None:
    gateway = open_gateway()
    with_file = await send_form(gateway, OPERATIONS, PLACES, FILES, headers)
    without = await send_form(gateway, {"query": MUTATION}, {}, {"x": SentFile(b"")}, headers)
    for response in (with_file, without):
        assert "GraphQL-Require-Preflight" in refusal_of(response)
    assert gateway.calls() == {}


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "text/plain; charset=utf-8",
        "text/plain;application/json",
        "application/x-www-form-urlencoded",
        "APPLICATION/X-WWW-FORM-URLENCODED",
        "application/graphql",
        "multipart/mixed; boundary=x",
        "multipart/form-data-x",
        "text/html",
        "application/jsonp",
        "",
        None,
    ],
)
@pytest.mark.parametrize("headers", [{}, PREFLIGHT])
async def test_other_types_among_them_those_without_a_preflight_are_refused(
    content_type: str | None, headers: dict[str, str]
) -> None:
    gateway = open_gateway()
    body = json.dumps({"query": MUTATION}).encode()
    given = headers if content_type is None else {"content-type": content_type, **headers}
    async with gateway.client() as client:
        response = await client.post("/graphql", content=body, headers=given)
    assert "application/json" in refusal_of(response, 415)
    assert gateway.calls() == {}


async def test_a_query_in_a_form_needs_no_file() -> None:
    response = await send_upload(open_gateway(), {"query": "{ __typename }"}, {}, {"unused": SentFile(b"x")})
    assert response.json() == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize("files", [{}, {"1": SentFile(png())}, {"00": SentFile(png())}], ids=["none", "1", "00"])
async def test_a_file_that_the_map_names_must_be_there(files: dict[str, SentFile]) -> None:
    gateway = open_gateway()
    body = part('name="operations"', json.dumps(OPERATIONS).encode()) + part('name="map"', json.dumps(PLACES).encode())
    for name, file in files.items():
        body += part(f'name="{name}"; filename="{file.name}"', file.content)
    message = refusal_of(await send_raw(gateway, body + f"--{BOUNDARY}--\r\n".encode()))
    assert "'0'" in message
    assert gateway.calls() == {}


@pytest.mark.parametrize(
    "operations",
    [
        "",
        "{",
        "null",
        "[]",
        "[{}]",
        "5",
        json.dumps([OPERATIONS]),
        {},
        {"query": 5},
        {"variables": OPERATIONS["variables"]},
        {**OPERATIONS, "operationName": 5},
        {**OPERATIONS, "operationName": "missing"},
        {**OPERATIONS, "extensions": 5},
    ],
    ids=lambda operations: str(operations)[:30],
)
async def test_operations_must_be_one_request(operations: object) -> None:
    gateway = open_gateway()
    refusal_of(await send_upload(gateway, operations))
    assert gateway.calls() == {}


@pytest.mark.parametrize("variables", [None, 5, "x", [None], [[None]], {"input": None}, {"input": [None]}], ids=str)
async def test_variables_must_be_an_object(variables: object) -> None:
    gateway = open_gateway()
    for path in ("variables.input.file", "variables.0", "variables.input.0"):
        response = await send_upload(gateway, {"query": UPLOAD, "variables": variables}, {"0": [path]})
        assert response.status_code in {200, 400}
        assert "errors" in response.json()
    assert gateway.calls() == {}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no form at all",
        b"--boundary",
        b"--boundary\r\n",
        b"--boundary--\r\n",
        b"--other\r\n\r\n--other--",
        part("x=1", b"{}"),
        part('name="operations"', b"{}"),
        part('name="operations"', b"{}") + b"--boundary--\r\n",
        part('name="map"', b"{}") + b"--boundary--\r\n",
        part('name="operations"; filename="o.json"', b"{}") + part('name="map"', b"{}") + b"--boundary--\r\n",
        part('name="operations"', b"{}") + part('name="map"; filename="m"', b"{}") + b"--boundary--\r\n",
        part('name="operations"', b"{}") + part('name="map"', b"{}") + part('name="more"', b"{}") + b"--boundary--",
        part('name="operations"', b"\xff\xfe") + part('name="map"', b"{}") + b"--boundary--\r\n",
        b"--boundary\r\n" + b"X" * 100_000,
        b"--boundary\r\nno colon here\r\n\r\n",
        b"--boundary\r\nContent-Disposition: form-data; name=\x00\r\n\r\n\r\n--boundary--",
    ],
    ids=range(17),
)
async def test_a_body_that_is_not_a_form_is_refused(body: bytes) -> None:
    gateway = open_gateway()
    refusal_of(await send_raw(gateway, body))
    assert gateway.calls() == {}


@pytest.mark.parametrize(
    "content_type",
    [
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary",
        'multipart/form-data; boundary="',
        "multipart/form-data; boundary=" + "x" * 1000,
        "multipart/form-data; charset=nonsense",
        "multipart/form-data; boundary=\u00e4",
    ],
    ids=lambda kind: kind[:50],
)
async def test_a_form_needs_a_boundary(content_type: str) -> None:
    gateway = open_gateway()
    async with gateway.client() as client:
        headers = [(b"content-type", content_type.encode("latin-1")), (b"x-requested-with", b"test")]
        response = await client.post("/graphql", content=b"--boundary--\r\n", headers=headers)
    refusal_of(response)
    assert gateway.calls() == {}


async def test_an_additional_field_is_ignored() -> None:
    body = b"".join(
        part(f'name="{name}"', json.dumps(value).encode())
        for name, value in {"operations": {"query": "{ __typename }"}, "map": {}, "extra_field": {}}.items()
    )
    response = await send_raw(open_gateway(), body + f"--{BOUNDARY}--\r\n".encode())
    assert response.json() == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"files": {str(place): SentFile(b"x") for place in range(MAX_FILES + 1)}}, str(MAX_FILES)),
        ({"operations": {**OPERATIONS, "operationName": "x" * MAX_OPERATION_BYTES}}, ""),
        ({"places": {"x" * MAX_OPERATION_BYTES: PLACES["0"]}}, ""),
    ],
    ids=["files", "operation", "map"],
)
async def test_the_number_and_the_size_of_parts_are_bounded(change: dict[str, Any], message: str) -> None:
    gateway = open_gateway()
    assert message in refusal_of(await send_upload(gateway, **change), 413)
    assert gateway.calls() == {}


async def test_the_number_of_fields_is_bounded() -> None:
    fields = b"".join(part(f'name="{place}"', b"{}") for place in range(MAX_FIELDS + 1))
    refusal_of(await send_raw(open_gateway(), fields + f"--{BOUNDARY}--\r\n".encode()), 413)
