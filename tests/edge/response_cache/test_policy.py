"""Which responses to queries are stored, for how long, and what makes them invalid."""

import asyncio
from datetime import timedelta

import orjson
import pytest

from harness.cached_responses import MUTATION, QUERY, Bench
from linkweave.context.cache_control import forbid_storing, record_read
from linkweave.errors import VendorTimeoutError


@pytest.mark.parametrize(("status", "body"), [(400, b"{}"), (500, b"{}"), (200, b'{"data":null,"errors":[{}]}')])
async def test_errors_are_not_stored(status: int, body: bytes) -> None:
    bench = Bench()
    bench.app.status, bench.app.body = status, body
    for _ in range(2):
        reply = await bench.post()
        assert (reply.status, reply.body) == (status, body)
        assert reply.headers["cache-control"] == "no-store"
    assert bench.executed == 2


async def test_a_vendors_text_is_not_taken_for_an_error() -> None:
    bench = Bench()
    bench.app.body = orjson.dumps({"data": {"title": '"errors": and more'}})
    await bench.post()
    await bench.post()
    assert bench.executed == 1


async def test_only_json_is_stored() -> None:
    bench = Bench()
    bench.app.headers = [(b"content-type", b"text/html; charset=utf-8")]
    for _ in range(2):
        assert "cache-control" not in (await bench.post()).headers
    assert bench.executed == 2


async def test_an_answer_with_a_cache_control_of_its_own_keeps_it() -> None:
    bench = Bench()
    bench.app.headers.append((b"cache-control", b"max-age=5"))
    assert (await bench.post(MUTATION)).headers["cache-control"] == "max-age=5"


async def test_a_response_expires_with_its_shortest_lived_part() -> None:
    bench = Bench()
    bench.app.reads = {"a": 30, "b": 10}
    await bench.post()
    bench.clock.advance(9.9)
    await bench.post()
    assert bench.executed == 1
    bench.clock.advance(0.1)
    await bench.post()
    assert bench.executed == 2


async def test_a_response_without_vendors_expires_after_a_minute() -> None:
    bench = Bench()
    await bench.post()
    bench.clock.advance(59)
    await bench.post()
    bench.clock.advance(1)
    await bench.post()
    assert bench.executed == 2


async def test_stale_or_momentary_answers_are_not_stored() -> None:
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
async def test_a_write_at_one_of_its_accounts_makes_a_response_invalid(written: str) -> None:
    bench = Bench()
    bench.app.reads = {"a": 30}
    await bench.post()
    await bench.versions.bump("b")
    await bench.post()
    assert bench.executed == 1
    await bench.versions.bump(written)
    bench.app.body = b"new"
    assert (await bench.post()).body == b"new"
    assert bench.executed == 2


async def test_a_write_during_the_execution_makes_the_response_invalid_at_once() -> None:
    bench = Bench()
    bench.app.reads = {"a": 30}
    bench.app.meanwhile = lambda: bench.versions.bump("a")
    await bench.post()
    await bench.post()
    assert bench.executed == 2


async def test_nothing_is_stored_or_found_while_the_versions_are_unknown() -> None:
    bench = Bench()
    bench.app.reads = {"a": 30}
    bench.versions.known = False
    for _ in range(2):
        assert (await bench.post()).headers["cache-control"] == "no-store"
    bench.versions.known = True
    await bench.post()
    bench.versions.known = False
    await bench.post()
    assert bench.executed == 4


async def test_only_the_versions_of_accounts_in_the_response_are_checked() -> None:
    bench = Bench()
    bench.app.reads = {"a": 30}
    await bench.post()
    assert bench.versions.lookups.pop() == {"a", "a/lasting", "b", "b/lasting"}
    await bench.post()
    assert bench.versions.lookups.pop() == {"a", "a/lasting"}
    bench.app.reads = {}
    await bench.post("{ providers { id } }")
    bench.versions.lookups.clear()
    await bench.post("{ providers { id } }")
    assert bench.versions.lookups == []


async def test_a_cache_without_space_stores_nothing_but_shares_executions() -> None:
    bench = Bench(max_bytes=0)
    for _ in range(2):
        assert (await bench.post()).headers["cache-control"] == "private, max-age=60"
    assert bench.executed == 2


async def test_a_response_that_is_dropped_during_its_check_is_still_sent() -> None:
    bench = Bench()
    bench.app.reads = {"a": 60.0}
    await bench.post()
    bench.versions.checked = asyncio.Event()
    asking = asyncio.create_task(bench.post())
    await asyncio.sleep(0)
    assert len(bench.versions.lookups) == 2
    bench.clock.advance(61)
    assert (await bench.post()).status == 200
    bench.versions.checked.set()
    assert (await asking).headers["age"] == "61"
    assert bench.executed == 2
