"""No credential of any account is in any answer or log line, whatever is asked and whatever goes wrong."""

import json
import logging
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from urllib.parse import quote

import httpx2
import pytest

from harness.gateway import AsgiWire, Gateway, open_gateway
from harness.streaming import stream
from harness.vendor_faults import KIND_NAMES, KINDS
from linkweave.providers.discovery import discover

DEMO = (files("linkweave.cli") / "demo.graphql").read_text()
MIX = """
{
  accounts {
    key label plan { name } quotas { name used } health { state lastError { code message } rateLimits { bucket } }
    tags { name } domains { name kind } teams { name } trackers { name code } trackingPresets { utmSources }
    webhooks { nodes { url headers { name value } target { link { shortUrl } } } }
    externalIdUsage { externalId links }
    links(first: 3) { nodes { id shortUrl stats { clicks series { date } } } pageInfo { endCursor } }
  }
  link(shortUrl: "https://cutt.ly/spring-sale") { title stats { clicks } }
}
"""
PROVIDERS = ("picsee", "cuttly", "tinycc", "shortenworld")


@dataclass
class Recording(httpx2.AsyncBaseTransport):
    """A wire that remembers what proved who the gateway is."""

    wire: AsgiWire
    shown: set[str] = field(default_factory=set)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        self.shown.update(value.rpartition(" ")[2] for value in request.headers.get_list("authorization"))
        self.shown.update(request.headers.get_list("x-api-key"))
        self.shown.update(value for name, value in request.url.params.multi_items() if name == "key")
        return await self.wire.handle_async_request(request)


def configured() -> set[str]:
    """Every secret of the sandbox's accounts as it may be written: plain, encoded, as Basic."""
    options = [account.options for provider in discover().values() for account in provider.sandbox_accounts]
    secrets = {str(value) for each in options for name, value in each.items() if name in {"token", "api_key"}}
    pairs = {f"{each['username']}:{each['api_key']}" for each in options if "username" in each}
    return secrets | {quote(secret) for secret in secrets} | {b64encode(pair.encode()).decode() for pair in pairs}


def logged(records: list[logging.LogRecord]) -> Iterator[str]:
    formatter = logging.Formatter("%(name)s %(message)s")
    for record in records:
        yield formatter.format(record)
        yield repr(record.__dict__)


async def ask_everything(gateway: Gateway) -> list[str]:
    """Answers, at once and in parts."""
    replies = [
        await gateway.ask(DEMO),
        await gateway.ask(MIX),
        await gateway.ask(MIX.replace("bad: links(first: 0)", "")),
    ]
    parts = await stream(gateway, "{ accounts { key ... @defer { tags { name } quotas { name } } } }")
    texts = [json.dumps([reply.data, reply.errors, dict(reply.headers)]) for reply in replies]
    return [*texts, *(json.dumps(part.content) for part in parts)]


@pytest.mark.parametrize(("kind", "details", "_code"), [("none", {}, ""), *KINDS], ids=["well", *KIND_NAMES])
async def test_no_credential_is_ever_told_or_logged(
    kind: str, details: dict[str, object], _code: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    wires: list[Recording] = []

    def recorded(wire: AsgiWire) -> Recording:
        wires.append(Recording(wire))
        return wires[-1]

    gateway = open_gateway(around=recorded)
    for provider in PROVIDERS if kind != "none" else ():
        gateway.break_provider(provider, kind, **details)
    answers = await ask_everything(gateway)
    secrets = configured() | wires[0].shown
    assert len(secrets) >= 8
    assert all(len(secret) > 8 for secret in secrets)
    written = [*answers, *logged(caplog.records)]
    assert [(secret, text) for text in written for secret in secrets if secret in text] == []


async def test_wrong_credentials_are_not_told_either(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    wrong = "wrong-but-secret-all-the-same"
    options: dict[str, dict[str, object]] = {
        "picsee": {"token": wrong, "plan": "advanced"},
        "cuttly": {"api_key": wrong, "domains": ["cutt.ly"]},
        "tinycc": {"username": "sandbox-print", "api_key": wrong},
        "shortenworld": {"username": "sandbox-shortenworld", "api_key": wrong},
    }
    accounts = [
        {"key": name, "provider": name, "base_url": f"http://sandbox/{name}", **each} for name, each in options.items()
    ]
    gateway = open_gateway(accounts=accounts)
    answers = await ask_everything(gateway)
    assert sum("UNAUTHENTICATED" in answer for answer in answers) > 2
    basic = b64encode(f"sandbox-print:{wrong}".encode()).decode()
    written = [*answers, *logged(caplog.records)]
    assert [text for text in written if wrong in text or basic in text] == []


async def test_the_vendors_own_echo_of_the_token_is_dropped() -> None:
    """PicSee repeats the request in `meta`, and in it what was in the address."""
    gateway = open_gateway()
    data = await gateway.data(
        '{ account(key: "picsee-main") { plan { name } links(first: 1) { nodes { shortUrl } } } }'
    )
    assert "meta" not in json.dumps(data)
    assert "sandbox-picsee-token" not in json.dumps(data)


@dataclass
class WithHeaders(httpx2.AsyncBaseTransport):
    """A wire on which every webhook has other headers."""

    wire: AsgiWire
    headers: list[str]

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        response = await self.wire.handle_async_request(request)
        if not request.url.path.endswith("/webhooks"):
            return response
        body = json.loads(await response.aread())
        hooks = [{**hook, "headers": self.headers} for hook in body["webhooks"]]
        content = json.dumps({**body, "webhooks": hooks}).encode()
        return httpx2.Response(200, stream=httpx2.ByteStream(content), request=request)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Authorization", "***"),
        ("authorization", "***"),
        ("Proxy-Authorization", "***"),
        ("X-Auth-Token", "***"),
        ("X-API-Key", "***"),
        ("Cookie", "***"),
        ("Set-Cookie2", "***"),
        ("X-Hub-Signature-256", "***"),
        ("X-Client-Secret", "***"),
        ("X-Session", "***"),
        ("Content-Type", "hunter2"),
        ("User-Agent", "hunter2"),
    ],
)
async def test_a_header_is_masked_by_what_its_name_says(name: str, shown: str) -> None:
    gateway = open_gateway(around=lambda wire: WithHeaders(wire, [f"{name}: hunter2"]))
    query = '{ account(key: "tinycc") { webhooks(first: 1) { nodes { headers { name value } } } } }'
    (hook,) = (await gateway.data(query))["account"]["webhooks"]["nodes"]
    assert hook["headers"] == [{"name": name, "value": shown}]


async def test_headers_of_webhooks_that_may_hold_credentials_are_masked() -> None:
    query = '{ account(key: "tinycc") { webhooks { nodes { headers { name value } } } } }'
    hooks = (await open_gateway().data(query))["account"]["webhooks"]["nodes"]
    headers = {header["name"]: header["value"] for hook in hooks for header in hook["headers"]}
    assert headers == {"Cache-control": "no-cache", "Authorization": "***"}
