"""Callers that hang up: what was asked for them is given up, unless others wait for it."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from program import in_time
from world import Gateway, Vendors, accounts_of, gateway, vendors

WHOLE = '{ tags(accounts: ["tinycc"]) { nodes { name } } }'
IN_PARTS = "{ accounts { key } ... @defer { tags { nodes { name } } } }"


@dataclass(frozen=True)
class World:
    vendors: Vendors
    gateway: Gateway


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("clients-leave")
    with vendors(folder) as sandbox:
        account = {**accounts_of(sandbox.url, "tinycc")[0], "timeout_seconds": 300}
        with gateway(folder, [account], server={"deadline_seconds": 300}) as served:
            yield World(sandbox, served)


@pytest.fixture(autouse=True)
def hanging(world: World) -> Iterator[None]:
    world.vendors.break_provider("tinycc", "hang")
    yield
    world.vendors.mend()


@asynccontextmanager
async def asking(world: World, query: str) -> AsyncIterator[asyncio.StreamReader]:
    """A caller on a connection of its own, which it closes at the end, whatever has come by then."""
    address = world.gateway.url.removeprefix("http://")
    host, _, port = address.partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    body = json.dumps({"query": query}).encode()
    accepted = "accept: multipart/mixed, */*\r\ncontent-type: application/json"
    head = f"POST /graphql HTTP/1.1\r\nhost: {address}\r\n{accepted}\r\ncontent-length: {len(body)}\r\n\r\n"
    writer.write(head.encode() + body)
    try:
        yield reader
    finally:
        writer.close()


async def calls_under_way(world: World, number: int) -> None:
    for _ in in_time(30):
        if world.vendors.counts("tinycc")["underWay"] == number:
            return
        await asyncio.sleep(0)
    raise AssertionError(f"not {number} but {world.vendors.counts('tinycc')['underWay']} calls are under way")


async def test_the_call_of_a_client_that_is_gone_is_given_up(world: World) -> None:
    async with asking(world, WHOLE):
        await calls_under_way(world, 1)
    await calls_under_way(world, 0)


async def test_the_call_of_a_client_that_leaves_between_two_parts_is_given_up(world: World) -> None:
    async with asking(world, IN_PARTS) as reader:
        await reader.readuntil(b'"hasNext":true')
        await calls_under_way(world, 1)
    await calls_under_way(world, 0)


async def test_a_call_that_another_client_waits_for_goes_on(world: World) -> None:
    async with asking(world, WHOLE) as patient:
        await calls_under_way(world, 1)
        async with asking(world, WHOLE + " "):
            await asyncio.sleep(0.2)
        await asyncio.sleep(0.2)
        await calls_under_way(world, 1)
        world.vendors.mend()
        assert patient.at_eof() is False
    await calls_under_way(world, 0)
