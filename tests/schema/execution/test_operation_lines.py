"""The log line that the gateway writes for each request."""

import hashlib
import logging
from typing import Any

import pytest

from harness.gateway import Gateway, open_gateway
from harness.gateway_with_clients import READER, open_guarded
from harness.streaming import stream

KEYS = "query Keys { accounts { key } }"
TAGS = 'query Tags { account(key: "tinycc") { tags { name } } }'
DEFERRED = 'query Later { account(key: "tinycc") { key ... @defer { tags { name } } } }'


@pytest.fixture
async def gateway(caplog: pytest.LogCaptureFixture) -> Gateway:
    caplog.set_level(logging.INFO)
    return open_gateway()


def line(caplog: pytest.LogCaptureFixture) -> Any:
    (record,) = [each for each in caplog.records if each.getMessage() == "operation"]
    return record


async def test_the_line_has_name_kind_and_document_hash_of_the_operation(
    gateway: Gateway, caplog: pytest.LogCaptureFixture
) -> None:
    reply = await gateway.ask(KEYS)
    told = line(caplog)
    assert (told.operation, told.kind, told.hash) == ("Keys", "query", hashlib.sha256(KEYS.encode()).hexdigest()[:16])
    assert (told.outcome, told.status, told.client) == ("ok", 200, "anonymous")
    assert told.request == reply.headers["x-request-id"]


async def test_the_line_has_the_operation_that_ran(gateway: Gateway, caplog: pytest.LogCaptureFixture) -> None:
    async with gateway.client() as client:
        await client.post("/graphql", json={"query": f"{KEYS} {TAGS}", "operationName": "Tags"})
    assert line(caplog).operation == "Tags"


@pytest.mark.parametrize(
    ("query", "outcome", "errors"),
    [
        (TAGS, "partial", {"BAD_RESPONSE": 1}),
        ("{ nope }", "refused", {"INVALID_INPUT": 1}),
        ("query Nope {", "refused", {"INVALID_INPUT": 1}),
        ("query A { __typename } query B { __typename }", "refused", {"INVALID_INPUT": 1}),
        ("query Some($first: Int!) { tags(first: $first) { nodes { name } } }", "refused", {"INVALID_INPUT": 1}),
    ],
)
async def test_the_line_has_the_outcome_and_counts_errors_by_code(
    gateway: Gateway, caplog: pytest.LogCaptureFixture, query: str, outcome: str, errors: dict[str, int]
) -> None:
    gateway.break_provider("tinycc", "html")
    await gateway.ask(query, first="many")
    told = line(caplog)
    assert (told.outcome, told.errors) == (outcome, errors)


async def test_the_line_counts_errors_of_deferred_parts(gateway: Gateway, caplog: pytest.LogCaptureFixture) -> None:
    gateway.break_provider("tinycc", "html")
    await stream(gateway, DEFERRED)
    told = line(caplog)
    assert (told.operation, told.outcome, told.errors) == ("Later", "partial", {"BAD_RESPONSE": 1})


async def test_an_operation_that_the_caller_may_not_send_is_refused(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    await open_guarded().bearing(READER).ask("mutation { refresh { __typename } }")
    told = line(caplog)
    assert (told.client, told.outcome, told.errors) == ("reader", "refused", {"FORBIDDEN": 1})


async def test_a_body_that_is_no_request_is_refused(gateway: Gateway, caplog: pytest.LogCaptureFixture) -> None:
    async with gateway.client() as client:
        await client.post("/graphql", content=b"nonsense", headers={"content-type": "application/json"})
    told = line(caplog)
    assert (told.outcome, told.status) == ("refused", 400)
    assert not hasattr(told, "operation")


async def test_the_line_has_the_worst_source_status_of_each_account(
    gateway: Gateway, caplog: pytest.LogCaptureFixture
) -> None:
    gateway.break_provider("tinycc", "html")
    await gateway.ask(
        """{ tags(first: 3) { nodes { name } }
        links(first: 3, filter: { accounts: ["tinycc", "cuttly", "shortenworld"] }) { nodes { slug } } }"""
    )
    sources = line(caplog).sources
    assert (sources["tinycc"], sources["shortenworld"], sources["cuttly"]) == ("FAILED", "OK", "UNSUPPORTED")


STATS = """query Stats($accounts: [ID!]) {
  links(first: 5, filter: { accounts: $accounts }) { nodes { stats { series { clicks } } } }
}"""


async def test_the_source_status_includes_statistics(gateway: Gateway, caplog: pytest.LogCaptureFixture) -> None:
    gateway.break_provider("shortenworld", "html", path="/analytics", times=1)
    await gateway.ask(STATS, accounts=["shortenworld", "picsee-main"])
    assert line(caplog).sources == {"shortenworld": "FAILED", "picsee-main": "OK"}


async def test_an_account_with_some_failed_statistics_is_partial(
    gateway: Gateway, caplog: pytest.LogCaptureFixture
) -> None:
    gateway.break_provider("shortenworld", "html", path="/analytics", times=1)
    await gateway.ask('{ stats(filter: { accounts: ["shortenworld", "tinycc"] }) { series { clicks } } }')
    assert line(caplog).sources == {"shortenworld": "PARTIAL", "tinycc": "OK"}
