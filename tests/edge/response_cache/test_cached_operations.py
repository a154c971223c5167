"""The response cache with emulators behind it: the second time, no vendor is called and nothing is executed."""

import asyncio
import json
from typing import Any

import httpx2
import pytest
from starlette.types import Message

from harness.gateway import UNCACHED, Gateway, open_gateway
from linkweave.schema.global_ids import encode_id

LINKS = """query ($first: Int) { links(first: $first) {
  nodes { id shortUrl title account { key } domain { name } tags { name } stats { clicks uniqueClicks } }
  sources { account { key } status fetchedAt } } }"""
CREATE = """mutation { createLink(input: { accounts: ["tinycc"], destination: "https://example.com/x" }) {
  link { id } errors { message } } }"""
TAGS = '{ account(key: "tinycc") { tags { name } } }'
ID = "x-request-id"


async def post(gateway: Gateway, query: str, **members: Any) -> httpx2.Response:
    async with gateway.client() as client:
        response: httpx2.Response = await client.post("/graphql", json={"query": query, **members})
    return response


def was_kept(response: httpx2.Response) -> bool:
    return "age" in response.headers


async def test_a_repeated_query_is_answered_with_the_same_bytes_and_without_calls() -> None:
    gateway = open_gateway()
    first = await post(gateway, LINKS, variables={"first": 5})
    gateway.forget_calls()
    second = await post(gateway, LINKS, variables={"first": 5})
    assert (was_kept(first), was_kept(second)) == (False, True)
    assert first.content == second.content
    assert first.json()["data"]["links"]["nodes"]
    assert gateway.calls() == {}
    assert first.headers[ID] != second.headers[ID]
    assert first.headers["cache-control"] == second.headers["cache-control"]
    assert first.headers["cache-control"].startswith("private, max-age=5")


async def test_a_write_at_an_account_makes_responses_with_that_account_invalid() -> None:
    gateway = open_gateway()
    elsewhere = '{ account(key: "cuttly") { domains { name } } }'
    await post(gateway, LINKS)
    await post(gateway, elsewhere)
    created = await post(gateway, CREATE)
    new = created.json()["data"]["createLink"]["link"]["id"]
    assert created.headers["cache-control"] == "no-store"
    again = await post(gateway, LINKS)
    assert not was_kept(again)
    assert new in {node["id"] for node in again.json()["data"]["links"]["nodes"]}
    assert was_kept(await post(gateway, elsewhere))


async def test_a_response_without_one_of_the_accounts_is_not_stored() -> None:
    gateway = open_gateway()
    gateway.break_provider("tinycc", "status", status=503)
    for _ in range(2):
        response = await post(gateway, "{ links { nodes { id } sources { status } } }")
        assert "errors" not in response.json()
        assert response.headers["cache-control"] == "no-store"
        assert not was_kept(response)
    gateway.mend_provider("tinycc")


@pytest.mark.parametrize(
    "query",
    [
        '{ account(key: "tinycc") { health { state } } }',
        '{ account(key: "tinycc") { nope } }',
        "{ links(first: 0) { nodes { id } } }",
        'mutation { deleteLinks(ids: ["x"]) { deleted { id } } }',
    ],
)
async def test_errors_mutations_and_momentary_facts_are_not_stored(query: str) -> None:
    gateway = open_gateway()
    for _ in range(2):
        response = await post(gateway, query)
        assert response.headers["cache-control"] == "no-store"
        assert not was_kept(response)


async def test_without_the_cache_no_response_is_stored() -> None:
    for cache in (UNCACHED["cache"], {"operation_bytes": 0}):
        gateway = open_gateway(sections={"cache": cache})
        for _ in range(2):
            assert not was_kept(await post(gateway, TAGS))


async def test_fifty_identical_cold_queries_cost_as_much_as_one() -> None:
    single = open_gateway()
    await post(single, LINKS)
    many = open_gateway()
    answers = await asyncio.gather(*(post(many, LINKS) for _ in range(50)))
    assert len({answer.content for answer in answers}) == 1
    assert len({answer.headers[ID] for answer in answers}) == 50
    assert many.calls() == single.calls()


