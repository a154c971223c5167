"""No secret of the configuration or of a caller is in what the process writes of itself: lines, numbers and spans."""

import json
from collections.abc import Iterator

import pytest
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from harness.gateway import Gateway, open_gateway
from harness.graphql_writes import CREATE, new_link
from harness.vendor_faults import KIND_NAMES, KINDS
from linkweave.observability.tracing import open_tracing
from linkweave.providers.discovery import discover
from linkweave.runtime.process import Process
from linkweave.sandbox import sandbox_accounts
from linkweave.server.reload import checked_accounts
from linkweave.settings import TracesSettings, from_table

PASSWORD, KEY, TOKEN = "canary-password-of-a-link", "canary-idempotency-key", "canary-bearer-token-0123456789"
READS = """query Reads { accounts { key tags { name } quotas { name } domains { name } }
  links(first: 3) { nodes { slug stats { clicks } } } }"""
KINDS_OF_ALL = [("none", {}), *((kind, details) for kind, details, _ in KINDS)]

pytestmark = pytest.mark.usefixtures("kept_logging")


def configured() -> Iterator[str]:
    for provider in discover().values():
        for account in provider.sandbox_accounts:
            yield from (str(value) for name, value in account.options.items() if name in {"token", "api_key"})


async def ask_and_write(gateway: Gateway) -> None:
    headers = {"authorization": f"Bearer {TOKEN}", "x-request-id": next(configured())}
    write = {"query": CREATE, "variables": {"input": new_link("cuttly", password=PASSWORD, idempotencyKey=KEY)}}
    async with gateway.client() as client:
        for body in ({"query": READS}, {"query": READS}, write, {"query": f'{{ link(id: "{PASSWORD}") {{ id }} }}'}):
            await client.post("/graphql", json=body, headers=headers)
        await client.post("/graphql", content=f"not JSON {PASSWORD}", headers=headers)


@pytest.mark.parametrize(("kind", "details"), KINDS_OF_ALL, ids=["well", *KIND_NAMES])
async def test_no_canary_is_in_a_line_a_number_or_a_span(
    kind: str, details: dict[str, object], capsys: pytest.CaptureFixture[str]
) -> None:
    kept, process = InMemorySpanExporter(), Process()
    process.tracing = open_tracing(TracesSettings(), lambda: 1, process.mask, SimpleSpanProcessor(kept))
    settings = from_table({"accounts": sandbox_accounts(discover(), "http://sandbox")}, "demo")
    process.configure(settings, checked_accounts(settings))
    gateway = open_gateway(process=process)
    for provider in discover() if kind != "none" else ():
        gateway.break_provider(provider, kind, **details)
    await ask_and_write(gateway)
    lines = capsys.readouterr().err
    numbers = process.metrics.page("")[0].decode()
    spans = "".join(span.to_json() for span in kept.get_finished_spans())
    canaries = {*configured(), PASSWORD, KEY, TOKEN}
    assert [canary for canary in canaries for text in (lines, numbers, spans) if canary in text] == []
    events = [json.loads(line)["event"] for line in lines.splitlines()]
    assert events.count("operation") == 5
    assert "vendor call" in events
    assert "linkweave_vendor_calls_total" in numbers
    assert "linkweave.account" in spans
