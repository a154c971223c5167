"""A fresh answer is returned without a call; a stale one is returned at once and refreshed in the background."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from harness.cached_vendor import LIST, Vendor, cache_of, cached, unavailable
from harness.virtual_time import NOW, LoopClock
from linkweave.context.deadline import use_deadline
from linkweave.context.operation_context import OperationContext, use_operation
from linkweave.errors import (
    LocalRateLimitError,
    RateLimitedError,
    UnavailableError,
    VendorTimeoutError,
)
from linkweave.observability import CacheResult, OperationRecord
from linkweave.transport.cache.fetched import FetchedAnswer


async def test_a_fresh_answer_is_returned_without_a_call_and_with_its_own_moment() -> None:
    bench = cached()
    assert await bench.asked() == 1
    await asyncio.sleep(59)
    again = await bench.client.fetch(LIST)
    assert again.data == {"asked": 1}
    assert (again.at, again.fresh_until, again.stale_because) == (NOW, NOW + timedelta(seconds=60), None)
    assert len(bench.vendor.seen) == 1


async def test_a_stale_answer_is_returned_at_once_and_refreshed_in_the_background() -> None:
    bench = cached(Vendor(seconds=2))
    await bench.asked()
    await asyncio.sleep(61)
    at = LoopClock().monotonic()
    stale = await bench.client.fetch(LIST)
    assert (stale.data, stale.stale_because) == ({"asked": 1}, None)
    assert LoopClock().monotonic() == at
    assert [await bench.asked() for _ in range(5)] == [1] * 5
    await asyncio.sleep(3)
    assert await bench.asked() == 2
    assert len(bench.vendor.seen) == 2


async def test_an_answer_that_is_too_old_is_fetched() -> None:
    bench = cached(stale_seconds=3600)
    await bench.asked()
    await asyncio.sleep(3601)
    assert await bench.asked() == 2


async def test_an_answer_says_why_it_is_stale_from_a_failed_refresh_to_the_next_good_one() -> None:
    bench = cached()
    await bench.asked()
    await asyncio.sleep(61)
    bench.vendor.failure = unavailable()
    assert (await bench.client.fetch(LIST)).stale_because is None
    await asyncio.sleep(0.1)
    stale = await bench.client.fetch(LIST)
    assert stale.data == {"asked": 1}
    assert isinstance(stale.stale_because, UnavailableError)
    bench.vendor.failure = None
    await asyncio.sleep(6)
    assert (await bench.client.fetch(LIST)).stale_because is not None
    await asyncio.sleep(0.1)
    fresh = await bench.client.fetch(LIST)
    assert fresh.stale_because is None
    assert fresh.at > stale.at
    await asyncio.sleep(61)
    assert (await bench.client.fetch(LIST)).stale_because is None


async def test_the_next_refresh_after_a_failed_one_waits_for_some_seconds() -> None:
    bench = cached()
    await bench.asked()
    await asyncio.sleep(61)
    bench.vendor.failure = unavailable()
    for _ in range(49):
        await bench.asked()
        await asyncio.sleep(0.1)
    assert len(bench.vendor.seen) == 2
    await asyncio.sleep(0.2)
    await bench.asked()
    await asyncio.sleep(0.1)
    assert len(bench.vendor.seen) == 3


@pytest.mark.parametrize(("retry_after", "pause"), [(None, 5), (1, 5), (30, 30), (3600, 60)])
async def test_a_refresh_waits_as_long_as_the_vendor_says_up_to_a_maximum(
    retry_after: float | None, pause: float
) -> None:
    bench = cached()
    await bench.asked()
    await asyncio.sleep(61)
    bench.vendor.failure = RateLimitedError("slowly", account="main", operation="list links", retry_after=retry_after)
    await bench.asked()
    await asyncio.sleep(pause - 0.1)
    await bench.asked()
    await asyncio.sleep(0)
    assert len(bench.vendor.seen) == 2
    await asyncio.sleep(0.2)
    await bench.asked()
    await asyncio.sleep(0.1)
    assert len(bench.vendor.seen) == 3


async def test_after_the_deadline_a_cached_answer_is_returned_and_no_call_is_made() -> None:
    bench = cached()
    with use_deadline(0, LoopClock()), pytest.raises(VendorTimeoutError):
        await bench.asked()
    assert not bench.vendor.seen
    await bench.asked()
    with use_deadline(0, LoopClock()):
        assert await bench.asked() == 1


async def test_the_failures_of_a_limited_number_of_calls_are_remembered() -> None:
    bench = cached()
    calls = [replace(LIST, path=f"/{number}") for number in range(1_001)]
    for call in calls:
        await bench.asked(call)
    await asyncio.sleep(61)
    bench.vendor.failure = LocalRateLimitError("later", account="main", operation="list links")
    for call in calls:
        await bench.asked(call)
        await asyncio.sleep(0.001)
    answers: list[FetchedAnswer] = [await bench.client.fetch(call) for call in (calls[0], calls[1])]
    assert [each.stale_because is None for each in answers] == [True, False]


async def test_closing_cancels_refreshes() -> None:
    bench = cached()
    await bench.asked()
    await asyncio.sleep(61)
    bench.vendor.seconds = 60
    await bench.asked()
    await asyncio.sleep(1)
    await cache_of(bench).close()
    assert bench.vendor.cancelled == 1


async def test_the_observer_and_the_operations_record_get_the_result_of_each_look_up() -> None:
    bench = cached()
    record = OperationRecord()
    with use_operation(OperationContext(record=record)):
        await bench.asked()
        await bench.asked()
        await asyncio.sleep(61)
        await bench.asked()
    results = (CacheResult.MISS, CacheResult.FRESH, CacheResult.STALE)
    assert bench.observer.seen == [("answers", "main", result) for result in results]
    assert (record.misses, record.fresh, record.stale) == (1, 1, 1)
