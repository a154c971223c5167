"""A miss is one call for all its callers; each keeps its own deadline, and learns how old the answer is."""

import asyncio
from datetime import timedelta

import pytest

from harness.cached_vendor import DOMAINS, Vendor, cached, unavailable
from harness.virtual_time import NOW, LoopClock
from linkweave.context.deadline import use_deadline
from linkweave.context.operation_context import OperationContext, track_freshness, use_operation
from linkweave.errors import (
    UnavailableError,
    VendorTimeoutError,
)
from linkweave.transport.call_memo import new_memo
from linkweave.transport.lifetimes import Resource


async def test_a_miss_is_one_call_and_each_caller_keeps_its_own_deadline() -> None:
    async def hurried() -> float:
        with use_deadline(1, LoopClock()), pytest.raises(VendorTimeoutError) as caught:
            await bench.asked()
        assert str(caught.value) == "main gave no complete answer before the time was up (list links)"
        return LoopClock().monotonic()

    async def patient() -> int:
        with use_deadline(10, LoopClock()):
            return await bench.asked()

    bench = cached(Vendor(seconds=3))
    start = LoopClock().monotonic()
    left, *answers = await asyncio.gather(hurried(), *(patient() for _ in range(20)))
    assert (left - start, answers) == (1, [1] * 20)


async def test_an_answer_after_the_deadline_of_all_callers_fills_the_cache() -> None:
    bench = cached(Vendor(seconds=3))
    with use_deadline(1, LoopClock()), pytest.raises(VendorTimeoutError):
        await bench.asked()
    await asyncio.sleep(3)
    assert (await bench.asked(), await bench.age()) == (1, timedelta(seconds=1))


async def test_a_call_without_waiters_is_cancelled() -> None:
    bench = cached(Vendor(seconds=3))
    caller = asyncio.create_task(bench.asked())
    await asyncio.sleep(1)
    caller.cancel()
    await asyncio.wait([caller])
    await asyncio.sleep(0)
    assert bench.vendor.cancelled == 1


async def test_a_cancelled_operation_does_not_cancel_calls_that_another_one_waits_for() -> None:
    async def operation() -> int:
        with use_operation(OperationContext(memo=new_memo())):
            return await bench.asked()

    bench = cached(Vendor(seconds=3))
    first, second = asyncio.create_task(operation()), asyncio.create_task(operation())
    await asyncio.sleep(1)
    first.cancel()
    assert await second == 1
    assert (bench.vendor.cancelled, len(bench.vendor.seen)) == (0, 1)


async def test_an_operation_records_the_oldest_answer_and_the_one_that_expires_first() -> None:
    bench = cached(fresh={Resource.DOMAINS: 600})
    await bench.asked()
    await asyncio.sleep(20)
    with use_operation(OperationContext(memo=new_memo())), track_freshness() as around:
        with track_freshness() as inside:
            await bench.asked(DOMAINS)
        await bench.asked()
        await bench.asked(DOMAINS)
    later = NOW + timedelta(seconds=20)
    assert (inside.oldest, inside.fresh_until) == (later, later + timedelta(seconds=600))
    assert (around.oldest, around.fresh_until) == (NOW, NOW + timedelta(seconds=60))
    assert (around.accounts, around.stale, around.storable) == ({"main"}, {}, True)


async def test_every_caller_that_shares_a_call_records_its_answer() -> None:
    async def caller() -> bool:
        with track_freshness() as read:
            await bench.asked()
        return read.oldest == NOW + timedelta(seconds=1)

    bench = cached(Vendor(seconds=1))
    with use_operation(OperationContext(memo=new_memo())):
        assert all(await asyncio.gather(*(caller() for _ in range(3))))


async def test_an_operation_records_that_an_answer_is_stale_and_that_a_failure_must_not_be_stored() -> None:
    bench = cached()
    await bench.asked()
    bench.vendor.failure = unavailable()
    await asyncio.sleep(61)
    await bench.asked()
    await asyncio.sleep(0.1)
    with track_freshness() as read:
        await bench.asked()
    assert isinstance(read.stale["main"], UnavailableError)
    with track_freshness() as read, pytest.raises(UnavailableError):
        await bench.asked(DOMAINS)
    assert not read.storable
