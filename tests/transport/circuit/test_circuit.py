"""When a circuit opens, for how long, and when it closes."""

from dataclasses import dataclass, field

import pytest

from harness.emulators import ManualClock
from linkweave.transport.circuit.circuit import (
    COOL_DOWN_SECONDS,
    FAILURE_THRESHOLD,
    IDLE_SECONDS,
    MAX_COOL_DOWN_SECONDS,
    MAX_SUCCESSES,
    SLOW_CALL_WINDOW,
    Circuit,
)
from linkweave.transport.health import CircuitState


@dataclass
class Bench:
    """`+` is a success, `-` a failure; `S` and `F` are the same, slowly."""

    jitter: float = 0.0
    clock: ManualClock = field(default_factory=ManualClock)
    states: list[CircuitState] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.circuit = Circuit(self.clock, self.states.append, lambda: self.jitter)

    def record(self, story: str) -> CircuitState:
        for event in story:
            if event in "+S":
                self.circuit.record_success(slow=event == "S")
            else:
                self.circuit.record_failure(slow=event == "F")
        return self.circuit.state


@pytest.mark.parametrize(
    ("story", "state"),
    [
        ("", CircuitState.CLOSED),
        ("-" * (FAILURE_THRESHOLD - 1), CircuitState.CLOSED),
        ("-" * FAILURE_THRESHOLD, CircuitState.OPEN),
        ("----+----", CircuitState.CLOSED),
        ("----+-----", CircuitState.OPEN),
        ("S" * 19, CircuitState.CLOSED),
        ("S" * 20, CircuitState.OPEN),
        ("S+" * 9 + "++", CircuitState.CLOSED),
        ("S+" * 10, CircuitState.OPEN),
        ("F+" * 10, CircuitState.OPEN),
        ("S" * 9 + "+" * 11 + "S" * 9, CircuitState.CLOSED),
        ("S" * 9 + "+" * 11 + "S" * 10, CircuitState.OPEN),
    ],
)
def test_it_opens_after_consecutive_failures_or_when_too_many_calls_are_slow(story: str, state: CircuitState) -> None:
    assert Bench().record(story) is state


def test_it_is_open_for_the_cool_down_and_then_half_open_until_a_probe_has_ended() -> None:
    bench = Bench()
    assert bench.circuit.seconds_left == 0
    bench.record("-----")
    assert bench.circuit.seconds_left == COOL_DOWN_SECONDS
    bench.clock.advance(COOL_DOWN_SECONDS - 1)
    assert (bench.circuit.state, bench.circuit.seconds_left) == (CircuitState.OPEN, 1)
    bench.clock.advance(1)
    assert (bench.circuit.state, bench.circuit.seconds_left) == (CircuitState.HALF_OPEN, 0)
    bench.clock.advance(1000)
    assert bench.circuit.state is CircuitState.HALF_OPEN
    bench.circuit.start_probe()
    assert bench.record("+") is CircuitState.CLOSED
    assert bench.states == [CircuitState.OPEN, CircuitState.HALF_OPEN, CircuitState.CLOSED]


def test_every_failed_probe_doubles_the_cool_down_up_to_a_limit() -> None:
    bench, times = Bench(), []
    bench.record("----")
    for _ in range(6):
        bench.record("-")
        times.append(bench.circuit.seconds_left)
        bench.clock.advance(times[-1])
    assert times == [30, 60, 120, 240, MAX_COOL_DOWN_SECONDS, MAX_COOL_DOWN_SECONDS]


def test_the_cool_down_is_longer_only_if_it_opens_again_before_enough_successes() -> None:
    bench = Bench()
    bench.record("-----")
    bench.clock.advance(30)
    bench.record("++++-----")
    assert bench.circuit.seconds_left == 60
    bench.clock.advance(60)
    bench.record("+++++-----")
    assert bench.circuit.seconds_left == 30


def test_jitter_lets_workers_that_open_together_probe_one_after_the_other() -> None:
    bench = Bench(jitter=1.0)
    bench.record("-----")
    assert bench.circuit.seconds_left == pytest.approx(33)


def test_slow_calls_before_it_opened_do_not_count_after_it_has_closed() -> None:
    bench = Bench()
    bench.record("S" * SLOW_CALL_WINDOW)
    assert bench.circuit.consecutive_successes == 0
    bench.clock.advance(30)
    assert bench.record("S" + "+" * 19) is CircuitState.CLOSED


def test_successes_count_until_a_failure_or_until_they_are_too_old() -> None:
    bench = Bench()
    bench.record("+++")
    assert bench.circuit.consecutive_successes == 3
    bench.clock.advance(IDLE_SECONDS)
    assert bench.circuit.consecutive_successes == 3
    bench.clock.advance(0.5)
    assert bench.circuit.consecutive_successes == 0
    bench.record("+")
    assert bench.circuit.consecutive_successes == 1
    bench.record("+" * 100)
    assert bench.circuit.consecutive_successes == MAX_SUCCESSES
    bench.record("-")
    assert bench.circuit.consecutive_successes == 0


def test_every_opening_begins_another_epoch() -> None:
    bench = Bench()
    bench.record("-----")
    assert bench.circuit.epoch == 1
    bench.clock.advance(30)
    bench.record("-")
    assert bench.circuit.epoch == 2
