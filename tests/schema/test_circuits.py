"""The calls to a failing vendor: of a large query, of the next query, and after the vendor recovers."""

from typing import Any

import pytest

from harness.gateway import Gateway, open_gateway
from harness.graphql_writes import CREATE_MANY, new_link
from linkweave.context.account_trial import MAX_UNPROVEN
from linkweave.transport.circuit.circuit import COOL_DOWN_SECONDS

MANY = "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Link { slug stats { clicks } } } }"
HEALTH = """{ account(key: "cuttly") { health { state circuit lastError { code } } } }"""
BROKEN = [
    ("status", {"status": 503}),
    ("reset", {}),
    ("html", {}),
    ("truncated", {}),
    ("delay", {"seconds": 60}),
]


async def many_links(gateway: Gateway) -> list[str]:
    """Links at Cutt.ly, each of which costs a call to read."""
    inputs = [new_link("cuttly", destination=f"https://www.example.com/{place}") for place in range(40)]
    payloads = await gateway.payload(CREATE_MANY, inputs=inputs)
    gateway.forget_calls()
    # The creations must not count in the circuit for the calls that follow.
    await gateway.clock.sleep(1)
    return [payload["link"]["id"] for payload in payloads]


async def health_of(gateway: Gateway) -> Any:
    return (await gateway.data(HEALTH))["account"]["health"]


@pytest.mark.parametrize(("kind", "details"), BROKEN, ids=[kind for kind, _ in BROKEN])
async def test_a_query_calls_a_failing_vendor_at_most_six_times_and_the_next_query_not_at_all(
    kind: str, details: dict[str, Any]
) -> None:
    gateway = open_gateway(deadline_seconds=20)
    links = await many_links(gateway)
    gateway.break_provider("cuttly", kind, **details)
    reply = await gateway.ask(MANY, ids=links)
    assert len(gateway.calls()["cuttly"]) in {5, 6}
    assert len(reply.errors) >= len(links)
    gateway.forget_calls()
    started = gateway.clock.monotonic()
    reply = await gateway.ask(MANY, ids=links)
    assert gateway.calls() == {}
    assert gateway.clock.monotonic() - started < 0.1
    assert set(reply.codes) == {"UNAVAILABLE"}
    assert 0 < reply.errors[0]["extensions"]["retryAfterSeconds"] <= 1.1 * COOL_DOWN_SECONDS


async def test_a_vendor_that_answers_in_json_is_not_down_whatever_it_says() -> None:
    gateway = open_gateway(deadline_seconds=20)
    links = await many_links(gateway)
    gateway.break_provider("cuttly", "wrong_type")
    for _ in range(3):
        reply = await gateway.ask(MANY, ids=links)
        assert 1 <= len(gateway.calls()["cuttly"]) <= MAX_UNPROVEN
        gateway.forget_calls()
        assert len(reply.errors) >= len(links)
    assert (await health_of(gateway))["circuit"] == "CLOSED"
    gateway.mend_provider("cuttly")
    assert (await gateway.ask(MANY, ids=links)).errors == []


async def test_one_trial_call_closes_the_circuit_after_the_vendor_recovers() -> None:
    gateway = open_gateway()
    links = await many_links(gateway)
    gateway.break_provider("cuttly", "status", status=500)
    await gateway.ask(MANY, ids=links)
    assert await health_of(gateway) == {"state": "DOWN", "circuit": "OPEN", "lastError": {"code": "UNAVAILABLE"}}
    gateway.mend_provider("cuttly")
    await gateway.clock.sleep(1.1 * COOL_DOWN_SECONDS)
    assert (await health_of(gateway))["circuit"] == "HALF_OPEN"
    reply = await gateway.ask(MANY, ids=links)
    assert reply.errors == []
    assert (await health_of(gateway))["circuit"] == "CLOSED"
    assert (await health_of(gateway))["state"] == "UP"
