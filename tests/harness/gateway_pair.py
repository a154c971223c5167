"""Two gateways on one cache server, over one sandbox."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import httpx2

from harness.gateway import five_providers
from harness.graphql_writes import CREATE, new_link
from linkweave.app import build_app
from linkweave.clock import SystemClock
from linkweave.sandbox import Sandbox, sandbox_accounts
from linkweave.settings import from_table

LINKS = '{ links(first: 5, filter: { accounts: ["tinycc"] }) { nodes { slug } sources { status } } }'


class Pair:
    """Two gateways over one sandbox."""

    def __init__(self, url: str, prefix: str, **cache: object) -> None:
        clock, providers = SystemClock(), five_providers()
        self.sandbox = Sandbox(providers, clock)
        self.clients: list[httpx2.AsyncClient] = []
        options = {"url": url, "prefix": prefix, "timeout_seconds": 1, **cache}
        table = {"accounts": sandbox_accounts(providers, "http://sandbox"), "cache": options}
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

    async def payload(self, number: int, **fields: object) -> Any:
        return (await self.ask(number, CREATE, input=new_link("tinycc", **fields)))["payload"]

    async def create(self, number: int, **fields: object) -> Any:
        payload = await self.payload(number, **fields)
        assert payload["errors"] == []
        return payload

    async def newest(self, number: int) -> Any:
        links = (await self.ask(number, LINKS))["links"]
        assert [source["status"] for source in links["sources"]] == ["OK"]
        return links["nodes"][0]["slug"]

    async def ready(self, number: int) -> Mapping[str, str]:
        """Returns what /ready says of the cache."""
        answer = await self.clients[number].get("/ready")
        assert answer.status_code == 200
        ready: dict[str, str] = answer.json()
        assert ready.pop("status") == "ready"
        return ready

    async def until_ready(self) -> None:
        """Waits until both gateways use the server."""
        async with asyncio.timeout(20):
            while [await self.ready(number) for number in (0, 1)] != [{"cache": "ok"}] * 2:  # noqa: ASYNC110 - no event
                await asyncio.sleep(0.1)

    async def degraded(self, number: int) -> str | None:
        """Returns the value of the metric that says whether the cache can be used."""
        lines = (await self.clients[number].get("/metrics")).text.splitlines()
        return next((line.split()[-1] for line in lines if line.startswith("linkweave_cache_degraded ")), None)

    def writes(self) -> int:
        return sum(call.method == "POST" for call in self.sandbox.calls("tinycc"))


@asynccontextmanager
async def open_pair(url: str, prefix: str, **cache: object) -> AsyncIterator[Pair]:
    """Opens two gateways; `cache` adds to [cache]."""
    pair = Pair(url, prefix, **cache)
    async with AsyncExitStack() as opened:
        await pair.open(opened)
        yield pair
