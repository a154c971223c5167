"""CORS: pages of the configured origins may read answers, and no others."""

from collections.abc import Mapping
from typing import Any

import pytest

from harness.gateway import Gateway, open_gateway
from harness.gateway_with_clients import ROOT, client, open_guarded

APP = "https://app.example.com"
OTHER = "http://localhost:3000"
QUERY = {"query": "{ accounts { key } }"}
ASKED = {"access-control-request-method": "POST", "access-control-request-headers": "authorization, content-type"}


def allowing(*origins: str) -> Gateway:
    return open_guarded([client("root", ROOT, ["read"], "*")], server={"allowed_origins": origins})


async def preflight(gateway: Gateway, origin: str, **more: str) -> Any:
    headers = {"origin": origin, **ASKED, **{name.replace("_", "-"): value for name, value in more.items()}}
    async with gateway.client() as http:
        return await http.options("/graphql", headers=headers)


async def post(gateway: Gateway, headers: Mapping[str, str]) -> Any:
    async with gateway.client() as http:
        return await http.post("/graphql", json=QUERY, headers=headers)


def cors(answer: Any) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name.startswith("access-control")}


@pytest.mark.parametrize("origin", [APP, OTHER])
async def test_a_preflight_of_an_allowed_origin_gets_what_is_allowed(origin: str) -> None:
    answer = await preflight(allowing(APP, OTHER), origin)
    assert answer.status_code == 200
    assert cors(answer)["access-control-allow-origin"] == origin
    assert cors(answer)["access-control-allow-methods"] == "GET, HEAD, POST"
    assert "access-control-allow-credentials" not in answer.headers
    assert "Origin" in answer.headers["vary"]


@pytest.mark.parametrize(
    "names",
    [
        "Authorization",
        "content-type,authorization",
        "content-type,traceparent",
        "content-type,traceparent,tracestate",
        "content-type,sentry-trace,baggage",
        "content-type,x-requested-with",
        "apollo-require-preflight",
        "graphql-require-preflight",
        "apollographql-client-name,apollographql-client-version",
        "x-apollo-operation-id,x-apollo-operation-name",
        "if-none-match",
        "x-request-id",
    ],
)
async def test_the_headers_of_the_gateway_and_of_common_clients_may_be_sent(names: str) -> None:
    answer = await preflight(allowing(APP), APP, access_control_request_headers=names)
    assert answer.status_code == 200
    allowed = set(answer.headers["access-control-allow-headers"].lower().split(", "))
    assert allowed >= set(names.lower().split(","))


async def test_a_setting_allows_more_headers() -> None:
    gateway = open_guarded(server={"allowed_origins": [APP], "allowed_headers": ["X-Tenant"]})
    assert (await preflight(gateway, APP, access_control_request_headers="x-tenant,traceparent")).status_code == 200
    assert (await preflight(gateway, APP, access_control_request_headers="x-other")).status_code == 400


@pytest.mark.parametrize(
    ("origin", "more"),
    [
        ("https://evil.example", {}),
        ("http://app.example.com", {}),
        ("https://app.example.com:8443", {}),
        ("https://app.example.com.evil.example", {}),
        ("null", {}),
        (APP, {"access_control_request_method": "DELETE"}),
        (APP, {"access_control_request_headers": "x-other"}),
    ],
)
async def test_every_other_preflight_is_refused(origin: str, more: dict[str, str]) -> None:
    assert (await preflight(allowing(APP), origin, **more)).status_code == 400


async def test_an_answer_to_an_allowed_page_says_that_the_page_may_read_it_and_which_headers() -> None:
    answer = await post(allowing(APP).bearing(ROOT), {"origin": APP, "sec-fetch-site": "cross-site"})
    assert answer.json()["data"]["accounts"]
    assert answer.headers["access-control-allow-origin"] == APP
    shown = {name.strip() for name in answer.headers["access-control-expose-headers"].split(",")}
    assert shown == {"etag", "ratelimit", "ratelimit-policy", "retry-after", "x-request-id"}
    assert sorted(answer.headers["vary"].split(", ")) == ["Accept", "Authorization", "Origin"]


@pytest.mark.parametrize("origins", [[APP], ["*"]])
async def test_an_answer_without_an_origin_says_that_it_depends_on_the_origin(origins: list[str]) -> None:
    """A browser that stores it would show it to a page, which then must not read it."""
    varies = (await post(allowing(*origins).bearing(ROOT), {})).headers["vary"]
    assert sorted(varies.split(", ")) == ["Accept", "Authorization", "Origin"]


async def test_an_allowed_page_may_read_a_refusal() -> None:
    answer = await post(allowing(APP), {"origin": APP})
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (401, APP)


async def test_another_page_has_no_access_and_cannot_read_the_answer() -> None:
    answer = await post(allowing(APP).bearing(ROOT), {"origin": "https://evil.example"})
    assert answer.status_code == 403
    assert "access-control-allow-origin" not in answer.headers


async def test_every_page_has_access_only_if_the_settings_say_so() -> None:
    gateway = allowing("*")
    assert (await preflight(gateway, "https://anywhere.example")).headers["access-control-allow-origin"] == "*"
    for headers in ({"origin": "https://anywhere.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}):
        answer = await post(gateway.bearing(ROOT), headers)
        assert (answer.status_code, answer.headers.get("access-control-allow-origin", "*")) == (200, "*")
        assert "access-control-allow-credentials" not in answer.headers


async def test_an_allowed_page_on_the_internet_has_access_to_a_gateway_on_this_machine() -> None:
    answer = await preflight(allowing(APP), APP, access_control_request_private_network="true")
    assert answer.headers["access-control-allow-private-network"] == "true"
    refused = await preflight(allowing(APP), "https://evil.example", access_control_request_private_network="true")
    assert refused.status_code == 400


async def test_without_allowed_origins_no_answer_has_cors_headers() -> None:
    gateway = open_gateway()
    assert (await preflight(gateway, APP)).status_code == 403
    assert cors(await post(gateway, {"origin": APP})) == {}
    assert cors(await post(gateway, {"origin": "http://127.0.0.1"})) == {}
