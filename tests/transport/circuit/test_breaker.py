"""Who may call a vendor that answers, and one that breaks."""

import asyncio
from dataclasses import replace

import pytest

from harness.breaker_bench import GOOD, Bench, Vendor, codes, failure, run
from harness.virtual_time import LoopClock
from harness.wires import READ, WRITE, answer, everything_shown_of
from linkweave.context.call_context import use_background_priority
from linkweave.context.deadline import use_deadline
from linkweave.context.operation_context import OperationContext, use_operation
from linkweave.errors import (
    AmbiguousError,
    BadResponseError,
    CircuitOpenError,
    VendorError,
    VendorTimeoutError,
)
from linkweave.transport.call import Answer
from linkweave.transport.circuit.breaker import OpenCircuit
from linkweave.transport.health import CircuitState


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
def test_a_broken_vendor_gets_six_calls_and_the_rest_are_refused_at_once(outcome: Answer | VendorError) -> None:
    async def story(bench: Bench) -> None:
        outcomes = await bench.send(100)
        assert LoopClock().monotonic() == 0.125
        assert sum(isinstance(each, CircuitOpenError) for each in outcomes) == 94
        assert isinstance((await bench.send(1))[0], CircuitOpenError)
        assert bench.state is CircuitState.OPEN

    bench = run(story, Vendor(lambda _: outcome))
    assert bench.vendor.came == [0] * 6
    assert bench.watcher.states == ["main OPEN"]


def test_a_vendor_that_answers_is_asked_more_and_more_at_once() -> None:
    async def story(bench: Bench) -> None:
        assert codes(await bench.send(100)) == ["ok"] * 100

    came = run(story, Vendor(seconds=1)).vendor.came
    rounds = [sum(at <= each < at + 1 for each in came) for at in range(5)]
    assert rounds == [6, 12, 24, 48, 10]


def test_a_vendor_that_has_answered_lately_may_still_get_only_six_calls_of_an_operation_when_it_breaks() -> None:
    async def story(bench: Bench) -> None:
        await bench.one_operation(100)
        working.clear()
        asked = len(bench.vendor.came)
        await bench.one_operation(100)
        assert len(bench.vendor.came) - asked == 6

    working = [True]
    run(story, Vendor(lambda _: GOOD if working else failure()))


def test_after_its_first_answer_an_operation_may_ask_as_much_as_the_vendor_has_earned() -> None:
    async def story(bench: Bench) -> None:
        await bench.one_operation(200)
        started = LoopClock().monotonic()
        await bench.one_operation(64)
        # Six, then all the others at once, and a moment in which nobody knew yet.
        assert 2 <= LoopClock().monotonic() - started < 2.1

    run(story, Vendor(seconds=1))


def test_an_operation_whose_every_call_fails_ends_its_own_calls_even_where_others_are_answered() -> None:
    async def story(bench: Bench) -> None:
        await bench.send(20)
        with use_operation(OperationContext(trials={})):
            for _ in range(20):
                failing.append(True)
                outcomes.extend(await bench.send(1))
                failing.clear()
                await bench.one_operation(1)

    outcomes: list[Answer | BaseException] = []
    failing: list[bool] = []
    bench = run(story, Vendor(lambda _: failure() if failing else GOOD))
    assert bench.state is CircuitState.CLOSED
    assert [isinstance(each, CircuitOpenError) for each in outcomes] == [False] * 6 + [True] * 14
    assert outcomes[-1].retry_after is None  # type: ignore[union-attr] # it is an error


def test_the_refusal_says_why_and_when_and_shows_nothing_of_the_call() -> None:
    async def story(bench: Bench) -> None:
        await bench.send(6)
        await asyncio.sleep(10)
        with pytest.raises(CircuitOpenError) as caught:
            await OpenCircuit(bench.vendor, "main", bench.admission).send(READ)
        assert str(caught.value) == (
            "main is not called at the moment, because its latest calls have failed (list links)"
        )
        assert caught.value.extensions == {"code": "UNAVAILABLE", "account": "main", "retryAfterSeconds": 20}
        assert "nobody-may-see-this" not in everything_shown_of(caught.value)

    assert len(run(story, Vendor(lambda _: failure())).vendor.came) == 6


def test_while_it_is_closed_calls_pass_to_the_lines_below() -> None:
    async def story(bench: Bench) -> None:
        assert (await OpenCircuit(bench.breaker, "main", bench.admission).send(READ)).status == 200

    run(story, Vendor())


def test_one_who_gives_up_waiting_leaves_no_place_taken() -> None:
    async def story(bench: Bench) -> None:
        calls = [asyncio.create_task(bench.breaker.send(READ)) for _ in range(12)]
        await asyncio.sleep(0)
        for call in calls[6:]:
            call.cancel()
        await asyncio.wait(calls)
        assert len(bench.vendor.came) == 6
        # Also one who is let out and gives up in the same moment.
        calls = [asyncio.create_task(bench.breaker.send(READ)) for _ in range(13)]
        await asyncio.sleep(0.125 + 1 / 256)
        for call in calls[12:]:
            call.cancel()
        await asyncio.wait(calls)
        bench.vendor.came.clear()
        await bench.send(6)
        assert len(set(bench.vendor.came)) == 1

    run(story, Vendor())


def test_a_call_that_cannot_leave_before_the_deadline_is_told_to_be_late() -> None:
    async def story(bench: Bench) -> None:
        hanging = [asyncio.create_task(bench.breaker.send(READ)) for _ in range(6)]
        await asyncio.sleep(0)
        with use_deadline(2, LoopClock()), pytest.raises(VendorTimeoutError) as caught:
            await bench.breaker.send(WRITE)
        assert str(caught.value) == ("main was not asked in time, because it is slow to answer others (create link)")
        assert LoopClock().monotonic() == 2
        for call in hanging:
            call.cancel()

    assert len(run(story, Vendor(seconds=99)).vendor.came) == 6


def test_callers_leave_before_calls_that_nobody_waits_for() -> None:
    async def story(bench: Bench) -> None:
        async def unhurried() -> None:
            with use_background_priority():
                await bench.breaker.send(replace(READ, operation="behind"))

        await asyncio.gather(*(unhurried() for _ in range(12)), bench.send(3))
        assert bench.vendor.asked == ["behind"] * 6 + ["list links"] * 3 + ["behind"] * 6

    run(story, Vendor())