async def test_fifty_cold_queries_by_other_names_cost_as_much_as_one() -> None:
    single = open_gateway()
    await post(single, TAGS)
    many = open_gateway()
    answers = await asyncio.gather(*(post(many, f"query q{number} {TAGS}") for number in range(50)))
    assert {json.dumps(answer.json()["data"]) for answer in answers} == {json.dumps(answers[0].json()["data"])}
    assert many.calls() == single.calls()


class Leaver:
    """A client that sends a query and hangs up after `seconds`."""

    def __init__(self, gateway: Gateway, query: str, seconds: float, accept: str = "application/json") -> None:
        self._messages: list[Message] = [{"type": "http.request", "body": json.dumps({"query": query}).encode()}]
        self._gateway = gateway
        self._gone_at = gateway.clock.monotonic() + seconds
        self._accept = accept
        self.got: list[Message] = []

    async def run(self) -> None:
        headers = [(b"content-type", b"application/json"), (b"accept", self._accept.encode())]
        scope = {"type": "http", "method": "POST", "path": "/graphql", "query_string": b"", "headers": headers}
        await self._gateway.app({**scope, "asgi": {"version": "3.0", "spec_version": "2.4"}}, self._receive, self._send)

    async def _receive(self) -> Message:
        if self._messages:
            return self._messages.pop()
        await asyncio.sleep(self._gone_at - self._gateway.clock.monotonic())
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        self.got.append(message)


class Cancelled(httpx2.AsyncBaseTransport):
    """A wire that never answers, and notes when its requests are cancelled."""

    def __init__(self) -> None:
        self.waiting = 0
        self.cancelled_at: list[float] = []

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        self.waiting += 1
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            self.cancelled_at.append(asyncio.get_running_loop().time())
            raise
        raise AssertionError(request)


DEFERRED = '{ accounts { key } ... @defer { account(key: "tinycc") { tags { name } } } }'
SALE = encode_id("Link", "picsee-main", "spring-sale")
STATS = f'{{ stats(links: ["{SALE}"]) {{ clicks series {{ date }} }} }}'


@pytest.mark.parametrize(
    ("query", "accept"),
    [
        (TAGS, "application/json"),
        (STATS, "application/json"),
        ('{ link(shortUrl: "https://cutt.ly/spring-sale") { title } }', "application/json"),
        (DEFERRED, "multipart/mixed"),
    ],
)
async def test_calls_to_vendors_are_cancelled_when_the_client_has_disconnected(query: str, accept: str) -> None:
    wire = Cancelled()
    gateway = open_gateway(around=lambda _: wire)
    before = asyncio.all_tasks()
    start = gateway.clock.monotonic()
    await Leaver(gateway, query, 1, accept).run()
    await asyncio.sleep(0.25)
    assert wire.waiting >= 1
    assert len(wire.cancelled_at) == wire.waiting
    assert all(at - start <= 1.25 for at in wire.cancelled_at)
    assert asyncio.all_tasks() == before


async def test_a_call_that_another_client_waits_for_is_not_cancelled() -> None:
    wire = Cancelled()
    gateway = open_gateway(around=lambda _: wire)
    leaver, stayer = Leaver(gateway, TAGS, 1), Leaver(gateway, f"query other {TAGS}", 3)
    start = gateway.clock.monotonic()
    await asyncio.gather(leaver.run(), stayer.run())
    await asyncio.sleep(0.1)
    assert wire.waiting == 1
    assert [at - start for at in wire.cancelled_at] == [pytest.approx(3)]


async def test_a_write_goes_on_when_its_client_has_disconnected() -> None:
    gateway = open_gateway()
    gateway.break_provider("tinycc", "delay", seconds=2)
    await Leaver(gateway, CREATE, 0.5).run()
    gateway.mend_provider("tinycc")
    wanted = '{ links(filter: { accounts: ["tinycc"], search: "example.com/x" }) { nodes { destination } } }'
    links = (await gateway.data(wanted))["links"]["nodes"]
    assert links == [{"destination": "https://example.com/x"}]
