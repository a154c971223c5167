"""Pages of other origins, in the browser of a trusted user: none has access."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from harness.gateway import Gateway, open_gateway
from harness.gateway_with_clients import ROOT, client, open_guarded

QUERY = "{ accounts { key } }"
HTML = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
OPEN_HOST = "0.0.0.0"  # noqa: S104 - what is tested


async def send(
    gateway: Gateway, headers: Mapping[str, str], method: str = "POST", params: Mapping[str, str] | None = None
) -> Any:
    async with gateway.client() as http:
        content = json.dumps({"query": QUERY}) if method == "POST" else None
        kind = {"content-type": "application/json"} if method == "POST" else {}
        return await http.request(method, "/graphql", params=params, content=content, headers={**kind, **headers})


def assert_refused(gateway: Gateway, answer: Any, status: int) -> None:
    assert answer.status_code == status
    assert [error["extensions"] for error in answer.json()["errors"]] == [{"code": "FORBIDDEN"}]
    assert "data" not in answer.json()
    assert gateway.calls() == {}


STRANGERS = [
    "http://evil.example",
    "https://evil.example",
    "null",
    "",
    "http://127.0.0.1:3000",
    "http://localhost",
    "http://127.0.0.1.evil.example",
    "http://evil.example:80",
    "file://",
    "chrome-extension://abcdefgh",
    "https://127.0.0.1@evil.example",
    "127.0.0.1",
    "http:/127.0.0.1",
    "http://127.0.0.1/",
    "http://127.0.0.1 http://evil.example",
]


@pytest.mark.parametrize("origin", STRANGERS)
@pytest.mark.parametrize("method", ["POST", "GET", "OPTIONS", "DELETE"])
async def test_a_page_of_another_origin_has_no_access(origin: str, method: str) -> None:
    gateway = open_gateway()
    query = {"query": QUERY} if method == "GET" else None
    assert_refused(gateway, await send(gateway, {"origin": origin}, method, query), 403)


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
)
async def test_a_request_that_needs_no_preflight_is_refused_because_of_its_origin(content_type: str) -> None:
    gateway = open_gateway()
    answer = await send(gateway, {"origin": "http://evil.example", "content-type": content_type})
    assert_refused(gateway, answer, 403)


@pytest.mark.parametrize("site", ["cross-site", "same-site", "", "something-new"])
async def test_a_request_without_an_origin_is_refused_because_of_its_site(site: str) -> None:
    """As an image, a script, or a link that the user follows: the browser sends no Origin then."""
    gateway = open_gateway()
    for more in ({}, HTML, {"sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"}):
        assert_refused(gateway, await send(gateway, {"sec-fetch-site": site, **more}, "GET", {"query": QUERY}), 403)


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none", "same-origin"])
async def test_graphiqls_page_opens_from_a_link_on_any_site(site: str) -> None:
    answer = await send(open_gateway(), {"sec-fetch-site": site, **HTML}, "GET")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")


@pytest.mark.parametrize("site", ["none", "same-origin"])
async def test_a_typed_address_and_the_gateways_own_page_are_answered(site: str) -> None:
    assert (await send(open_gateway(), {"sec-fetch-site": site}, "GET", {"query": QUERY})).status_code == 200


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("127.0.0.1", "http://127.0.0.1"),
        ("127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("localhost:8000", "http://localhost:8000"),
        ("LocalHost:8000", "http://localhost:8000"),
        ("[::1]:8000", "http://[::1]:8000"),
        ("localhost", "http://localhost"),
        ("localhost:80", "http://localhost"),
        ("localhost", "https://localhost"),
        ("localhost:443", "https://localhost"),
    ],
)
async def test_the_gateways_own_page_has_access(host: str, origin: str) -> None:
    headers = {"host": host, "origin": origin, "sec-fetch-site": "same-origin"}
    assert (await send(open_gateway(), headers)).status_code == 200


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("localhost:8000", "http://127.0.0.1:8000"),
        ("localhost:8000", "http://localhost:3000"),
        ("localhost:8000", "http://localhost"),
        ("localhost", "http://localhost:8000"),
        ("localhost:8000", "http://localhost:80"),
        ("localhost:8000", "ftp://localhost:8000"),
        ("localhost:8000", "localhost:8000"),
    ],
)
async def test_another_port_or_name_of_this_machine_is_another_origin(host: str, origin: str) -> None:
    gateway = open_gateway()
    assert_refused(gateway, await send(gateway, {"host": host, "origin": origin}), 403)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:9", "127.8.8.8", "localhost:1", "[::1]", "a.localhost:80"])
async def test_a_gateway_on_loopback_answers_to_the_names_of_loopback(host: str) -> None:
    assert (await send(open_gateway(), {"host": host})).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8000",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "evil-localhost",
        "gateway",
        "",
        "192.168.0.1",
        "[fe80::1]",
        "[::1",
        "0.0.0.0",  # noqa: S104 - to be refused
        "127.0.0.1@evil.example",
        "2130706433",
        "[::1].evil.example",
        "[::1]evil.example",
        "[::1]:80.evil.example",
        "[127.0.0.1]",
        "localhost:80@evil.example",
        "localhost:evil.example",
        "me@localhost",
        ".localhost",
        "a..localhost",
        "localhost/",
        "localhost,evil.example",
        "a" * 200_000 + ".localhost",
    ],
)
async def test_a_gateway_on_loopback_refuses_every_other_name(host: str) -> None:
    gateway = open_gateway()
    origin = {"origin": f"http://{host}", "sec-fetch-site": "same-origin"} if host else {}
    assert_refused(gateway, await send(gateway, {"host": host, **origin}), 421)
    assert_refused(gateway, await send(gateway, {"host": host, **HTML}, "GET"), 421)


@pytest.mark.parametrize(
    ("path", "status"), [("/", 421), ("/graphiql/assets/x", 421), ("/nothing", 421), ("/live", 200), ("/ready", 200)]
)
async def test_every_page_but_the_probes_is_refused_under_another_name(path: str, status: int) -> None:
    async with open_gateway().client() as http:
        assert (await http.get(path, headers={"host": "evil.example"})).status_code == status
        assert (await http.get(path, headers={"host": "localhost:8000"})).status_code in {200, 307, 404}


async def test_names_can_be_added_to_those_of_loopback() -> None:
    gateway = open_gateway(server={"allowed_hosts": ["Links.Example.com", "192.168.0.1", "fd00::1"]})
    for host in ("links.example.com", "LINKS.example.com:8443", "192.168.0.1", "[fd00::1]:80", "localhost"):
        assert (await send(gateway, {"host": host})).status_code == 200
    for host in ("example.com", "x.links.example.com", "192.168.0.2"):
        assert_refused(gateway, await send(gateway, {"host": host}), 421)


async def test_a_gateway_elsewhere_answers_to_every_name_unless_some_are_configured() -> None:
    clients = [client("root", ROOT, ["read"], "*")]
    open_to_all = open_guarded(clients, server={"host": OPEN_HOST}).bearing(ROOT)
    assert (await send(open_to_all, {"host": "links.example.com"})).status_code == 200
    named = open_guarded(clients, server={"host": OPEN_HOST, "allowed_hosts": ["links.example.com"]}).bearing(ROOT)
    assert (await send(named, {"host": "links.example.com"})).status_code == 200
    for host in ("localhost", "127.0.0.1", "other.example.com"):
        assert_refused(named, await send(named, {"host": host}), 421)


async def sent_raw(http_version: str, *more: tuple[bytes, bytes]) -> Any:
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": json.dumps({"query": QUERY}).encode()}

    async def note(message: Any) -> None:
        sent.append(message)

    headers = [(b"content-type", b"application/json"), *more]
    scope = {"type": "http", "method": "POST", "path": "/graphql", "query_string": b"", "headers": headers}
    await open_gateway().app({**scope, "http_version": http_version}, receive, note)
    return sent[0]["status"]


async def test_a_client_that_is_not_a_browser_needs_no_origin() -> None:
    assert await sent_raw("1.0") == 200


@pytest.mark.parametrize(
    ("http_version", "names", "status"),
    [
        ("1.1", [b"host"], 200),
        ("1.1", [], 400),
        ("1.1", [b"host", b"host"], 400),
        ("1.0", [b"host", b"host"], 400),
        ("1.1", [b"host", b"origin", b"origin"], 400),
        ("1.1", [b"host", b"content-type"], 400),
    ],
)
async def test_a_request_with_two_hosts_origins_or_types_or_without_a_host_is_refused(
    http_version: str, names: list[bytes], status: int
) -> None:
    values = {b"host": b"127.0.0.1", b"origin": b"http://127.0.0.1", b"content-type": b"application/json"}
    assert await sent_raw(http_version, *((name, values[name]) for name in names)) == status


async def test_a_page_of_a_forbidden_origin_is_refused_despite_a_valid_token() -> None:
    gateway = open_guarded().bearing(ROOT)
    assert_refused(gateway, await send(gateway, {"origin": "https://evil.example"}), 403)


async def test_cookies_are_neither_read_nor_set() -> None:
    gateway = open_guarded()
    assert (await send(gateway, {"cookie": f"token={ROOT}; session=1"})).status_code == 401
    for answer in (await send(gateway.bearing(ROOT), {}), await send(open_gateway(), HTML, "GET")):
        assert "set-cookie" not in answer.headers
