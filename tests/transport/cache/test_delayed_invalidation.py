"""What a vendor made of an ambiguous write is visible soon, even if it was made after the list was read again."""

import asyncio
from dataclasses import dataclass, field

import httpx2
import pytest

from harness.gateway import AsgiWire, Gateway, open_gateway
from harness.graphql_writes import CREATE, new_link

LINKS = '{ links(first: 3, filter: { accounts: ["tinycc"] }) { nodes { destination } } }'
DESTINATION = "https://www.example.com/late"


@dataclass
class LateWire(httpx2.AsyncBaseTransport):
    """Breaks when a write is sent. The vendor gets the write all the same, `seconds` later."""

    wire: AsgiWire
    seconds: float
    tasks: set[asyncio.Task[httpx2.Response]] = field(default_factory=set)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        if request.method == "GET":
            return await self.wire.handle_async_request(request)
        await request.aread()

        async def write() -> httpx2.Response:
            await asyncio.sleep(self.seconds)
            return await self.wire.handle_async_request(request)

        self.tasks.add(asyncio.create_task(write()))
        raise httpx2.ReadError("connection reset by peer")


def breaking(seconds: float) -> Gateway:
    return open_gateway(around=lambda wire: LateWire(wire, seconds))


async def destinations(gateway: Gateway) -> list[str]:
    return [link["destination"] for link in (await gateway.data(LINKS))["links"]["nodes"]]


@pytest.mark.parametrize(("seconds", "visible_after"), [(0, 0.1), (4, 5.1), (20, 30.1)])
async def test_an_ambiguous_write_is_visible_soon_although_the_list_was_read_before_it_was_made(
    seconds: float, visible_after: float
) -> None:
    gateway = breaking(seconds)
    await destinations(gateway)
    payload = await gateway.payload(CREATE, input=new_link("tinycc", destination=DESTINATION))
    assert [error["code"] for error in payload["errors"]] == ["AMBIGUOUS"]
    await asyncio.sleep(0.01)
    assert (DESTINATION in await destinations(gateway)) is (seconds == 0)
    await asyncio.sleep(visible_after)
    assert (await destinations(gateway))[0] == DESTINATION


async def test_a_second_ambiguous_write_starts_the_pauses_again() -> None:
    gateway = breaking(4)
    for _ in range(2):
        await gateway.payload(CREATE, input=new_link("tinycc", destination=DESTINATION))
        await asyncio.sleep(1.5)
    assert DESTINATION not in await destinations(gateway)
    await asyncio.sleep(3.6)
    # The vendor made the first one a while ago, and the second one a second ago.
    assert (await destinations(gateway))[:2] == [DESTINATION] * 2


async def test_a_gateway_that_closes_does_not_wait_for_the_pauses() -> None:
    gateway = breaking(0)
    pages, before = gateway.app.pages, asyncio.all_tasks()
    async with pages.router.lifespan_context(pages):
        await gateway.payload(CREATE, input=new_link("tinycc", destination=DESTINATION))
        await asyncio.sleep(1)
    assert {task for task in asyncio.all_tasks() - before if not task.done()} == set()


async def test_a_write_that_was_refused_invalidates_nothing_later() -> None:
    gateway = open_gateway()
    gateway.break_provider("tinycc", "status", status=429, path="/urls", times=1)
    await gateway.payload(CREATE, input=new_link("tinycc"))
    before = await destinations(gateway)
    gateway.forget_calls()
    await asyncio.sleep(35)
    assert await destinations(gateway) == before
    assert gateway.calls() == {}
