"""Who may call a vendor that answers, one that breaks, and one that may be well again."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest

from linkweave.errors import (
    AmbiguousError,
    BadResponseError,
    CircuitOpenError,
    ErrorCode,
    NotFoundError,
    RateLimitedError,
    RejectedError,
    UnavailableError,
    VendorError,
    VendorTimeoutError,
)
from linkweave.observability import Observer, Tally
from linkweave.transport.admission import Admission
from linkweave.transport.breaker import Breaker, OpenCircuit
from linkweave.transport.call import Answer, Call
from linkweave.transport.circuit import Circuit
from linkweave.transport.deadline import deadline
from linkweave.transport.health import CircuitState
from linkweave.transport.priority import behind
from linkweave.transport.trial import trials
from linkweave.transport.verdict import judging
from virtual_time import LoopClock
from wires import READ, WRITE, answer, everything_shown_of, in_virtual_time

GOOD = answer()


def failure(kind: type[VendorError] = UnavailableError) -> VendorError:
    return kind("it broke", account="main", operation="list links")


@dataclass
class Vendor:
    """Answers after `seconds` with what `outcome` says of the number of the call, from 0."""

    outcome: Callable[[int], Answer | VendorError] = lambda _number: GOOD
    seconds: float = 0.125
    came: list[float] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    async def send(self, call: Call) -> Answer:
        number = len(self.came)
        self.asked.append(call.operation)
        self.came.append(LoopClock().monotonic())
        await asyncio.sleep(self.seconds)
        outcome = self.outcome(number)
        if isinstance(outcome, VendorError):
            raise outcome
        return outcome


@dataclass
class Watcher(Observer):
    states: list[str] = field(default_factory=list)
    calls: list[tuple[str, str, float, str, int | None]] = field(default_factory=list)

    def circuit(self, account: str, state: str) -> None:
        self.states.append(f"{account} {state}")

    def called(self, account: str, operation: str, seconds: float, outcome: str, status: int | None) -> None:
        self.calls.append((account, operation, seconds, outcome, status))


class Bench:
    """A breaker over a vendor, as it is made for an account with a timeout of 5 seconds."""

    def __init__(self, vendor: Vendor) -> None:
        self.vendor, self.watcher = vendor, Watcher()
        circuit = Circuit(LoopClock(), lambda state: self.watcher.circuit("main", state.value), lambda: 0.0)
        self.admission = Admission(circuit)
        judge = judging(lambda _status, _data: None)
        self.breaker = Breaker(vendor, "main", self.admission, judge, 4.0, LoopClock(), self.watcher)

    @property
    def state(self) -> CircuitState:
        return self.admission.circuit.state

    async def send(self, count: int, call: Call = READ) -> list[Answer | BaseException]:
        return await asyncio.gather(*(self.breaker.send(call) for _ in range(count)), return_exceptions=True)

    async def one_operation(self, count: int) -> list[Answer | BaseException]:
        with trials():
            return await self.send(count)


def codes(outcomes: list[Answer | BaseException]) -> list[str]:
    return [outcome.code.value if isinstance(outcome, VendorError) else "ok" for outcome in outcomes]


def run(story: Callable[[Bench], object], vendor: Vendor) -> Bench:
    async def told() -> Bench:
        bench = Bench(vendor)
        await story(bench)  # type: ignore[misc] # every story is a coroutine function
        return bench

    return in_virtual_time(told())


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
        with trials():
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
        with deadline(deadline_seconds or 1000, LoopClock()), pytest.raises(CircuitOpenError):
            await bench.breaker.send(READ)
        assert LoopClock().monotonic() - started == waited
        await asyncio.wait({probe})

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
        with deadline(2, LoopClock()), pytest.raises(VendorTimeoutError) as caught:
            await bench.breaker.send(WRITE)
        assert str(caught.value) == ("main was not asked in time, because it is slow to answer others (create link)")
        assert LoopClock().monotonic() == 2
        for call in hanging:
            call.cancel()

    assert len(run(story, Vendor(seconds=99)).vendor.came) == 6


def test_a_timeout_that_its_operation_left_no_time_for_is_no_failure() -> None:
    async def cut_off(bench: Bench, seconds: float, kind: type[VendorError]) -> None:
        bench.vendor.seconds, bench.vendor.outcome = seconds, lambda _: failure(kind)
        with deadline(seconds, LoopClock()):
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


def test_callers_leave_before_calls_that_nobody_waits_for() -> None:
    async def story(bench: Bench) -> None:
        async def unhurried() -> None:
            with behind():
                await bench.breaker.send(replace(READ, operation="behind"))

        await asyncio.gather(*(unhurried() for _ in range(12)), bench.send(3))
        assert bench.vendor.asked == ["behind"] * 6 + ["list links"] * 3 + ["behind"] * 6

    run(story, Vendor())


def test_every_call_that_left_is_counted_and_told() -> None:
    async def story(bench: Bench) -> None:
        with Tally() as counts:
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
        assert [each.refused for each in outcomes if isinstance(each, Answer)] == [
            None,
            NotFoundError,
            RateLimitedError,
            BadResponseError,
        ]

    run(story, Vendor([GOOD, answer(404), answer(429), answer(200, b"<html>")].__getitem__))
