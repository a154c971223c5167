import asyncio
from collections.abc import Mapping, MutableMapping
from typing import Any

import httpx2
import pytest

from harness.emulators import ManualClock
from harness.gateway import open_gateway
from linkweave.app import build_app
from linkweave.cli.demo import demo_settings
from linkweave.errors import ConfigurationError
from linkweave.providers.discovery import discover
from linkweave.sandbox import Sandbox
from linkweave.settings import Settings, from_table

SANDBOX = "http://sandbox"
ACCOUNT = {"key": "picsee-main", "provider": "picsee", "token": "sandbox-picsee-token", "base_url": f"{SANDBOX}/picsee"}
PAGE = """query Page($after: String) {
  links(first: 1, after: $after, filter: { accounts: ["tinycc"] }) { nodes { slug } pageInfo { endCursor } }
}"""


class ClosingWire(httpx2.AsyncBaseTransport):
    """A network that is not used, and that notes when it is closed."""

    closed = False

    async def aclose(self) -> None:
        self.closed = True


def gateway(settings: Settings, sandbox: Sandbox | None = None) -> httpx2.AsyncClient:
    clock = ManualClock()
    wire = httpx2.ASGITransport(app=sandbox or Sandbox(discover(), clock))
    app = build_app(settings, clock, wire)
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://127.0.0.1")


def settings(**server: object) -> Settings:
    return from_table({"accounts": demo_settings(SANDBOX).accounts, "server": server}, "demo")


@pytest.mark.parametrize(
    ("server", "documents", "off"),
    [
        ({}, {}, {"CORS", "client rate limits"}),
        (
            {"allowed_origins": ["*"], "overview": False},
            {"automatic": False},
            {"client rate limits", "persisted queries"},
        ),
    ],
)
def test_a_request_passes_the_layers_in_this_order_but_for_those_that_are_off(
    server: dict[str, object], documents: dict[str, object], off: set[str]
) -> None:
    tables = demo_settings(SANDBOX).accounts
    app = build_app(from_table({"accounts": tables, "server": server, "documents": documents}, "demo"), ManualClock())
    assert [layer.name for layer in app.layers] == [
        "WebSockets",
        "streams",
        "exact request cache",
        "request observer",
        "body limits",
        "CORS",
        "origin check",
        "WebSocket refusal",
        "authentication",
        "client rate limits",
        "upload limits",
        "request parsing",
        "persisted queries",
        "response cache",
    ]
    assert {layer.name for layer in app.layers if layer.middleware is None} == off


async def test_a_browser_that_opens_the_endpoint_gets_the_page_and_its_files() -> None:
    async with gateway(settings()) as client:
        page = await client.get("/graphql", headers={"accept": "text/html"})
        script = page.text.partition('src="')[2].partition('"')[0]
        assert (await client.get(script)).status_code == 200
    assert page.headers["content-type"].startswith("text/html")


async def test_no_vendor_is_called_before_a_query_needs_it() -> None:
    sandbox = Sandbox(discover(), ManualClock())
    async with gateway(settings(), sandbox) as client:
        await client.post("/graphql", json={"query": "{ accounts { key provider { name } } }"})
    assert all(not slot.calls for slot in sandbox.slots.values())


def test_an_account_with_wrong_settings_stops_the_start() -> None:
    wrong = from_table({"accounts": [{**ACCOUNT, "plan": "gold"}]}, "demo")
    with pytest.raises(ConfigurationError, match=r"demo: accounts\[0\] \(picsee-main\)\.plan: "):
        build_app(wrong)


async def test_tokens_are_revoked_when_the_app_closes() -> None:
    clock = ManualClock()
    sandbox = Sandbox(discover(), clock)
    app = build_app(settings(), clock, httpx2.ASGITransport(app=sandbox))
    async with app.pages.router.lifespan_context(app.pages):
        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://127.0.0.1") as client:
            await client.post("/graphql", json={"query": '{ account(key: "shortenworld") { teams { name } } }'})
        assert sandbox.calls("shortenworld")[0].path == "/authen/token"
    assert sandbox.calls("shortenworld")[-1].path == "/authen/revoke"


async def _page(client: httpx2.AsyncClient, after: str | None) -> Mapping[str, object]:
    answer = await client.post("/graphql", json={"query": PAGE, "variables": {"after": after}})
    body: Mapping[str, object] = answer.json()
    return body


async def _cursor(client: httpx2.AsyncClient) -> str:
    body = (await client.post("/graphql", json={"query": PAGE})).json()
    cursor: str = body["data"]["links"]["pageInfo"]["endCursor"]
    return cursor


async def test_gateways_with_the_same_secret_read_each_others_cursors() -> None:
    async with gateway(settings(secret="shared")) as one, gateway(settings(secret="shared")) as other:
        assert "errors" not in await _page(other, await _cursor(one))


async def test_a_secret_that_is_generated_at_the_start_differs_each_time() -> None:
    async with gateway(settings()) as one, gateway(settings()) as other:
        cursor = await _cursor(one)
        assert "errors" not in await _page(one, cursor)
        assert "errors" in await _page(other, cursor)


async def test_accounts_are_closed_at_the_end_even_without_a_request() -> None:
    wire = ClosingWire()
    app = build_app(settings(), ManualClock(), wire)
    async with app.pages.router.lifespan_context(app.pages):
        await asyncio.sleep(0)
    assert wire.closed


async def test_a_server_of_asgi_apps_opens_and_closes_the_gateway() -> None:
    # A server takes an app that fails here for one without resources: nothing would work in the background.
    received = iter(("lifespan.startup", "lifespan.shutdown"))
    sent: list[str] = []

    async def receive() -> dict[str, str]:
        return {"type": next(received)}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message["type"])

    await open_gateway().app({"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}, receive, send)
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
