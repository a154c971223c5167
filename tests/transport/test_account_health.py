"""What is said of an account's health after which answers."""

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
            health.succeeded()
        else:
            health.failed(error(UnauthenticatedError if event == "!" else UnavailableError))
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


def test_the_last_success_and_the_last_error_are_remembered() -> None:
    clock = ManualClock()
    health = Health(clock)
    assert (health.last_success_at, health.last_error) == (None, None)
    health.succeeded()
    clock.advance(60)
    failure = error(NotFoundError)
    health.failed(failure)
    assert health.last_success_at == NOW
    assert health.last_error is failure
    assert health.failures_in_a_row == 1


def test_without_a_breaker_every_account_is_called() -> None:
    assert health_after("---").circuit is CircuitState.CLOSED


@pytest.mark.parametrize("circuit", [CircuitState.OPEN, CircuitState.HALF_OPEN])
def test_an_account_that_is_not_called_is_down_whatever_it_answered_last(circuit: CircuitState) -> None:
    health = Health(ManualClock(), lambda: circuit)
    assert (health.circuit, health.state) == (circuit, HealthState.DOWN)
    health.succeeded()
    assert health.state is HealthState.DOWN


def test_an_answer_that_nobody_can_read_is_a_failure_and_told_to_the_breaker() -> None:
    told: list[bool] = []
    health = Health(ManualClock(), on_misread=lambda: told.append(True))
    health.succeeded()
    unreadable = error()
    health.misread(unreadable)
    assert (health.state, health.last_error, health.calls, told) == (HealthState.DEGRADED, unreadable, 1, [True])
    health_after("+").misread(unreadable)
