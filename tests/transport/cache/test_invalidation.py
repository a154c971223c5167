"""After a write or a refresh, no caller gets an answer from before."""

import asyncio

import pytest

from harness.cached_vendor import CHANGE, DOMAINS, UnknownVersions, Vendor, cache_of, cached
from linkweave.context.cache_control import bypass_cache
from linkweave.context.operation_context import OperationContext, track_freshness, use_operation
from linkweave.transport.call_memo import new_memo


async def test_a_write_invalidates_what_is_not_lasting_of_its_account_in_every_worker() -> None:
    bench = cached()
    beside = cached(beside=bench)
    other = cached(beside=bench, account="other")
    for each in (bench, other):
        await each.asked()
        await each.asked(DOMAINS)
    await beside.client.fetch(CHANGE)
    assert [await each.asked() for each in (bench, other)] == [3, 1]
    assert [await each.asked(DOMAINS) for each in (bench, other)] == [2, 2]
    assert await beside.asked() == 3


@pytest.mark.parametrize(("outcome", "calls"), [("refused", 1), ("ambiguous", 3), ("cancelled", 3)])
async def test_a_write_that_may_have_been_made_invalidates_and_a_refused_one_does_not(outcome: str, calls: int) -> None:
    bench = cached()
    await bench.asked()
    if outcome == "cancelled":
        bench.vendor.seconds = 60
        write = asyncio.create_task(bench.client.fetch(CHANGE))
        await asyncio.sleep(1)
        write.cancel()
        with pytest.raises(asyncio.CancelledError):
            await write
        bench.vendor.seconds = 0
    else:
        bench.vendor.status = 409 if outcome == "refused" else 500
        with pytest.raises(Exception, match="HTTP"):
            await bench.client.fetch(CHANGE)
        bench.vendor.status = 200
    assert await bench.asked() == calls


async def test_a_read_from_before_the_end_of_a_write_is_neither_stored_nor_joined_after_it() -> None:
    bench = cached(Vendor(seconds=3))
    before = asyncio.create_task(bench.asked())
    await asyncio.sleep(1)
    bench.vendor.seconds = 1
    await bench.client.fetch(CHANGE)
    after = asyncio.create_task(bench.asked())
    assert [await before, await after, await bench.asked()] == [1, 3, 3]


async def test_a_write_of_this_worker_is_visible_while_versions_are_unknown() -> None:
    bench = cached(Vendor(seconds=3), versions=UnknownVersions())
    before = asyncio.create_task(bench.asked())
    await asyncio.sleep(1)
    bench.vendor.seconds = 1
    await bench.client.fetch(CHANGE)
    assert [await before, await bench.asked()] == [1, 3]


async def test_while_versions_are_unknown_nothing_is_stored_and_callers_still_share_a_call() -> None:
    bench = cached(Vendor(seconds=1), versions=UnknownVersions())
    assert await asyncio.gather(*(bench.asked() for _ in range(3))) == [1, 1, 1]
    with track_freshness() as read:
        assert await bench.asked() == 2
    assert not read.storable


async def test_a_refresh_invalidates_what_is_lasting_too() -> None:
    bench = cached()
    await bench.asked()
    await bench.asked(DOMAINS)
    await cache_of(bench).invalidate_all()
    assert [await bench.asked(), await bench.asked(DOMAINS)] == [3, 4]


async def test_a_read_that_bypasses_the_cache_makes_a_call_and_stores_its_answer() -> None:
    bench = cached()
    await bench.asked()
    with use_operation(OperationContext(memo=new_memo())):
        assert await bench.asked() == 1
        with bypass_cache():
            assert [await bench.asked(), await bench.asked()] == [2, 2]
    assert await bench.asked() == 2
