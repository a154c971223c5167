"""Which calls are sent to a vendor that answers, and to one that breaks."""

import asyncio
from dataclasses import replace

import pytest

from harness.breaker_bench import GOOD, BreakerBench, codes, failure
from harness.virtual_time import LoopClock
from harness.wires import READ, SECRET, WRITE, answer, everything_shown_of
from linkweave.context.call_context import CallContext, use_background_priority, use_call, use_priority
from linkweave.context.deadline import use_deadline
from linkweave.context.operation_context import OperationContext, use_operation
from linkweave.context.priority import Priority
from linkweave.errors import AmbiguousError, BadResponseError, CircuitOpenError, VendorError, VendorTimeoutError
from linkweave.transport.call import Answer
from linkweave.transport.circuit.breaker import OpenCircuitGuard
from linkweave.transport.health import CircuitState
from linkweave.transport.rate_limit.limiter import RateLimit
from linkweave.transport.rate_limit.slots import LocalSlots


@pytest.mark.parametrize(
    "outcome",
    [
        failure(),
        failure(VendorTimeoutError),
        failure(BadResponseError),
        failure(AmbiguousError),
        answer(500),
        answer(503, b"<html>"),
        answer(200, b"<html>"),
    ],
)
async def test_a_broken_vendor_gets_six_calls_and_the_others_are_refused_at_once(outcome: Answer | VendorError) -> None:
    bench = BreakerBench(lambda _: outcome)
    outcomes = await bench.together(100)
    assert LoopClock().monotonic() == 0.125
    assert sum(isinstance(each, CircuitOpenError) for each in outcomes) == 94
    assert isinstance((await bench.together(1))[0], CircuitOpenError)
    assert (bench.state, bench.times) == (CircuitState.OPEN, [0] * 6)
    assert bench.observer.states == ["main OPEN"]


async def test_a_vendor_that_answers_gets_more_and_more_calls_at_once() -> None:
    bench = BreakerBench(seconds=1)
    assert codes(await bench.together(100)) == ["ok"] * 100
    rounds = [sum(at <= each < at + 1 for each in bench.times) for at in range(5)]
    assert rounds == [6, 30, 64, 0, 0]


async def test_a_vendor_that_breaks_gets_six_calls_of_one_operation_even_if_it_has_answered_before() -> None:
    bench = BreakerBench()
    await bench.one_operation(100)
    bench.outcome = lambda _: failure()
    sent = len(bench.calls)
    await bench.one_operation(100)
    assert len(bench.calls) - sent == 6


async def test_after_its_first_answer_an_operation_sends_as_many_calls_as_the_vendor_has_earned() -> None:
    bench = BreakerBench(seconds=1)
    await bench.one_operation(200)
    started = LoopClock().monotonic()
    await bench.one_operation(64)
    # Six calls, then all others at once; between them the time in which an answer may still prove unusable.
    assert 2 <= LoopClock().monotonic() - started < 2.1


async def test_an_operation_whose_calls_all_fail_sends_no_more_of_them_even_where_others_are_answered() -> None:
    bench, outcomes = BreakerBench(), list[Answer | BaseException]()
    await bench.together(20)
    with use_operation(OperationContext(trials={})):
        for _ in range(20):
            bench.outcome = lambda _: failure()
            outcomes.extend(await bench.together(1))
            bench.outcome = lambda _: GOOD
            await bench.one_operation(1)
    assert bench.state is CircuitState.CLOSED
    assert [isinstance(each, CircuitOpenError) for each in outcomes] == [False] * 6 + [True] * 14
    assert outcomes[-1].retry_after is None  # type: ignore[union-attr] # it is an error


async def test_the_refusal_says_why_and_until_when_and_shows_nothing_of_the_call() -> None:
    bench = BreakerBench()
    await bench.open()
    await asyncio.sleep(10)
    with pytest.raises(CircuitOpenError) as caught:
        await OpenCircuitGuard(bench, "main", bench.gate).send(READ)
    assert str(caught.value) == "main is not called at the moment, because its latest calls have failed (list links)"
    assert caught.value.extensions == {"code": "UNAVAILABLE", "account": "main", "retryAfterSeconds": 20}
    assert SECRET not in everything_shown_of(caught.value)
    assert len(bench.calls) == 6


async def test_the_guard_lets_calls_through_while_the_circuit_is_closed() -> None:
    bench = BreakerBench()
    assert (await OpenCircuitGuard(bench.breaker, "main", bench.gate).send(READ)).status == 200


async def test_a_waiting_call_that_is_cancelled_leaves_its_permit_to_another() -> None:
    bench = BreakerBench()
    calls = [asyncio.create_task(bench.breaker.send(READ)) for _ in range(12)]
    await asyncio.sleep(0)
    for call in calls[6:]:
        call.cancel()
    await asyncio.wait(calls)
    assert len(bench.calls) == 6
    await asyncio.sleep(1)
    # Also a call that gets its permit in the moment in which it is cancelled.
    calls = [asyncio.create_task(bench.breaker.send(READ)) for _ in range(13)]
    await asyncio.sleep(0.125 + 1 / 256)
    for call in calls[12:]:
        call.cancel()
    await asyncio.wait(calls)
    bench.calls.clear()
    await bench.together(6)
    assert len(set(bench.times)) == 1


async def test_a_call_that_cannot_be_sent_before_its_deadline_ends_with_a_timeout() -> None:
    bench = BreakerBench(seconds=99)
    hanging = [asyncio.create_task(bench.breaker.send(READ)) for _ in range(6)]
    await asyncio.sleep(0)
    with use_deadline(2, LoopClock()), pytest.raises(VendorTimeoutError) as caught:
        await bench.breaker.send(WRITE)
    assert str(caught.value) == "main was not called in time, because it answers other calls slowly (create link)"
    assert (LoopClock().monotonic(), len(bench.calls)) == (2, 6)
    for call in hanging:
        call.cancel()


async def test_calls_of_callers_are_sent_before_calls_in_the_background_and_promoted_ones_after_them() -> None:
    async def send(name: str, priority: Priority) -> None:
        with use_priority(priority):
            await bench.breaker.send(replace(READ, operation=name))

    bench, promoted = BreakerBench(), Priority(background=True)
    await asyncio.wait({asyncio.create_task(bench.breaker.send(READ)) for _ in range(6)}, timeout=0)
    waiting = [("x", promoted), ("y", Priority(background=True)), ("a", Priority())]
    tasks = [asyncio.create_task(send(*each)) for each in waiting]
    await asyncio.sleep(0)
    promoted.promote()
    await asyncio.gather(*tasks, send("b", Priority()))
    assert [name for _, name in bench.calls[6:]] == ["a", "x", "b", "y"]


@pytest.mark.parametrize(("cool_down", "under_way"), [(0, 0), (30, 1)])
async def test_a_refused_call_frees_its_slot_and_a_call_that_is_sent_keeps_it(cool_down: float, under_way: int) -> None:
    bench, slots = BreakerBench(), LocalSlots(RateLimit("api", 1, 60), LoopClock())
    await bench.open()
    await asyncio.sleep(cool_down)
    slot = await slots.acquire(0, 1)
    with use_call(CallContext(slot=slot)), use_background_priority():
        await bench.together(1)
    assert slots.count.under_way == under_way
