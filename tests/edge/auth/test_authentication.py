"""Authentication: with clients, a request without a valid token is refused."""

import hashlib
import hmac
import json
import logging
from collections.abc import Sequence
from typing import Any

import httpx2
import pytest

from harness.gateway import Gateway, open_gateway
from harness.gateway_with_clients import CLIENTS, READER, ROOT, client, open_guarded
from linkweave.edge.auth.callers import PAGE_VISITOR, caller_of
from linkweave.edge.auth.client_tokens import ClientTokens
from linkweave.settings import ClientSettings

QUERY = {"query": "{ accounts { key } }"}
HTML = {"accept": "text/html,*/*;q=0.8"}


async def post(gateway: Gateway, *values: bytes | str, body: Any = None) -> httpx2.Response:
    """A request with these Authorization headers."""
    given = [value.encode() if isinstance(value, str) else value for value in values]
    headers = [(b"authorization", value) for value in given] + [(b"content-type", b"application/json")]
    async with gateway.client() as http:
        return await http.post("/graphql", headers=headers, content=body or json.dumps(QUERY))


def assert_refused(gateway: Gateway, answer: httpx2.Response, status: int, code: str, challenge: str) -> None:
    assert answer.status_code == status
    assert answer.headers["www-authenticate"] == challenge
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    ((error),) = answer.json()["errors"]
    assert error["extensions"] == {"code": code}
    assert "data" not in answer.json()
    assert gateway.calls() == {}


@pytest.mark.parametrize("token", [ROOT, READER])
@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
async def test_a_known_token_gives_access(token: str, scheme: str) -> None:
    answer = await post(open_guarded(), f"{scheme} {token}")
    assert answer.status_code == 200
    assert len(answer.json()["data"]["accounts"]) == (5 if token == ROOT else 1)


async def test_blanks_around_a_token_are_ignored() -> None:
    assert (await post(open_guarded(), f"Bearer   {ROOT} ")).status_code == 200


async def test_a_request_without_a_token_is_refused() -> None:
    gateway = open_guarded()
    answer = await post(gateway)
    assert_refused(gateway, answer, 401, "UNAUTHENTICATED", 'Bearer realm="linkweave"')
    assert "Authorization: Bearer" in answer.json()["errors"][0]["message"]


@pytest.mark.parametrize(
    "token",
    [
        "nobodys",
        ROOT[:-1],
        ROOT + "x",
        ROOT.upper(),
        "root",
        "anonymous",
        "-",
        hashlib.sha256(ROOT.encode()).hexdigest(),
    ],
)
async def test_an_unknown_token_is_refused(token: str) -> None:
    gateway = open_guarded()
    answer = await post(gateway, f"Bearer {token}")
    assert_refused(gateway, answer, 401, "UNAUTHENTICATED", 'Bearer realm="linkweave", error="invalid_token"')


@pytest.mark.parametrize(
    "header", ["Basic cm9vdDpyb290", f"Token {ROOT}", ROOT, "Digest x", "", " ", f"Bearer:{ROOT}", f"Bearer\t{ROOT}"]
)
async def test_a_header_that_is_not_a_bearer_token_is_refused(header: str) -> None:
    gateway = open_guarded()
    answer = await post(gateway, header)
    assert_refused(gateway, answer, 401, "UNAUTHENTICATED", 'Bearer realm="linkweave"')


@pytest.mark.parametrize(
    "header",
    [
        "Bearer",
        "Bearer ",
        "Bearer a b",
        f"Bearer {ROOT}, Bearer {ROOT}",
        f'Bearer "{ROOT}"',
        "Bearer " + "a" * 8_193,
        "Bearer a=b",
        "Bearer ====",
        b"Bearer \xff\xfe",
        "Bearer tökén".encode(),
        b"Bearer a\x00b",
    ],
)
async def test_a_malformed_bearer_token_is_a_bad_request(header: bytes | str) -> None:
    gateway = open_guarded()
    answer = await post(gateway, header)
    assert_refused(gateway, answer, 400, "INVALID_INPUT", 'Bearer realm="linkweave", error="invalid_request"')


async def test_two_tokens_are_a_bad_request_even_if_both_are_valid() -> None:
    gateway = open_guarded()
    answer = await post(gateway, f"Bearer {ROOT}", f"Bearer {READER}")
    assert_refused(gateway, answer, 400, "INVALID_INPUT", 'Bearer realm="linkweave", error="invalid_request"')


