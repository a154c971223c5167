"""When an account is not called any more, for how long, and when it is again."""

from dataclasses import dataclass, field

import pytest

from harness.emulators import ManualClock
from linkweave.transport.circuit.circuit import (
    COOL_DOWN_SECONDS,
    FAILURES_IN_A_ROW,
    IDLE_SECONDS,
    MAX_COOL_DOWN_SECONDS,
    MAX_SUCCESSES,
    WATCHED_CALLS,
    Circuit,
)
from linkweave.transport.health import CircuitState


@dataclass
class Bench:
    """`+` is a success, `-` a failure; `S` and `F` are the same, slowly."""

    chance: float = 0.0
    clock: ManualClock = field(default_factory=ManualClock)
    heard: list[CircuitState] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.circuit = Circuit(self.clock, self.heard.append, lambda: self.chance)

    def happens(self, story: str) -> CircuitState:
        for event in story:
            if event in "+S":
                self.circuit.succeeded(slow=event == "S")
            else:
                self.circuit.failed(slow=event == "F")
        return self.circuit.state


@pytest.mark.parametrize(
    ("story", "state"),
    [
        ("", CircuitState.CLOSED),
        ("-" * (FAILURES_IN_A_ROW - 1), CircuitState.CLOSED),
        ("-" * FAILURES_IN_A_ROW, CircuitState.OPEN),
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
def test_it_opens_after_failures_in_a_row_or_when_too_many_calls_are_slow(story: str, state: CircuitState) -> None:
    assert Bench().happens(story) is state


def test_it_is_open_for_a_while_and_then_half_open_until_a_call_has_told_more() -> None:
    bench = Bench()
    assert bench.circuit.seconds_left == 0
    bench.happens("-----")
    assert bench.circuit.seconds_left == COOL_DOWN_SECONDS
    bench.clock.advance(COOL_DOWN_SECONDS - 1)
    assert (bench.circuit.state, bench.circuit.seconds_left) == (CircuitState.OPEN, 1)
    bench.clock.advance(1)
    assert (bench.circuit.state, bench.circuit.seconds_left) == (CircuitState.HALF_OPEN, 0)
    bench.clock.advance(1000)
    assert bench.circuit.state is CircuitState.HALF_OPEN
    bench.circuit.probing()
    assert bench.happens("+") is CircuitState.CLOSED
    assert bench.heard == [CircuitState.OPEN, CircuitState.HALF_OPEN, CircuitState.CLOSED]


def test_every_failed_probe_doubles_the_time_up_to_a_limit() -> None:
    bench, times = Bench(), []
    bench.happens("----")
    for _ in range(6):
        bench.happens("-")
        times.append(bench.circuit.seconds_left)
        bench.clock.advance(times[-1])
    assert times == [30, 60, 120, 240, MAX_COOL_DOWN_SECONDS, MAX_COOL_DOWN_SECONDS]


def test_an_account_that_opens_again_soon_after_is_left_alone_longer_one_that_has_been_well_is_not() -> None:
    bench = Bench()
    bench.happens("-----")
    bench.clock.advance(30)
    bench.happens("+++-----")
    assert bench.circuit.seconds_left == 60
    bench.clock.advance(60)
    bench.happens("++++++-----")
    assert bench.circuit.seconds_left == 30


def test_workers_that_open_together_do_not_probe_together() -> None:
    bench = Bench(chance=1.0)
    bench.happens("-----")
    assert bench.circuit.seconds_left == pytest.approx(33)


def test_slow_calls_from_before_it_opened_are_forgotten_when_it_closes() -> None:
    bench = Bench()
    bench.happens("S" * WATCHED_CALLS)
    bench.clock.advance(30)
    assert bench.happens("S" + "+" * 19) is CircuitState.CLOSED


def test_successes_count_until_a_failure_or_until_they_are_old() -> None:
    bench = Bench()
    bench.happens("+++")
    assert bench.circuit.successes_in_a_row == 3
    bench.clock.advance(IDLE_SECONDS)
    assert bench.circuit.successes_in_a_row == 3
    bench.clock.advance(0.5)
    assert bench.circuit.successes_in_a_row == 0
    bench.happens("+")
    assert bench.circuit.successes_in_a_row == 1
    bench.happens("+" * 100)
    assert bench.circuit.successes_in_a_row == MAX_SUCCESSES
    bench.happens("-")
    assert bench.circuit.successes_in_a_row == 0


def test_every_opening_is_another_epoch() -> None:
    bench = Bench()
    bench.happens("-----")
    assert bench.circuit.epoch == 1
    bench.clock.advance(30)
    bench.happens("-")
    assert bench.circuit.epoch == 2
