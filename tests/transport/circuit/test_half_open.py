"""Which calls a vendor gets that may be well again, and what late answers say about it."""

import asyncio

import pytest

from harness.breaker_bench import GOOD, BreakerBench, codes, failure
from harness.virtual_time import LoopClock
from harness.wires import READ
from linkweave.context.deadline import use_deadline
from linkweave.errors import CircuitOpenError, VendorTimeoutError
from linkweave.transport.health import CircuitState


async def test_half_open_one_call_probes_and_the_others_follow_when_it_is_answered() -> None:
    bench = BreakerBench()
    await bench.open()
    await asyncio.sleep(30)
    assert bench.state.value == "HALF_OPEN"
    assert codes(await bench.together(5)) == ["ok"] * 5
    assert bench.state.value == "CLOSED"
    first, *rest = bench.times[6:]
    assert all(at > first + 0.125 for at in rest)
    assert bench.observer.states == ["main OPEN", "main HALF_OPEN", "main CLOSED"]


async def test_half_open_all_waiting_calls_are_refused_when_the_probe_fails() -> None:
    bench = BreakerBench(lambda _: failure())
    await bench.open()
    await asyncio.sleep(30)
    assert codes(await bench.together(5)) == ["UNAVAILABLE"] * 5
    assert (bench.circuit.seconds_left, len(bench.calls)) == (60, 7)
    assert bench.observer.states == ["main OPEN", "main HALF_OPEN", "main OPEN"]


@pytest.mark.parametrize(("deadline_seconds", "waited"), [(None, 1.0), (10.0, 1.0), (0.5, 0.5)])
async def test_half_open_no_call_waits_long_for_a_probe_that_hangs(
    deadline_seconds: float | None, waited: float
) -> None:
    bench = BreakerBench(lambda _: failure(VendorTimeoutError), seconds=5)
    await bench.open()
    await asyncio.sleep(30)
    probe = asyncio.create_task(bench.breaker.send(READ))
    await asyncio.sleep(0)
    started = LoopClock().monotonic()
    with use_deadline(deadline_seconds or 1000, LoopClock()), pytest.raises(CircuitOpenError):
        await bench.breaker.send(READ)
    assert LoopClock().monotonic() - started == waited
    await asyncio.wait({probe})
    assert isinstance(probe.exception(), VendorTimeoutError)
    assert len(bench.calls) == 7


async def test_the_next_call_becomes_the_probe_when_the_probe_is_cancelled() -> None:
    bench = BreakerBench()
    await bench.open()
    await asyncio.sleep(30)
    probe, follower = (asyncio.create_task(bench.breaker.send(READ)) for _ in range(2))
    await asyncio.sleep(0.01)
    assert len(bench.calls) == 7
    probe.cancel()
    assert (await follower).status == 200


async def test_answers_to_calls_that_were_sent_before_it_opened_do_not_close_it() -> None:
    bench = BreakerBench(seconds=3)
    await bench.together(20)
    late = asyncio.create_task(bench.breaker.send(READ))
    await asyncio.sleep(0)
    bench.seconds, bench.outcome = 0.125, lambda number: GOOD if number == 20 else failure()
    await bench.together(5)
    assert bench.state is CircuitState.OPEN
    await late
    await asyncio.sleep(1)
    assert bench.state is CircuitState.OPEN


async def test_failures_of_calls_that_were_sent_before_it_opened_do_not_keep_it_open_longer() -> None:
    bench = BreakerBench()
    await bench.together(20)
    # Until the answers count as successes.
    await asyncio.sleep(1)
    bench.outcome = lambda _: failure()
    await bench.together(20)
    assert bench.circuit.seconds_left == 30
