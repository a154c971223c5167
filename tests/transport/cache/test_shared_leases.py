"""Calls that another worker makes, or has just made, by the claims that workers share."""

import asyncio

import pytest

from harness.cached_vendor import Vendor, cached
from harness.virtual_time import LoopClock
from linkweave.context.deadline import use_deadline
from linkweave.errors import VendorTimeoutError
from linkweave.storage.interfaces import HeldByOther, LeaseOutcome, LeaseState
from linkweave.storage.leases import MemoryLeases
from linkweave.storage.memory_store import MemoryStore


class Elsewhere(MemoryLeases):
    """Another worker has claimed everything, and does not come to an end."""

    async def acquire(self, key: str, seconds: float) -> LeaseState:  # noqa: ARG002 - the protocol's signature
        return HeldByOther("its token")

    async def wait_for_outcome(self, key: str, token: str) -> LeaseOutcome | None:  # noqa: ARG002 - as above
        await asyncio.sleep(1_000)
        return None


class Far(MemoryLeases):
    """A server that takes a second to answer."""

    async def acquire(self, key: str, seconds: float) -> LeaseState:
        await asyncio.sleep(1)
        return await super().acquire(key, seconds)


async def test_nobody_waits_for_another_worker_longer_than_a_call_may_take() -> None:
    bench, clock = cached(leases=Elsewhere(MemoryStore())), LoopClock()
    began = clock.monotonic()
    with use_deadline(3, clock), pytest.raises(VendorTimeoutError, match="before the time was up"):
        await bench.asked()
    assert clock.monotonic() - began == 3
    # It was begun for one who could wait for 3 seconds, and has the 5 that a call may take.
    with (
        use_deadline(60, clock),
        pytest.raises(VendorTimeoutError, match="gave no complete answer in time"),
    ):
        await bench.asked()
    assert clock.monotonic() - began == 8
    assert bench.vendor.seen == []


async def test_what_another_worker_kept_since_one_looked_is_not_asked_again() -> None:
    store, vendor = MemoryStore(LoopClock()), Vendor()
    first = cached(vendor, store=store, leases=Far(store))
    second = cached(vendor, beside=first, leases=Far(store))

    async def later() -> int:
        await asyncio.sleep(0.5)
        return await second.asked()

    assert list(await asyncio.gather(first.asked(), later())) == [1, 1]
    assert len(vendor.seen) == 1
