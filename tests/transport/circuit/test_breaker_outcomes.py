"""What an account's calls tell of how its vendor is, and whom they are told."""

import asyncio

import pytest

from harness.breaker_bench import GOOD, Bench, Vendor, codes, failure, run
from harness.virtual_time import LoopClock
from harness.wires import READ, WRITE, answer
from linkweave.context.deadline import use_deadline
from linkweave.context.operation_context import OperationContext, use_operation
from linkweave.errors import (
    AmbiguousError,
    BadResponseError,
    ErrorCode,
    NotFoundError,
    RateLimitedError,
    RejectedError,
    VendorError,
    VendorTimeoutError,
)
from linkweave.observability import OperationRecord
from linkweave.transport.call import Answer, Call
from linkweave.transport.health import CircuitState


@pytest.mark.parametrize(
    "outcome",
    [answer(429), answer(404), answer(401), answer(403), failure(RejectedError), failure(RateLimitedError)],
)
def test_a_vendor_that_refuses_is_not_broken(outcome: Answer | VendorError) -> None:
    async def story(bench: Bench) -> None:
        for _ in range(20):
            await bench.send(1)

    bench = run(story, Vendor(lambda _: outcome))
    assert (len(bench.vendor.came), bench.state) == (20, CircuitState.CLOSED)


def test_a_cancelled_call_says_nothing_of_the_vendor() -> None:
    async def story(bench: Bench) -> None:
        for _ in range(20):
            call = asyncio.create_task(bench.breaker.send(READ))
            await asyncio.sleep(0.01)
            call.cancel()
            await asyncio.wait({call})
        assert (bench.state, bench.admission.circuit.failures_in_a_row) == (CircuitState.CLOSED, 0)
        assert codes(await bench.send(6)) == ["ok"] * 6

    run(story, Vendor())


def test_a_timeout_that_its_operation_left_no_time_for_is_no_failure() -> None:
    async def cut_off(bench: Bench, seconds: float, kind: type[VendorError]) -> None:
        bench.vendor.seconds, bench.vendor.outcome = seconds, lambda _: failure(kind)
        with use_deadline(seconds, LoopClock()):
            await bench.send(1)

    async def story(bench: Bench) -> None:
        for kind in (VendorTimeoutError, AmbiguousError):
            await cut_off(bench, 3.5, kind)
            assert bench.admission.circuit.failures_in_a_row == 0
        await cut_off(bench, 4, VendorTimeoutError)
        assert bench.admission.circuit.failures_in_a_row == 1

    run(story, Vendor())


@pytest.mark.parametrize(("call", "state"), [(READ, CircuitState.OPEN), (WRITE, CircuitState.CLOSED)])
def test_reads_that_are_slow_open_it_and_writes_take_their_time(call: Call, state: CircuitState) -> None:
    async def story(bench: Bench) -> None:
        for _ in range(20):
            await bench.send(1, call)
        await asyncio.sleep(1)
        assert bench.state is state

    run(story, Vendor(seconds=4))


def test_an_answer_that_its_reader_cannot_use_was_a_failure_all_the_same() -> None:
    async def read(bench: Bench) -> None:
        await bench.breaker.send(READ)
        # Whoever reads it runs a little later than whoever waits for a place.
        for _ in range(5):
            await asyncio.sleep(0)
        bench.admission.misread()

    async def story(bench: Bench) -> None:
        await asyncio.gather(*(read(bench) for _ in range(100)), return_exceptions=True)
        assert bench.state is CircuitState.OPEN

    assert len(run(story, Vendor()).vendor.came) == 6


def test_an_old_answer_that_cannot_be_used_says_nothing_of_the_vendor() -> None:
    async def story(bench: Bench) -> None:
        for _ in range(20):
            bench.admission.misread()
        await bench.send(1)
        await asyncio.sleep(1)
        assert bench.admission.circuit.successes_in_a_row == 1

    run(story, Vendor())


def test_every_call_that_left_is_counted_and_told() -> None:
    async def story(bench: Bench) -> None:
        counts = OperationRecord()
        with use_operation(OperationContext(record=counts)):
            await bench.send(1)
            bench.vendor.outcome = lambda _: answer(404)
            await bench.send(1, WRITE)
            bench.vendor.outcome = lambda _: failure()
            await bench.send(10)
        assert counts.calls == 10

    bench = run(story, Vendor())
    assert bench.watcher.calls[:3] == [
        ("main", "list links", 0.125, "ok", 200),
        ("main", "create link", 0.125, ErrorCode.NOT_FOUND.value, 404),
        ("main", "list links", 0.125, "UNAVAILABLE", None),
    ]
    assert len(bench.watcher.calls) == 10


def test_answers_carry_what_the_client_will_make_of_them() -> None:
    async def story(bench: Bench) -> None:
        outcomes = await bench.send(4)
        assert [each.refusal and each.refusal.kind for each in outcomes if isinstance(each, Answer)] == [
            None,
            NotFoundError,
            RateLimitedError,
            BadResponseError,
        ]

    run(story, Vendor([GOOD, answer(404), answer(429), answer(200, b"<html>")].__getitem__))
