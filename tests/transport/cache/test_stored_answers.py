"""Good answers are stored for their lifetimes, each under the key of its call."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from harness.cached_vendor import LIST, Vendor, cached, unavailable
from harness.virtual_time import NOW
from linkweave.context.operation_context import track_freshness
from linkweave.errors import (
    BadResponseError,
    NotFoundError,
    UnavailableError,
)
from linkweave.transport.cache.parsed_content import Parser
from linkweave.transport.call import Call
from linkweave.transport.lifetimes import Resource
from linkweave.transport.refusal import Refusal


async def test_without_a_stored_answer_the_caller_gets_the_failure_which_is_not_stored() -> None:
    bench = cached(Vendor(failure=unavailable()))
    for _ in range(2):
        with pytest.raises(UnavailableError):
            await bench.asked()
    assert len(bench.vendor.seen) == 2
    bench.vendor.failure = None
    assert await bench.asked() == 3


@pytest.mark.parametrize("status", [301, 400, 401, 403, 409, 429, 500])
async def test_no_refusal_is_stored(status: int) -> None:
    bench = cached(Vendor(status=status))
    for _ in range(2):
        with pytest.raises(Exception, match=f"HTTP {status}"):
            await bench.asked()
    assert len(bench.vendor.seen) == 2


async def test_an_answer_that_the_adapter_cannot_parse_does_not_replace_a_good_one() -> None:
    def parse(data: object, _: datetime) -> object:
        if data == {"asked": 2}:
            raise BadResponseError("odd", account="main", operation="list links")
        return data

    bench, parser = cached(), Parser("as it is", parse)
    first = await bench.client.fetch(LIST, parser)
    assert first.parse(parser) == {"asked": 1}
    await asyncio.sleep(61)
    await bench.client.fetch(LIST, parser)
    await asyncio.sleep(0.1)
    stale = await bench.client.fetch(LIST, parser)
    assert (stale.data, stale.parse(parser)) == ({"asked": 1}, {"asked": 1})
    assert isinstance(stale.stale_because, BadResponseError)


async def test_a_not_found_error_is_stored_for_ten_seconds_and_is_never_stale() -> None:
    bench = cached(Vendor(status=404))
    found = []
    for _ in range(3):
        with track_freshness() as read, pytest.raises(NotFoundError) as caught:
            await bench.asked()
        found.append((caught.value.message, read.oldest, read.fresh_until, read.storable))
        await asyncio.sleep(4.9)
    message, until = "main: answered HTTP 404 (list links)", NOW + timedelta(seconds=10)
    assert found == [(message, NOW, until, True)] * 3
    assert len(bench.vendor.seen) == 1
    bench.vendor.status = 200
    await asyncio.sleep(0.1)
    assert await bench.asked() == 2


async def test_a_good_answer_that_nothing_was_found_is_stored_as_short_as_an_error_that_says_so() -> None:
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
async def test_answers_of_one_moment_expire_at_different_moments_and_say_when(drawn: float, seconds: float) -> None:
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


async def test_with_a_lifetime_of_zero_nothing_is_stored_and_callers_still_share_a_call() -> None:
    bench = cached(Vendor(seconds=1), fresh={Resource.LINK_LIST: 0})
    assert await asyncio.gather(*(bench.asked() for _ in range(3))) == [1, 1, 1]
    assert await bench.asked() == 2
    with track_freshness() as read:
        await bench.asked()
    assert not read.storable


async def test_the_answer_of_a_call_that_does_not_say_what_it_reads_is_not_stored() -> None:
    bench = cached()
    call = replace(LIST, reads=None)
    assert [await bench.asked(call) for _ in range(3)] == [1, 2, 3]
    with track_freshness() as read:
        await bench.asked(call)
    assert not read.storable


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
        replace(LIST, cache_name="1"),
    ],
)
async def test_another_call_has_another_answer(call: Call) -> None:
    bench = cached()
    assert [await bench.asked(), await bench.asked(call), await bench.asked(), await bench.asked(call)] == [1, 2, 1, 2]


async def test_calls_that_differ_by_their_moment_alone_share_an_answer() -> None:
    bench = cached()
    first, later = (replace(LIST, query=(("end", end),), cache_name="today") for end in ("10:30:00", "10:30:07"))
    assert [await bench.asked(first), await bench.asked(later)] == [1, 1]


@pytest.mark.parametrize("other", [{"account": "other"}, {"origin": "http://elsewhere"}])
async def test_another_account_and_another_host_have_answers_of_their_own(other: dict[str, Any]) -> None:
    bench = cached()
    await bench.asked()
    beside = cached(beside=bench, **other)
    await beside.asked()
    assert len(beside.vendor.seen) == 1


async def test_a_key_does_not_show_the_call() -> None:
    bench = cached()
    await bench.asked(replace(LIST, query=(("search", "nobody-may-see-this"),)))
    assert bench.key.startswith("answer:main:")
    assert "nobody" not in bench.key


async def test_members_that_are_dropped_are_neither_classified_nor_stored() -> None:
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


async def test_an_answer_that_is_too_large_is_not_stored() -> None:
    bench = cached(Vendor(body=b'{"asked": 1, "more": "' + b"x" * 2_000_000 + b'"}'))
    with track_freshness() as read:
        await bench.asked()
    assert not read.storable
    await bench.asked()
    assert len(bench.vendor.seen) == 2
