"""Which answers to queries are kept, for how long, and what makes them out of date."""

import asyncio
from datetime import timedelta

import orjson
import pytest

from harness.cached_responses import MUTATION, QUERY, Bench
from linkweave.context.cache_control import forbid_storing, record_read
from linkweave.errors import VendorTimeoutError


@pytest.mark.parametrize(("status", "body"), [(400, b"{}"), (500, b"{}"), (200, b'{"data":null,"errors":[{}]}')])
async def test_errors_are_not_kept(status: int, body: bytes) -> None:
    bench = Bench()
    bench.app.status, bench.app.body = status, body
    for _ in range(2):
        reply = await bench.post()
        assert (reply.status, reply.body) == (status, body)
        assert reply.headers["cache-control"] == "no-store"
    assert bench.executed == 2


async def test_what_a_vendor_says_is_not_taken_for_an_error() -> None:
    bench = Bench()
    bench.app.body = orjson.dumps({"data": {"title": '"errors": and more'}})
    await bench.post()
    await bench.post()
    assert bench.executed == 1


async def test_only_json_is_kept() -> None:
    bench = Bench()
    bench.app.headers = [(b"content-type", b"text/html; charset=utf-8")]
    for _ in range(2):
        assert "cache-control" not in (await bench.post()).headers
    assert bench.executed == 2


async def test_what_says_itself_how_long_it_may_be_kept_is_not_contradicted() -> None:
    bench = Bench()
    bench.app.headers.append((b"cache-control", b"max-age=5"))
    assert (await bench.post(MUTATION)).headers["cache-control"] == "max-age=5"


async def test_an_answer_lives_as_long_as_what_is_fresh_for_the_shortest_time() -> None:
    bench = Bench()
    bench.app.reads = {"a": 30, "b": 10}
    await bench.post()
    bench.clock.advance(9.9)
    await bench.post()
    assert bench.executed == 1
    bench.clock.advance(0.1)
    await bench.post()
    assert bench.executed == 2


async def test_an_answer_that_says_nothing_of_vendors_is_kept_for_a_minute() -> None:
    bench = Bench()
    await bench.post()
    bench.clock.advance(59)
    await bench.post()
    bench.clock.advance(1)
    await bench.post()
    assert bench.executed == 2


async def test_what_was_stale_or_is_only_true_now_is_not_kept() -> None:
    bench = Bench()

    async def stale() -> None:
        until = bench.clock.now() + timedelta(seconds=60)
        record_read("a", bench.clock.now(), until, VendorTimeoutError("late", account="a", operation="list links"))

    async def live() -> None:
        forbid_storing()

    for number, meanwhile in enumerate((stale, live)):
        bench.app.meanwhile = meanwhile
        for _ in range(2):
            assert (await bench.post(f"query a{number} {QUERY}")).headers["cache-control"] == "no-store"
    bench.app.meanwhile = None
    unkept: list[dict[str, float | None]] = [{"a": None}, {"a": 30, "b": None}, {"a": 0}, {"a": -1}]
    for reads in unkept:
        bench.app.reads = reads
        for _ in range(2):
            assert (await bench.post()).headers["cache-control"] == "no-store"
    assert bench.executed == 12


@pytest.mark.parametrize("written", ["a", "a/lasting"])
async def test_a_write_at_an_account_that_is_in_it_makes_an_answer_out_of_date(written: str) -> None:
    bench = Bench()
    bench.app.reads = {"a": 30}
    await bench.post()
    await bench.marks.bump("b")
    await bench.post()
    assert bench.executed == 1
    await bench.marks.bump(written)
    bench.app.body = b"new"
    assert (await bench.post()).body == b"new"
    assert bench.executed == 2


async def test_a_write_while_an_answer_is_made_makes_it_out_of_date_at_once() -> None:
    bench = Bench()
    bench.app.reads = {"a": 30}
    bench.app.meanwhile = lambda: bench.marks.bump("a")
    await bench.post()
    await bench.post()
    assert bench.executed == 2


async def test_nothing_is_kept_or_found_while_nobody_can_tell_what_was_written() -> None:
    bench = Bench()
    bench.app.reads = {"a": 30}
    bench.marks.known = False
    for _ in range(2):
        assert (await bench.post()).headers["cache-control"] == "no-store"
    bench.marks.known = True
    await bench.post()
    bench.marks.known = False
    await bench.post()
    assert bench.executed == 4


async def test_what_is_in_no_answer_is_not_asked_about() -> None:
    bench = Bench()
    bench.app.reads = {"a": 30}
    await bench.post()
    assert bench.marks.asked.pop() == {"a", "a/lasting", "b", "b/lasting"}
    await bench.post()
    assert bench.marks.asked.pop() == {"a", "a/lasting"}
    bench.app.reads = {}
    await bench.post("{ providers { id } }")
    bench.marks.asked.clear()
    await bench.post("{ providers { id } }")
    assert bench.marks.asked == []


async def test_a_cache_without_room_keeps_nothing_and_shares_all_the_same() -> None:
    bench = Bench(max_bytes=0)
    for _ in range(2):
        assert (await bench.post()).headers["cache-control"] == "private, max-age=60"
    assert bench.executed == 2


async def test_an_answer_that_goes_while_its_marks_are_looked_at_is_given_all_the_same() -> None:
    bench = Bench()
    bench.app.reads = {"a": 60.0}
    await bench.post()
    bench.marks.looks = asyncio.Event()
    asking = asyncio.create_task(bench.post())
    await asyncio.sleep(0)
    assert len(bench.marks.asked) == 2
    bench.clock.advance(61)
    assert (await bench.post()).status == 200
    bench.marks.looks.set()
    assert (await asking).headers["age"] == "61"
    assert bench.executed == 2
