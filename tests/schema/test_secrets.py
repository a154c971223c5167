"""No secret is in a response, a log line, a metric or a span, with or without faults of the vendors."""

import json
import logging
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, cast
from urllib.parse import parse_qsl, quote

import httpx2
import pytest
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from starlette.applications import Starlette

from harness.gateway import AsgiWire, Gateway, open_gateway
from harness.graphql_writes import CREATE, UPDATE, a_new_link, new_link
from harness.multipart_client import UPLOAD, in_base64, png
from harness.streaming import stream
from harness.vendor_faults import FAULTS
from linkweave.observability.tracing import open_tracing
from linkweave.providers.discovery import discover
from linkweave.runtime.process import Process
from linkweave.sandbox import sandbox_accounts
from linkweave.schema.global_ids import encode_id
from linkweave.server.reload import checked_accounts
from linkweave.settings import TracesSettings, from_table

DEMO = (files("linkweave.cli") / "demo.graphql").read_text()
READS = """
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
PASSWORD = "correct-horse-battery-staple"
KEY = "idempotency-key-of-order-4711"
HEADER = "Bearer hook-credential-1234"
TOKEN = "bearer-token-of-a-caller-0123456789"
HOOK = """mutation ($input: CreateWebhookInput!) { createWebhook(input: $input) {
  webhook { id headers { name value } } errors { code message } } }"""
UPLOAD_WITHOUT_DELETE_URL = UPLOAD.replace("deleteUrl", "")


@dataclass
class Recording(httpx2.AsyncBaseTransport):
    """A wire that records the credentials that the gateway sends."""

    wire: AsgiWire
    credentials: set[str]

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        self.credentials.update(value.rpartition(" ")[2] for value in request.headers.get_list("authorization"))
        self.credentials.update(request.headers.get_list("x-api-key"))
        self.credentials.update(value for name, value in request.url.params.multi_items() if name == "key")
        form = parse_qsl((await request.aread()).decode("utf-8", "replace"))
        self.credentials.update(value for name, value in form if name == "signature")
        return await self.wire.handle_async_request(request)


def configured() -> set[str]:
    """Every secret of the sandbox's accounts as it may be written: plain, encoded, as Basic."""
    options = [account.options for provider in discover().values() for account in provider.sandbox_accounts]
    secrets = {
        str(value) for each in options for name, value in each.items() if name in {"token", "api_key", "signature"}
    }
    pairs = {f"{each['username']}:{each['api_key']}" for each in options if "username" in each}
    return secrets | {quote(secret) for secret in secrets} | {b64encode(pair.encode()).decode() for pair in pairs}


def delete_urls(gateway: Gateway) -> set[str]:
    uploads = cast("Starlette", gateway.sandbox.slots["chevereto"].app).state.uploads.values()
    return {upload.to_json()["delete_url"] for upload in uploads}


def logged(records: list[logging.LogRecord]) -> Iterator[str]:
    formatter = logging.Formatter("%(name)s %(message)s")
    for record in records:
        yield formatter.format(record)
        yield repr(record.__dict__)


async def read_everything(gateway: Gateway) -> list[str]:
    """The responses to reads, whole and in parts."""
    replies = [await gateway.ask(DEMO), await gateway.ask(READS)]
    parts = await stream(gateway, "{ accounts { key ... @defer { tags { name } quotas { name } } } }")
    texts = [json.dumps([reply.data, reply.errors, dict(reply.headers)]) for reply in replies]
    return [*texts, *(json.dumps(part.content) for part in parts)]


async def write_everything(gateway: Gateway, links: dict[str, str]) -> list[str]:
    """The responses to writes whose inputs contain secrets. Some of the inputs are wrong."""
    hook = {
        "account": "tinycc",
        "url": "https://hooks.example.com",
        "tag": "print",
        "headers": [{"name": "Authorization", "value": HEADER}],
    }
    picture = {"account": "chevereto", "base64": in_base64(png())}
    writes: list[tuple[str, dict[str, Any]]] = [
        *((UPDATE, {"id": link, "password": PASSWORD}) for link in links.values()),
        *((CREATE, new_link(account, password=PASSWORD)) for account in ("cuttly", "picsee-main")),
        *((CREATE, new_link("tinycc", idempotencyKey=KEY)) for _ in range(2)),
        (CREATE, new_link("tinycc", idempotencyKey=KEY, note="another input")),
        (CREATE, new_link("cuttly", idempotencyKey=KEY, slug="spring-sale")),
        (HOOK, hook),
        (HOOK, {**hook, "account": "cuttly"}),
        *((UPLOAD_WITHOUT_DELETE_URL, picture) for _ in range(2)),
        (UPDATE, {"id": links["cuttly"], "password": [PASSWORD]}),
        (CREATE, {"accounts": [], "idempotencyKey": KEY, "password": {"is": PASSWORD}}),
    ]
    replies = [await gateway.ask(mutation, input=variables) for mutation, variables in writes]
    return [json.dumps([reply.data, reply.errors, dict(reply.headers)]) for reply in replies]


