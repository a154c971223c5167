"""A client that hangs up takes its calls to vendors with it, unless other clients wait for them."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest

from harness.program import in_time
from harness.world import Gateway, Vendors, accounts_of, gateway

WHOLE = '{ tags(accounts: ["tinycc"]) { nodes { name } } }'
IN_PARTS = "{ accounts { key } ... @defer { tags { nodes { name } } } }"


@pytest.fixture(scope="module")
def served(sandbox: Vendors, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    # Far longer than these tests wait for a call to end.
    account = {**accounts_of(sandbox.url, "tinycc")[0], "timeout_seconds": 300}
    folder = tmp_path_factory.mktemp("clients-leave")
    with gateway(folder, [account], server={"deadline_seconds": 300}) as program:
        yield program


@pytest.fixture(autouse=True)
def hanging(sandbox: Vendors, mended: None) -> None:  # noqa: ARG001 - afterwards
    sandbox.break_provider("tinycc", "hang")


@asynccontextmanager
async def asking(served: Gateway, query: str) -> AsyncIterator[asyncio.StreamReader]:
    """A client on a connection of its own, which it closes at the end, whatever was received."""
    address = served.url.removeprefix("http://")
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


async def calls_under_way(sandbox: Vendors, number: int) -> None:
    for _ in in_time(30):
        if sandbox.counts("tinycc")["underWay"] == number:
            return
        await asyncio.sleep(0)
    raise AssertionError(f"not {number} but {sandbox.counts('tinycc')['underWay']} calls are under way")


@pytest.mark.parametrize(("query", "seen"), [(WHOLE, b""), (IN_PARTS, b'"hasNext":true')], ids=["whole", "in parts"])
async def test_the_call_of_a_client_that_has_disconnected_is_cancelled(
    served: Gateway, sandbox: Vendors, query: str, seen: bytes
) -> None:
    async with asking(served, query) as reader:
        if seen:
            await reader.readuntil(seen)
        await calls_under_way(sandbox, 1)
    await calls_under_way(sandbox, 0)


async def test_a_call_goes_on_while_another_client_waits_for_it(served: Gateway, sandbox: Vendors) -> None:
    async with asking(served, WHOLE) as patient:
        await calls_under_way(sandbox, 1)
        async with asking(served, WHOLE + " "):
            await asyncio.sleep(0.2)
        await asyncio.sleep(0.2)
        await calls_under_way(sandbox, 1)
        assert patient.at_eof() is False
    await calls_under_way(sandbox, 0)


async def test_resources_of_clients_that_are_gone_are_released(served: Gateway, sandbox: Vendors) -> None:
    async with asking(served, WHOLE):
        await calls_under_way(sandbox, 1)
    await calls_under_way(sandbox, 0)
    before = served.holds()
    for query in (WHOLE, IN_PARTS) * 10:
        async with asking(served, query):
            await calls_under_way(sandbox, 1)
        await calls_under_way(sandbox, 0)
    served.releases(before, sockets=3)
