"""While a server is down, few attempts are made to reach it, and few lines are logged."""

import pytest

from harness.emulators import ManualClock
from linkweave.storage.outage_backoff import (
    FIRST_PAUSE_SECONDS,
    LOG_AGAIN_SECONDS,
    MAX_PAUSE_SECONDS,
    ServerBackoff,
)
from linkweave.storage.outages import Outage, OutageKind, StoreDownError


def fail(backoff: ServerBackoff, *, by_server: bool = True) -> str:
    """Makes an attempt that fails, and returns the message of its error."""
    with pytest.raises(StoreDownError) as caught, backoff.attempt():
        raise StoreDownError("no answer", by_server=by_server)
    return str(caught.value)


def succeed(backoff: ServerBackoff) -> None:
    with backoff.attempt():
        pass


def test_after_a_failure_no_attempt_is_made_until_the_pause_is_over() -> None:
    clock = ManualClock()
    backoff = ServerBackoff("cache:6379", clock)
    assert (fail(backoff), fail(backoff)) == ("no answer", "cache:6379 is down")
    assert (backoff.is_down, backoff.next_check_in) == (True, FIRST_PAUSE_SECONDS)
    clock.advance(FIRST_PAUSE_SECONDS)
    assert backoff.next_check_in == 0
    succeed(backoff)
    assert (backoff.is_down, backoff.next_check_in) == (False, 0)
    succeed(backoff)


def test_pauses_grow_to_a_maximum_and_start_again_after_a_success() -> None:
    clock = ManualClock()
    backoff = ServerBackoff("cache:6379", clock)
    pauses = []
    for _ in range(5):
        fail(backoff)
        pauses.append(backoff.next_check_in)
        clock.advance(backoff.next_check_in)
    assert pauses == [1, 2, 4, MAX_PAUSE_SECONDS, MAX_PAUSE_SECONDS]
    succeed(backoff)
    fail(backoff)
    assert backoff.next_check_in == FIRST_PAUSE_SECONDS


def test_one_caller_at_a_time_tries_again() -> None:
    clock = ManualClock()
    backoff = ServerBackoff("cache:6379", clock)
    fail(backoff)
    clock.advance(FIRST_PAUSE_SECONDS)
    with backoff.attempt():
        assert fail(backoff) == "cache:6379 is down"
    succeed(backoff)


def test_after_an_attempt_that_is_cancelled_the_next_caller_tries() -> None:
    clock = ManualClock()
    backoff = ServerBackoff("cache:6379", clock)
    fail(backoff)
    clock.advance(FIRST_PAUSE_SECONDS)
    with pytest.raises(KeyboardInterrupt), backoff.attempt():
        raise KeyboardInterrupt
    assert backoff.is_down
    succeed(backoff)
    assert not backoff.is_down


def test_failures_of_attempts_at_the_same_time_count_once() -> None:
    clock = ManualClock()
    backoff = ServerBackoff("cache:6379", clock)
    earlier = backoff.attempt()
    earlier.__enter__()
    fail(backoff)
    clock.advance(0.5)
    error = StoreDownError("no answer either")
    assert not earlier.__exit__(StoreDownError, error, None)
    assert backoff.next_check_in == FIRST_PAUSE_SECONDS - 0.5


def test_an_attempt_from_before_the_outage_does_not_end_it() -> None:
    backoff = ServerBackoff("cache:6379", ManualClock())
    with backoff.attempt():
        fail(backoff)
    assert backoff.is_down


def test_a_failure_of_a_busy_process_says_nothing_about_the_server() -> None:
    clock = ManualClock()
    backoff = ServerBackoff("cache:6379", clock)
    fail(backoff, by_server=False)
    assert not backoff.is_down
    fail(backoff)
    clock.advance(FIRST_PAUSE_SECONDS)
    fail(backoff, by_server=False)
    assert (backoff.is_down, backoff.next_check_in) == (True, 0)


def test_an_outage_and_its_end_are_logged_once_each(caplog: pytest.LogCaptureFixture) -> None:
    clock = ManualClock()
    backoff = ServerBackoff("cache:6379", clock)
    for _ in range(4):
        fail(backoff)
        clock.advance(MAX_PAUSE_SECONDS)
    succeed(backoff)
    succeed(backoff)
    assert [record.getMessage() for record in caplog.records] == [
        "storage: no answer; going on without what workers share",
        "storage: cache:6379 is back",
    ]


def test_each_change_is_reported_and_logged_and_says_why(caplog: pytest.LogCaptureFixture) -> None:
    clock = ManualClock()
    reported: list[str | None] = []
    backoff = ServerBackoff("cache:6379", clock, reported.append)
    gone, replica = Outage(OutageKind.UNREACHABLE, "is gone"), Outage(OutageKind.REFUSING, "is a replica")
    for outage in (gone, gone, replica, replica, gone):
        with pytest.raises(StoreDownError), backoff.attempt():
            raise StoreDownError(f"cache:6379 {outage.reason}", outage)
        assert backoff.outage == outage
        clock.advance(MAX_PAUSE_SECONDS)
    succeed(backoff)
    assert backoff.outage is None
    assert reported == ["is gone", "is a replica", "is gone", None]
    assert [record.getMessage().partition(";")[0] for record in caplog.records] == [
        "storage: cache:6379 is gone",
        "storage: cache:6379 is a replica",
        "storage: cache:6379 is gone",
        "storage: cache:6379 is back",
    ]


def test_during_a_pause_the_error_says_why_and_for_how_long() -> None:
    clock = ManualClock()
    backoff = ServerBackoff("cache:6379", clock)
    replica = Outage(OutageKind.REFUSING, "is a replica")
    with pytest.raises(StoreDownError), backoff.attempt():
        raise StoreDownError("no", replica)
    clock.advance(FIRST_PAUSE_SECONDS / 4)
    with pytest.raises(StoreDownError) as caught, backoff.attempt():
        pass
    assert (caught.value.outage, caught.value.retry_after) == (replica, FIRST_PAUSE_SECONDS * 3 / 4)


def test_refusals_are_logged_once_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    clock = ManualClock()
    backoff = ServerBackoff("cache:6379", clock)
    for _ in range(3):
        backoff.log_refusal("refuses: OutOfMemoryError")
    clock.advance(LOG_AGAIN_SECONDS + 1)
    backoff.log_refusal("refuses: OutOfMemoryError")
    assert [record.getMessage() for record in caplog.records] == ["storage: cache:6379 refuses: OutOfMemoryError"] * 2
