"""A worker waits for the call of another one, but not for longer than its own deadline."""

import asyncio

import pytest

from harness.cached_vendor import Vendor, cached
from harness.virtual_time import LoopClock
from linkweave.context.deadline import use_deadline
from linkweave.errors import CircuitOpenError, UnavailableError, VendorError, VendorTimeoutError
from linkweave.storage.interfaces import HeldByOther, LeaseOutcome, LeaseState
from linkweave.storage.leases import MemoryLeases
from linkweave.storage.memory_store import MemoryStore


class LeasesOfOther(MemoryLeases):
    """Another worker holds every lease, and does not end it."""

    async def acquire(self, key: str, seconds: float) -> LeaseState:  # noqa: ARG002 - the protocol's signature
        return HeldByOther("its token")

    async def wait_for_outcome(self, key: str, token: str) -> LeaseOutcome | None:  # noqa: ARG002 - as above
        await asyncio.sleep(1_000)
        return None


class SlowLeases(MemoryLeases):
    """The leases of a server that takes a second to answer."""

    async def acquire(self, key: str, seconds: float) -> LeaseState:
        await asyncio.sleep(1)
        return await super().acquire(key, seconds)


class RecordingLeases(MemoryLeases):
    """Records how leases end."""

    def __init__(self) -> None:
        super().__init__(MemoryStore())
        self.ends: list[str] = []

    async def fail(self, key: str, token: str, error: bytes) -> None:  # noqa: ARG002 - the protocol's signature
        self.ends.append("failed")

    async def release(self, key: str, token: str) -> None:  # noqa: ARG002 - as above
        self.ends.append("released")


@pytest.mark.parametrize(("kind", "end"), [(UnavailableError, "failed"), (CircuitOpenError, "released")])
async def test_a_failure_is_shared_with_waiting_workers_unless_it_concerns_one_worker_alone(
    kind: type[VendorError], end: str
) -> None:
    leases = RecordingLeases()
    bench = cached(Vendor(failure=kind("no", account="main", operation="list links")), leases=leases)
    with pytest.raises(kind):
        await bench.asked()
    assert leases.ends == [end]


async def test_a_caller_waits_for_another_worker_no_longer_than_a_call_may_take() -> None:
    bench, clock = cached(leases=LeasesOfOther(MemoryStore())), LoopClock()
    started = clock.monotonic()
    with use_deadline(3, clock), pytest.raises(VendorTimeoutError, match="before the time was up"):
        await bench.asked()
    assert clock.monotonic() - started == 3
    # The call was started for a caller that could wait for 3 seconds, and has the 5 that a call may take.
    with use_deadline(60, clock), pytest.raises(VendorTimeoutError, match="gave no complete answer in time"):
        await bench.asked()
    assert clock.monotonic() - started == 8
    assert bench.vendor.seen == []


async def test_an_answer_that_another_worker_stored_since_the_look_up_is_not_fetched_again() -> None:
    store, vendor = MemoryStore(LoopClock()), Vendor()
    first = cached(vendor, store=store, leases=SlowLeases(store))
    second = cached(vendor, beside=first, leases=SlowLeases(store))

    async def later() -> int:
        await asyncio.sleep(0.5)
        return await second.asked()

    assert list(await asyncio.gather(first.asked(), later())) == [1, 1]
    assert len(vendor.seen) == 1
