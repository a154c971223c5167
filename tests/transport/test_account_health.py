"""The health of an account after a series of answers and failures."""

import pytest

from harness.emulators import NOW, ManualClock
from linkweave.errors import NotFoundError, UnauthenticatedError, UnavailableError, VendorError
from linkweave.transport.health import CircuitState, Health, HealthState


def error(kind: type[VendorError] = UnavailableError) -> VendorError:
    return kind("no", account="main", operation="list links")


def health_after(story: str) -> Health:
    """`+` is an answer, `-` a failure, `!` refused credentials."""
    health = Health(ManualClock())
    for event in story:
        if event == "+":
            health.record_success()
        else:
            health.record_failure(error(UnauthenticatedError if event == "!" else UnavailableError))
    return health


@pytest.mark.parametrize(
    ("story", "state"),
    [
        ("", HealthState.UNKNOWN),
        ("+", HealthState.UP),
        ("-", HealthState.DEGRADED),
        ("+-", HealthState.DEGRADED),
        ("--", HealthState.DEGRADED),
        ("---", HealthState.DOWN),
        ("----", HealthState.DOWN),
        ("---+", HealthState.UP),
        ("---+-", HealthState.DEGRADED),
        ("!", HealthState.DOWN),
        ("!+", HealthState.UP),
        ("!+-", HealthState.DEGRADED),
    ],
)
def test_the_latest_answers_decide_the_state(story: str, state: HealthState) -> None:
    health = health_after(story)
    assert health.state is state
    assert health.calls == len(story)


def test_the_last_success_and_the_last_error_are_stored() -> None:
    clock = ManualClock()
    health = Health(clock)
    assert (health.last_success_at, health.last_error) == (None, None)
    health.record_success()
    clock.advance(60)
    failure = error(NotFoundError)
    health.record_failure(failure)
    assert (health.last_success_at, health.last_error, health.consecutive_failures) == (NOW, failure, 1)


def test_without_a_breaker_the_circuit_is_closed() -> None:
    assert health_after("---").circuit is CircuitState.CLOSED


@pytest.mark.parametrize("circuit", [CircuitState.OPEN, CircuitState.HALF_OPEN])
def test_an_account_whose_circuit_is_not_closed_is_down_whatever_it_answered_last(circuit: CircuitState) -> None:
    health = Health(ManualClock(), lambda: circuit)
    assert (health.circuit, health.state) == (circuit, HealthState.DOWN)
    health.record_success()
    assert health.state is HealthState.DOWN


def test_an_unusable_answer_is_a_failure_and_is_reported_to_the_breaker() -> None:
    reported: list[bool] = []
    health = Health(ManualClock(), on_unusable_answer=lambda: reported.append(True))
    health.record_success()
    unusable = error()
    health.record_unusable_answer(unusable)
    assert (health.state, health.last_error, health.calls, reported) == (HealthState.DEGRADED, unusable, 1, [True])
    health_after("+").record_unusable_answer(unusable)