async def send_odd_requests(gateway: Gateway) -> None:
    """Requests with secrets outside of inputs: in headers, in an ID, and in a body that is not JSON."""
    headers = {"authorization": f"Bearer {TOKEN}", "x-request-id": min(configured())}
    async with gateway.client() as client:
        await client.post("/graphql", json={"query": f'{{ link(id: "{PASSWORD}") {{ id }} }}'}, headers=headers)
        await client.post("/graphql", content=f"not JSON {PASSWORD}", headers=headers)


def observed_process(spans: InMemorySpanExporter) -> Process:
    """A process that writes log lines, counts and traces as a server does."""
    process = Process()
    process.tracing = open_tracing(TracesSettings(), lambda: 1, process.mask, SimpleSpanProcessor(spans))
    settings = from_table({"accounts": sandbox_accounts(discover(), "http://sandbox")}, "demo")
    process.configure(settings, checked_accounts(settings))
    return process


@pytest.mark.usefixtures("kept_logging")
@pytest.mark.parametrize("fault_name", [None, *FAULTS])
async def test_no_secret_is_in_a_response_a_line_a_metric_or_a_span(
    fault_name: str | None, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    exporter = InMemorySpanExporter()
    process = observed_process(exporter)
    caplog.set_level(logging.DEBUG)
    logging.getLogger().addHandler(caplog.handler)
    credentials: set[str] = set()
    gateway = open_gateway(providers=discover(), around=lambda wire: Recording(wire, credentials), process=process)
    links = {account: await a_new_link(gateway, account) for account in ("cuttly", "kutt", "shortenworld", "tinycc")}
    fault = None if fault_name is None else FAULTS[fault_name]
    if fault is not None:
        for provider in discover():
            fault.inject(gateway, provider)
    responses = [*await read_everything(gateway), *await write_everything(gateway, links)]
    await send_odd_requests(gateway)
    lines, metrics = capsys.readouterr().err, process.metrics.page("")[0].decode()
    spans = "".join(span.to_json() for span in exporter.get_finished_spans())
    secrets = {*configured(), *credentials, *delete_urls(gateway), PASSWORD, KEY, HEADER, TOKEN}
    assert len(secrets) >= 12
    assert all(len(secret) > 8 for secret in secrets)
    # GraphQL quotes a value of a wrong type. It is the caller's own value, in the response to this caller only.
    quoting = [text for text in responses if "Variable '$input'" in text]
    assert len(quoting) == 2
    texts = [*(text for text in responses if text not in quoting), *logged(caplog.records), lines, metrics, spans]
    assert [(secret, text) for text in texts for secret in secrets if secret in text] == []
    events = {json.loads(line)["event"] for line in lines.splitlines()}
    assert events >= {"operation", "vendor call"}
    assert "linkweave_vendor_calls_total" in metrics
    assert "linkweave.account" in spans


async def test_wrong_credentials_are_in_no_response_and_in_no_line(caplog: pytest.LogCaptureFixture) -> None:
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
    responses = await read_everything(open_gateway(accounts=accounts))
    assert sum("UNAUTHENTICATED" in response for response in responses) > 1
    basic = b64encode(f"sandbox-print:{wrong}".encode()).decode()
    texts = [*responses, *logged(caplog.records)]
    assert [text for text in texts if wrong in text or basic in text] == []


@dataclass
class WithHeaders(httpx2.AsyncBaseTransport):
    """A wire that replaces the headers of all webhooks in responses."""

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


SECRET_HEADERS = ["Authorization", "authorization", "Proxy-Authorization", "X-Auth-Token", "X-API-Key", "Cookie"]
SECRET_HEADERS += ["Set-Cookie2", "X-Hub-Signature-256", "X-Client-Secret", "X-Session"]
SHOWN = {**dict.fromkeys(SECRET_HEADERS, "***"), "Content-Type": "hunter2", "User-Agent": "hunter2"}


async def test_the_name_of_a_webhooks_header_decides_whether_its_value_is_masked() -> None:
    written = [f"{name}: hunter2" for name in SHOWN]
    gateway = open_gateway(around=lambda wire: WithHeaders(wire, written))
    query = '{ account(key: "tinycc") { webhooks(first: 1) { nodes { headers { name value } } } } }'
    (hook,) = (await gateway.data(query))["account"]["webhooks"]["nodes"]
    assert hook["headers"] == [{"name": name, "value": shown} for name, shown in SHOWN.items()]


async def test_the_id_of_a_link_does_not_contain_its_idempotency_key() -> None:
    gateway = open_gateway()
    link = await a_new_link(gateway, "tinycc", idempotencyKey=KEY, slug="plain26")
    assert link == encode_id("Link", "tinycc", "go.shopdemo.example/plain26")
