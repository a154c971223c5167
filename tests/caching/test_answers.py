"""What a vendor told is given again without asking while it is fresh, and while asking when it is not."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from cached_vendor import CHANGE, DOMAINS, LIST, Bench, Silent, Vendor, cached
from linkweave.errors import (
    BadResponseError,
    HeldBackError,
    NotFoundError,
    RateLimitedError,
    UnavailableError,
    VendorTimeoutError,
)
from linkweave.observability import CacheResult, Tally
from linkweave.transport.cache import AnswerCache
from linkweave.transport.call import Call
from linkweave.transport.client import Refusal
from linkweave.transport.content import Reading
from linkweave.transport.deadline import deadline
from linkweave.transport.fetched import Fetched
from linkweave.transport.freshness import asking_now, gathering
from linkweave.transport.lifetimes import Resource
from linkweave.transport.memo import memo
from virtual_time import NOW, LoopClock


def broken() -> UnavailableError:
    return UnavailableError("main is down", account="main", operation="list links")


def cache_of(bench: Bench) -> AnswerCache:
    assert bench.client.cache is not None
    return bench.client.cache


async def test_what_is_fresh_is_given_without_asking_and_with_its_own_time() -> None:
    bench = cached()
    assert await bench.asked() == 1
    await asyncio.sleep(59)
    again = await bench.client.fetch(LIST)
    assert again.data == {"asked": 1}
    assert (again.at, again.fresh_until, again.stale_because) == (NOW, NOW + timedelta(seconds=60), None)
    assert len(bench.vendor.seen) == 1


async def test_what_is_stale_is_given_at_once_and_asked_for_behind() -> None:
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


async def test_what_is_too_old_even_for_stale_is_asked() -> None:
    bench = cached(stale_seconds=3600)
    await bench.asked()
    await asyncio.sleep(3601)
    assert await bench.asked() == 2


async def test_an_answer_is_told_to_be_stale_once_its_refresh_has_failed_and_until_one_succeeds() -> None:
    bench = cached()
    await bench.asked()
    await asyncio.sleep(61)
    bench.vendor.failure = broken()
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


async def test_after_a_refresh_that_failed_the_next_one_waits_for_some_seconds() -> None:
    bench = cached()
    await bench.asked()
    await asyncio.sleep(61)
    bench.vendor.failure = broken()
    for _ in range(49):
        await bench.asked()
        await asyncio.sleep(0.1)
    assert len(bench.vendor.seen) == 2
    await asyncio.sleep(0.2)
    await bench.asked()
    await asyncio.sleep(0.1)
    assert len(bench.vendor.seen) == 3


@pytest.mark.parametrize(("named", "pause"), [(None, 5), (1, 5), (30, 30), (3600, 60)])
async def test_a_refresh_waits_as_long_as_the_vendor_says_within_reason(named: float | None, pause: float) -> None:
    bench = cached()
    await bench.asked()
    await asyncio.sleep(61)
    bench.vendor.failure = RateLimitedError("slowly", account="main", operation="list links", retry_after=named)
    await bench.asked()
    await asyncio.sleep(pause - 0.1)
    await bench.asked()
    await asyncio.sleep(0)
    assert len(bench.vendor.seen) == 2
    await asyncio.sleep(0.2)
    await bench.asked()
    await asyncio.sleep(0.1)
    assert len(bench.vendor.seen) == 3


async def test_without_an_answer_that_is_kept_the_failure_is_the_answer_and_is_not_kept() -> None:
    bench = cached(Vendor(failure=broken()))
    for _ in range(2):
        with pytest.raises(UnavailableError):
            await bench.asked()
    assert len(bench.vendor.seen) == 2
    bench.vendor.failure = None
    assert await bench.asked() == 3


@pytest.mark.parametrize("status", [301, 400, 401, 403, 409, 429, 500])
async def test_no_refusal_is_kept(status: int) -> None:
    bench = cached(Vendor(status=status))
    for _ in range(2):
        with pytest.raises(Exception, match=f"HTTP {status}"):
            await bench.asked()
    assert len(bench.vendor.seen) == 2


async def test_an_answer_that_the_adapter_cannot_read_is_not_kept_and_takes_no_good_ones_place() -> None:
    def read(data: object, _: datetime) -> object:
        if data == {"asked": 2}:
            raise BadResponseError("odd", account="main", operation="list links")
        return data

    bench, reading = cached(), Reading("as it is", read)
    first = await bench.client.fetch(LIST, reading)
    assert first.read(reading) == {"asked": 1}
    await asyncio.sleep(61)
    await bench.client.fetch(LIST, reading)
    await asyncio.sleep(0.1)
    stale = await bench.client.fetch(LIST, reading)
    assert (stale.data, stale.read(reading)) == ({"asked": 1}, {"asked": 1})
    assert isinstance(stale.stale_because, BadResponseError)


async def test_what_is_not_there_is_not_there_for_ten_seconds_and_never_stale() -> None:
    bench = cached(Vendor(status=404))
    told = []
    for _ in range(3):
        with gathering() as read, pytest.raises(NotFoundError) as caught:
            await bench.asked()
        told.append((caught.value.message, read.oldest, read.fresh_until, read.kept))
        await asyncio.sleep(4.9)
    message, until = "main: answered HTTP 404 (list links)", NOW + timedelta(seconds=10)
    assert told == [(message, NOW, until, True)] * 3
    assert len(bench.vendor.seen) == 1
    bench.vendor.status = 200
    await asyncio.sleep(0.1)
    assert await bench.asked() == 2


async def test_a_good_answer_that_says_there_is_nothing_is_kept_as_short_as_an_error_that_says_so() -> None:
    call = replace(LIST, found=lambda data: data == {"asked": 2})
    bench = cached()
    assert await bench.asked(call) == 1
    await asyncio.sleep(9.9)
    assert await bench.asked(call) == 1
    await asyncio.sleep(0.2)
    assert await bench.asked(call) == 2
    await asyncio.sleep(50)
    assert await bench.asked(call) == 2


@pytest.mark.parametrize(("drawn", "seconds"), [(0.0, 60), (0.5, 57), (1.0, 54)])
async def test_what_came_together_does_not_grow_old_together_and_the_time_told_is_the_one_kept(
    drawn: float, seconds: float
) -> None:
    bench = cached(jitter=drawn)
    fresh_until = (await bench.client.fetch(LIST)).fresh_until
    assert fresh_until == NOW + timedelta(seconds=seconds)
    await asyncio.sleep(seconds - 0.1)
    await bench.asked()
    await asyncio.sleep(0.2)
    assert len(bench.vendor.seen) == 1
    await bench.asked()
    await asyncio.sleep(0.1)
    assert len(bench.vendor.seen) == 2


async def test_a_lifetime_of_nothing_keeps_nothing_but_who_asks_together_still_asks_once() -> None:
    bench = cached(Vendor(seconds=1), fresh={Resource.LINK_LIST: 0})
    assert await asyncio.gather(*(bench.asked() for _ in range(3))) == [1, 1, 1]
    assert await bench.asked() == 2
    with gathering() as read:
        await bench.asked()
    assert not read.kept


async def test_a_call_that_does_not_say_what_it_reads_is_made_each_time() -> None:
    bench = cached()
    call = replace(LIST, reads=None)
    assert [await bench.asked(call) for _ in range(3)] == [1, 2, 3]
    with gathering() as read:
        await bench.asked(call)
    assert not read.kept


@pytest.mark.parametrize(
    "call",
    [
        replace(LIST, path="/others"),
        replace(LIST, method="POST"),
        replace(LIST, query=()),
        replace(LIST, query=(("page", "2"),)),
        replace(LIST, json={"a": 1}),
        replace(LIST, json={"a": "\ud800"}),
        replace(LIST, form=(("a", "b"),)),
        replace(LIST, known_as="1"),
    ],
)
async def test_another_question_has_another_answer(call: Call) -> None:
    bench = cached()
    assert [await bench.asked(), await bench.asked(call), await bench.asked(), await bench.asked(call)] == [1, 2, 1, 2]


async def test_a_question_that_has_the_moment_of_asking_in_it_is_known_by_what_it_is_about() -> None:
    bench = cached()
    first, later = (replace(LIST, query=(("end", end),), known_as="today") for end in ("10:30:00", "10:30:07"))
    assert [await bench.asked(first), await bench.asked(later)] == [1, 1]


@pytest.mark.parametrize("other", [{"account": "other"}, {"origin": "http://elsewhere"}])
async def test_another_account_and_an_account_elsewhere_have_answers_of_their_own(other: dict[str, Any]) -> None:
    bench = cached()
    await bench.asked()
    beside = cached(beside=bench, **other)
    await beside.asked()
    assert len(beside.vendor.seen) == 1


async def test_what_another_worker_keeps_in_the_same_store_is_given_too() -> None:
    bench = cached(Vendor(seconds=1))
    await bench.asked()
    beside = cached(beside=bench)
    assert await beside.asked() == 1
    assert not beside.vendor.seen


async def test_a_key_shows_nothing_of_the_question() -> None:
    bench = cached()
    await bench.asked(replace(LIST, query=(("search", "nobody-may-see-this"),)))
    (key,) = bench.store._records  # type: ignore[attr-defined]  # noqa: SLF001 - nothing else names it
    assert key.startswith("answer:main:")
    assert "nobody" not in key


async def test_what_an_account_wrote_is_read_anew_in_every_worker_but_what_lasts() -> None:
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


@pytest.mark.parametrize("outcome", ["refused", "ambiguous", "cancelled"])
async def test_a_write_that_did_not_succeed_may_have_changed_something_too(outcome: str) -> None:
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
    assert await bench.asked() == 3


async def test_a_read_that_began_before_a_write_ended_is_neither_kept_nor_joined_after_it() -> None:
    bench = cached(Vendor(seconds=3))
    before = asyncio.create_task(bench.asked())
    await asyncio.sleep(1)
    bench.vendor.seconds = 1
    await bench.client.fetch(CHANGE)
    after = asyncio.create_task(bench.asked())
    assert [await before, await after, await bench.asked()] == [1, 3, 3]


async def test_a_write_of_this_worker_is_seen_where_generations_cannot_be_told() -> None:
    bench = cached(Vendor(seconds=3), generations=Silent())
    before = asyncio.create_task(bench.asked())
    await asyncio.sleep(1)
    bench.vendor.seconds = 1
    await bench.client.fetch(CHANGE)
    assert [await before, await bench.asked()] == [1, 3]


async def test_where_generations_cannot_be_told_nothing_is_kept_and_who_asks_together_asks_once() -> None:
    bench = cached(Vendor(seconds=1), generations=Silent())
    assert await asyncio.gather(*(bench.asked() for _ in range(3))) == [1, 1, 1]
    with gathering() as read:
        assert await bench.asked() == 2
    assert not read.kept


async def test_forgetting_makes_everything_out_of_date() -> None:
    bench = cached()
    await bench.asked()
    await bench.asked(DOMAINS)
    await cache_of(bench).forget()
    assert [await bench.asked(), await bench.asked(DOMAINS)] == [3, 4]


async def test_one_miss_is_one_call_whoever_asks_and_each_waiter_keeps_its_own_deadline() -> None:
    async def hurried() -> float:
        with deadline(1, LoopClock()), pytest.raises(VendorTimeoutError) as caught:
            await bench.asked()
        assert str(caught.value) == "main gave no complete answer before the time was up (list links)"
        return LoopClock().monotonic()

    async def patient() -> int:
        with deadline(10, LoopClock()):
            return await bench.asked()

    bench = cached(Vendor(seconds=3))
    start = LoopClock().monotonic()
    left, *told = await asyncio.gather(hurried(), *(patient() for _ in range(20)))
    assert (left - start, told) == (1, [1] * 20)


async def test_what_comes_after_the_deadline_of_all_who_wanted_it_fills_the_cache() -> None:
    bench = cached(Vendor(seconds=3))
    with deadline(1, LoopClock()), pytest.raises(VendorTimeoutError):
        await bench.asked()
    await asyncio.sleep(3)
    assert (await bench.asked(), await bench.age()) == (1, timedelta(seconds=1))


async def test_when_the_time_is_up_what_is_kept_is_given_and_nothing_is_asked() -> None:
    bench = cached()
    with deadline(0, LoopClock()), pytest.raises(VendorTimeoutError):
        await bench.asked()
    assert not bench.vendor.seen
    await bench.asked()
    with deadline(0, LoopClock()):
        assert await bench.asked() == 1


async def test_a_call_that_nobody_waits_for_any_more_is_cancelled() -> None:
    bench = cached(Vendor(seconds=3))
    asker = asyncio.create_task(bench.asked())
    await asyncio.sleep(1)
    asker.cancel()
    await asyncio.wait([asker])
    await asyncio.sleep(0)
    assert bench.vendor.cancelled == 1


async def test_an_operation_that_ends_takes_its_calls_with_it_but_not_those_of_others() -> None:
    async def operation() -> int:
        with memo():
            return await bench.asked()

    bench = cached(Vendor(seconds=3))
    first, second = asyncio.create_task(operation()), asyncio.create_task(operation())
    await asyncio.sleep(1)
    first.cancel()
    assert await second == 1
    assert (bench.vendor.cancelled, len(bench.vendor.seen)) == (0, 1)


async def test_what_must_be_asked_now_is_asked_and_kept_for_those_who_need_not() -> None:
    bench = cached()
    await bench.asked()
    with memo():
        assert await bench.asked() == 1
        with asking_now():
            assert [await bench.asked(), await bench.asked()] == [2, 2]
    assert await bench.asked() == 2


async def test_an_operation_hears_of_the_oldest_and_of_the_one_that_is_fresh_for_the_shortest_time() -> None:
    bench = cached(fresh={Resource.DOMAINS: 600})
    await bench.asked()
    await asyncio.sleep(20)
    with memo(), gathering() as around:
        with gathering() as inside:
            await bench.asked(DOMAINS)
        await bench.asked()
        await bench.asked(DOMAINS)
    later = NOW + timedelta(seconds=20)
    assert (inside.oldest, inside.fresh_until) == (later, later + timedelta(seconds=600))
    assert (around.oldest, around.fresh_until) == (NOW, NOW + timedelta(seconds=60))
    assert (around.accounts, around.stale, around.kept) == ({"main"}, {}, True)


async def test_every_asker_hears_though_only_one_asks() -> None:
    async def hear() -> bool:
        with gathering() as read:
            await bench.asked()
        return read.oldest == NOW + timedelta(seconds=1)

    bench = cached(Vendor(seconds=1))
    with memo():
        assert all(await asyncio.gather(*(hear() for _ in range(3))))


async def test_an_operation_hears_of_what_is_stale_and_that_a_failure_must_not_be_kept() -> None:
    bench = cached()
    await bench.asked()
    bench.vendor.failure = broken()
    await asyncio.sleep(61)
    await bench.asked()
    await asyncio.sleep(0.1)
    with gathering() as read:
        await bench.asked()
    assert isinstance(read.stale["main"], UnavailableError)
    with gathering() as read, pytest.raises(UnavailableError):
        await bench.asked(DOMAINS)
    assert not read.kept


async def test_what_is_dropped_at_the_door_is_seen_by_nobody_and_kept_nowhere() -> None:
    def classify(_status: int, data: object) -> Refusal | None:
        assert "meta" not in str(data)
        return None

    def drop(data: object) -> object:
        assert isinstance(data, dict)
        return {key: value for key, value in data.items() if key != "meta"}

    bench = cached(
        Vendor(body=b'{"asked": 1, "meta": {"access_token": "nobody-may-see-this"}}'), classify=classify, drop=drop
    )
    assert (await bench.client.fetch(LIST)).data == {"asked": 1}
    assert (await bench.client.fetch(LIST)).data == {"asked": 1}


@pytest.mark.parametrize("raw", [b"", b"garbage", b"[1]", b"\x00" * 100])
async def test_a_record_that_cannot_be_read_is_a_miss(raw: bytes) -> None:
    bench = cached()
    await bench.asked()
    (key,) = bench.store._records  # type: ignore[attr-defined]  # noqa: SLF001 - nothing else names it
    await bench.store.set(key, raw, 60)
    assert [await bench.asked(), await bench.asked()] == [2, 2]


async def test_an_answer_that_is_too_large_is_not_kept() -> None:
    bench = cached(Vendor(body=b'{"asked": 1, "more": "' + b"x" * 2_000_000 + b'"}'))
    with gathering() as read:
        await bench.asked()
    assert not read.kept
    await bench.asked()
    assert len(bench.vendor.seen) == 2


async def test_the_observer_and_the_operations_tally_hear_what_came_of_each_look() -> None:
    bench = cached()
    with Tally() as counts:
        await bench.asked()
        await bench.asked()
        await asyncio.sleep(61)
        await bench.asked()
    results = (CacheResult.MISS, CacheResult.FRESH, CacheResult.STALE)
    assert bench.observer.seen == [("answers", "main", result) for result in results]
    assert (counts.misses, counts.fresh, counts.stale) == (1, 1, 1)


async def test_failures_are_remembered_for_so_many_questions_and_no_more() -> None:
    bench = cached()
    calls = [replace(LIST, path=f"/{number}") for number in range(1_001)]
    for call in calls:
        await bench.asked(call)
    await asyncio.sleep(61)
    bench.vendor.failure = HeldBackError("later", account="main", operation="list links")
    for call in calls:
        await bench.asked(call)
        await asyncio.sleep(0.001)
    told: list[Fetched] = [await bench.client.fetch(call) for call in (calls[0], calls[1])]
    assert [each.stale_because is None for each in told] == [True, False]


async def test_closing_ends_refreshes() -> None:
    bench = cached()
    await bench.asked()
    await asyncio.sleep(61)
    bench.vendor.seconds = 60
    await bench.asked()
    await asyncio.sleep(1)
    await cache_of(bench).close()
    assert bench.vendor.cancelled == 1
