"""Who may call a vendor that may be well again, and what calls from before tell of it."""

import asyncio

import pytest

from harness.breaker_bench import GOOD, Bench, Vendor, codes, failure, run
from harness.virtual_time import LoopClock
from harness.wires import READ
from linkweave.context.deadline import use_deadline
from linkweave.errors import (
    CircuitOpenError,
    VendorTimeoutError,
)
from linkweave.transport.health import CircuitState


def test_half_open_one_call_probes_and_the_others_follow_when_it_is_answered() -> None:
    async def story(bench: Bench) -> None:
        await bench.send(6)
        failing.clear()
        await asyncio.sleep(30)
        assert bench.state.value == "HALF_OPEN"
        assert codes(await bench.send(5)) == ["ok"] * 5
        assert bench.state.value == "CLOSED"

    failing = [True]
    bench = run(story, Vendor(lambda _: failure() if failing else GOOD))
    first, *rest = bench.vendor.came[6:]
    assert all(at > first + 0.125 for at in rest)
    assert bench.watcher.states == ["main OPEN", "main HALF_OPEN", "main CLOSED"]


def test_half_open_everybody_who_waits_is_refused_when_the_probe_fails() -> None:
    async def story(bench: Bench) -> None:
        await bench.send(6)
        await asyncio.sleep(30)
        assert codes(await bench.send(5)) == ["UNAVAILABLE"] * 5
        assert bench.admission.circuit.seconds_left == 60

    bench = run(story, Vendor(lambda _: failure()))
    assert len(bench.vendor.came) == 7
    assert bench.watcher.states == ["main OPEN", "main HALF_OPEN", "main OPEN"]


@pytest.mark.parametrize(("deadline_seconds", "waited"), [(None, 1.0), (10.0, 1.0), (0.5, 0.5)])
def test_half_open_nobody_waits_long_for_a_probe_that_hangs(deadline_seconds: float | None, waited: float) -> None:
    async def story(bench: Bench) -> None:
        await bench.send(6)
        bench.vendor.seconds = 5
        await asyncio.sleep(30)
        probe = asyncio.create_task(bench.breaker.send(READ))
        await asyncio.sleep(0)
        started = LoopClock().monotonic()
        with use_deadline(deadline_seconds or 1000, LoopClock()), pytest.raises(CircuitOpenError):
            await bench.breaker.send(READ)
        assert LoopClock().monotonic() - started == waited
        await asyncio.wait({probe})
        assert isinstance(probe.exception(), VendorTimeoutError)

    assert len(run(story, Vendor(lambda _: failure(VendorTimeoutError))).vendor.came) == 7


def test_a_probe_that_is_given_up_gives_its_place_to_the_next() -> None:
    async def story(bench: Bench) -> None:
        await bench.send(6)
        bench.vendor.outcome = lambda _: GOOD
        await asyncio.sleep(30)
        probe, follower = (asyncio.create_task(bench.breaker.send(READ)) for _ in range(2))
        await asyncio.sleep(0.01)
        assert len(bench.vendor.came) == 7
        probe.cancel()
        assert (await follower).status == 200

    run(story, Vendor(lambda _: failure()))


def test_answers_to_calls_from_before_it_opened_change_nothing() -> None:
    async def story(bench: Bench) -> None:
        await bench.send(20)
        late = asyncio.create_task(bench.breaker.send(READ))
        await asyncio.sleep(0)
        bench.vendor.seconds, bench.vendor.outcome = 0.125, lambda number: GOOD if number == 20 else failure()
        await bench.send(5)
        assert bench.state is CircuitState.OPEN
        await late
        await asyncio.sleep(1)
        assert bench.state is CircuitState.OPEN

    vendor = Vendor(seconds=3)
    run(story, vendor)


def test_failures_of_calls_from_before_it_opened_do_not_prolong_it() -> None:
    async def story(bench: Bench) -> None:
        await bench.send(20)
        bench.vendor.outcome = lambda _: failure()
        await bench.send(20)
        assert bench.admission.circuit.seconds_left == 30

    run(story, Vendor())
