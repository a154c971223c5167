"""The kit of small emulators: requests are let in, read and answered as JSON."""

from typing import Any

import httpx2
import pytest
from starlette.requests import Request

from linkweave.providers.emulator_kit import (
    RefusedError,
    basic_credentials,
    bearer_token,
    json_app,
    json_object,
    number_in,
)


async def echo(request: Request) -> object:
    return {"page": number_in(request, "page", 7), "id": request.path_params.get("id")}


async def body(request: Request) -> object:
    return {"body": await json_object(request)}


def admit(request: Request) -> None:
    if bearer_token(request) != "good":
        raise RefusedError(401, {"error": "who are you?"})


APP = json_app({"GET /things": echo, "GET /things/{id:path}": echo, "POST /things": body}, admit, {"error": "nothing"})


async def ask(method: str, path: str, authorization: str = "Bearer good", **more: Any) -> tuple[int, Any]:
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=APP), base_url="http://emulator") as client:
        answer = await client.request(method, path, headers={"authorization": authorization}, **more)
    return answer.status_code, answer.json()


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/things", {"page": 7, "id": None}),
        ("/things?page=2", {"page": 2, "id": None}),
        ("/things?page=-1", {"page": None, "id": None}),
        ("/things?page=" + "9" * 5_000, {"page": None, "id": None}),
        ("/things/a/b", {"page": 7, "id": "a/b"}),
    ],
)
async def test_a_route_gets_the_query_and_the_path(path: str, shown: object) -> None:
    assert await ask("GET", path) == (200, shown)


@pytest.mark.parametrize("token", ["", "Bearer", "Bearer bad", "Basic good", "good"])
async def test_a_request_without_the_token_is_refused(token: str) -> None:
    assert await ask("GET", "/things", token) == (401, {"error": "who are you?"})


@pytest.mark.parametrize(("method", "path"), [("GET", "/nowhere"), ("DELETE", "/things"), ("GET", "/things/a/../..")])
async def test_what_has_no_route_is_not_found_in_the_vendors_shape(method: str, path: str) -> None:
    assert await ask(method, path) == (404, {"error": "nothing"})


@pytest.mark.parametrize(
    ("content", "read"), [(b'{"a": 1}', {"a": 1}), (b"", {}), (b"[]", None), (b"{", None), (b"\xff", None)]
)
async def test_a_body_is_an_object_or_nothing(content: bytes, read: object) -> None:
    assert await ask("POST", "/things", content=content) == (200, {"body": read})


@pytest.mark.parametrize(
    ("header", "read"),
    [
        ("Basic bmFtZTpwYXNzOndvcmQ=", ("name", "pass:word")),
        ("basic bmFtZQ==", ("name", "")),
        ("Bearer bmFtZQ==", None),
        ("Basic !", None),
        ("Basic /////w==", None),
        (None, None),
    ],
)
def test_basic_credentials_are_read_or_there_are_none(header: str | None, read: tuple[str, str] | None) -> None:
    assert basic_credentials(header) == read