@pytest.mark.parametrize("place", ["address", "cookie", "form"])
async def test_a_token_outside_its_header_is_ignored(place: str) -> None:
    gateway = open_guarded()
    more: dict[str, Any] = {
        "address": {"params": {"access_token": ROOT}},
        "cookie": {"headers": {"cookie": f"token={ROOT}; Authorization=Bearer {ROOT}"}},
        "form": {"json": {**QUERY, "access_token": ROOT}},
    }[place]
    async with gateway.client() as http:
        answer = await http.post("/graphql", **{"json": QUERY, **more})
    assert answer.status_code == 401


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "OPTIONS", "HEAD", "DELETE"])
async def test_no_method_circumvents_authentication(method: str) -> None:
    async with open_guarded().client() as http:
        answer = await http.request(method, "/graphql?query={accounts{key}}", headers=HTML)
    assert answer.status_code == 401


async def test_the_body_of_a_refused_request_is_not_read() -> None:
    async def never() -> Any:
        raise AssertionError("the body of an unauthenticated request was read")
        yield b""

    answer = await post(open_guarded(), body=never())
    assert answer.status_code == 401


async def test_graphiql_opens_without_a_token_but_executes_nothing() -> None:
    gateway = open_guarded()
    async with gateway.client() as http:
        page = await http.get("/graphql", headers=HTML)
        assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
        script = page.text.partition('src="')[2].partition('"')[0]
        assert (await http.get(script)).status_code == 200
        for params in ({"query": "{ accounts { key } }"}, {"query": ""}):
            assert (await http.get("/graphql", params=params, headers=HTML)).status_code == 401


def test_a_page_visitor_has_no_scope_and_sees_no_account() -> None:
    assert (PAGE_VISITOR.may_read, PAGE_VISITOR.may_write, PAGE_VISITOR.is_admin) == (False, False, False)
    assert not PAGE_VISITOR.rights.may_see("picsee-main")


async def test_an_unknown_token_does_not_open_the_page() -> None:
    async with open_guarded().client() as http:
        answer = await http.get("/graphql", headers={**HTML, "authorization": "Bearer nobodys"})
    assert answer.status_code == 401


async def test_without_clients_a_token_is_ignored() -> None:
    assert (await post(open_gateway(), "Bearer anything")).status_code == 200
    assert (await post(open_gateway(), "Basic \xff")).status_code == 200


def test_a_token_is_compared_with_all_clients_whichever_matches() -> None:
    compared: list[bytes] = []
    settings = [ClientSettings.model_validate(each) for each in CLIENTS]

    def equal(known: bytes, given: bytes) -> bool:
        compared.append(known)
        return hmac.compare_digest(known, given)

    clients = ClientTokens(settings, equal)
    for token in (ROOT, "admin-token", "nobodys"):
        compared.clear()
        clients.find(token.encode())
        assert compared == [bytes.fromhex(each.token_sha256) for each in settings]


async def test_no_token_is_in_a_log_line_or_an_answer(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    token = "a-token-that-nobody-may-see"
    gateway = open_guarded([client("secret", token, ["read"], "*")])
    answers = [
        await post(gateway, *headers) for headers in ([f"Bearer {token}"], [f"Bearer {token}x"], [f"Basic {token}"])
    ]
    assert [answer.status_code for answer in answers] == [200, 401, 401]
    assert token not in "".join(answer.text + str(answer.headers) for answer in answers)
    assert token not in "".join(str(record.__dict__) for record in caplog.records)


def test_a_request_without_authentication_has_no_caller() -> None:
    with pytest.raises(KeyError):
        caller_of({"type": "http", "state": {}})
    with pytest.raises(KeyError):
        caller_of({"type": "http"})


async def test_a_websocket_that_names_no_subprotocol_is_closed() -> None:
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "websocket", "path": "/graphql", "headers": [], "query_string": b"", "subprotocols": []}
    await open_guarded().app(scope, receive, send)
    assert [message["type"] for message in sent] == ["websocket.accept", "websocket.close"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (client("a", "a", ["read"], "*"), client("b", "b", ["read"], "*", requests_per_minute=5), True),
        (client("a", "a", ["read"], "x", "y"), client("b", "b", ["read"], "y", "x"), True),
        (client("a", "a", ["read", "write"], "x"), client("b", "b", ["write", "read"], "x"), True),
        (client("a", "a", ["read"], "x"), client("b", "b", ["read"], "y"), False),
        (client("a", "a", ["read"], "x"), client("b", "b", ["read"], "x", "y"), False),
        (client("a", "a", ["read"], "x"), client("b", "b", ["read", "write"], "x"), False),
        (client("a", "a", ["read"], "x"), client("b", "b", ["read"], "*"), False),
    ],
)
def test_rights_do_not_depend_on_the_clients_name(one: Any, other: Any, same: bool) -> None:
    clients = ClientTokens([ClientSettings.model_validate(each) for each in (one, other)])
    rights: Sequence[Any] = [caller.rights for token in (b"a", b"b") if (caller := clients.find(token))]
    assert len(rights) == 2
    assert (rights[0] == rights[1]) is same
    assert (hash(rights[0]) == hash(rights[1])) is same
