"""What the calls of an account say about its vendor, and what is reported of them."""

import asyncio

import pytest

from harness.breaker_bench import GOOD, BreakerBench, codes, failure
from harness.virtual_time import LoopClock
from harness.wires import READ, WRITE, answer
from linkweave.context.account_trial import MAX_UNPROVEN
from linkweave.context.deadline import use_deadline
from linkweave.context.operation_context import OperationContext, use_operation
from linkweave.errors import (
    AmbiguousError,
    BadResponseError,
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
async def test_a_vendor_that_refuses_is_not_broken(outcome: Answer | VendorError) -> None:
    bench = BreakerBench(lambda _: outcome)
    for _ in range(20):
        await bench.together(1)
    assert (len(bench.calls), bench.state) == (20, CircuitState.CLOSED)


async def test_a_cancelled_call_says_nothing_about_the_vendor() -> None:
    bench = BreakerBench()
    for _ in range(20):
        call = asyncio.create_task(bench.breaker.send(READ))
        await asyncio.sleep(0.01)
        call.cancel()
        await asyncio.wait({call})
    assert (bench.state, bench.circuit.consecutive_failures) == (CircuitState.CLOSED, 0)
    assert codes(await bench.together(6)) == ["ok"] * 6


@pytest.mark.parametrize(
    ("seconds", "kind", "failures"),
    [(3.5, VendorTimeoutError, 0), (3.5, AmbiguousError, 0), (4, VendorTimeoutError, 1), (4, AmbiguousError, 1)],
)
async def test_a_timeout_is_a_failure_only_where_the_operation_left_the_call_enough_time(
    seconds: float, kind: type[VendorError], failures: int
) -> None:
    bench = BreakerBench(lambda _: failure(kind), seconds)
    # At 0 the duration of a call is the same as the time at which it ended.
    await asyncio.sleep(1)
    with use_deadline(seconds, LoopClock()):
        await bench.together(1)
    assert bench.circuit.consecutive_failures == failures


@pytest.mark.parametrize(("call", "state"), [(READ, CircuitState.OPEN), (WRITE, CircuitState.CLOSED)])
async def test_slow_reads_open_the_circuit_and_slow_writes_do_not(call: Call, state: CircuitState) -> None:
    bench = BreakerBench(seconds=4)
    for _ in range(20):
        await bench.together(1, call)
    await asyncio.sleep(1)
    assert bench.state is state


async def test_an_answer_that_its_reader_cannot_use_is_a_failure_of_its_operation_alone() -> None:
    async def read(bench: BreakerBench) -> None:
        await bench.breaker.send(READ)
        # The reader runs a little later than the next call that waits for a permit.
        for _ in range(5):
            await asyncio.sleep(0)
        bench.gate.record_unusable_answer()

    bench = BreakerBench()
    with use_operation(OperationContext(trials={})):
        await asyncio.gather(*(read(bench) for _ in range(100)), return_exceptions=True)
    await asyncio.sleep(1)
    assert (bench.state, bench.circuit.consecutive_failures) == (CircuitState.CLOSED, 0)
    assert len(bench.calls) <= MAX_UNPROVEN


async def test_an_unusable_answer_out_of_a_cache_says_nothing_about_the_vendor() -> None:
    bench = BreakerBench()
    for _ in range(20):
        bench.gate.record_unusable_answer()
    await bench.together(1)
    await asyncio.sleep(1)
    assert bench.circuit.consecutive_successes == 1


async def test_every_call_that_is_sent_is_counted_and_reported() -> None:
    bench, record = BreakerBench(), OperationRecord()
    with use_operation(OperationContext(record=record)):
        await bench.together(1)
        bench.outcome = lambda _: answer(404)
        await bench.together(1, WRITE)
        bench.outcome = lambda _: failure()
        await bench.together(10)
    assert record.calls == len(bench.observer.calls) == 12
    assert bench.observer.calls[:3] == [
        ("main", "list links", 0.125, "ok", 200),
        ("main", "create link", 0.125, "NOT_FOUND", 404),
        ("main", "list links", 0.125, "UNAVAILABLE", None),
    ]


async def test_answers_carry_the_refusal_that_the_client_will_raise() -> None:
    bench = BreakerBench([GOOD, answer(404), answer(429), answer(200, b"<html>")].__getitem__)
    refusals = [each.refusal and each.refusal.kind for each in await bench.together(4) if isinstance(each, Answer)]
    assert refusals == [None, NotFoundError, RateLimitedError, BadResponseError]
