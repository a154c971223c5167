"""A server that is down: who may ask, when, and what is logged."""

import pytest

from harness.emulators import ManualClock
from linkweave.storage.outage_backoff import (
    COMPLAINT_SECONDS,
    FIRST_PAUSE_SECONDS,
    LONGEST_PAUSE_SECONDS,
    ServerBackoff,
    StoreDownError,
)


def fail(outage: ServerBackoff, *, by_server: bool = True) -> str:
    """Ask, and fail; what is said of it."""
    with pytest.raises(StoreDownError) as caught, outage.attempt():
        raise StoreDownError("no answer", by_server=by_server)
    return str(caught.value)


def succeed(outage: ServerBackoff) -> None:
    with outage.attempt():
        pass


def test_after_a_failure_nobody_asks_until_the_pause_is_over() -> None:
    clock = ManualClock()
    outage = ServerBackoff("cache:6379", clock)
    assert (fail(outage), fail(outage)) == ("no answer", "cache:6379 is down")
    assert (outage.lasts, outage.next_check_in) == (True, FIRST_PAUSE_SECONDS)
    clock.advance(FIRST_PAUSE_SECONDS)
    assert outage.next_check_in == 0
    succeed(outage)
    assert (outage.lasts, outage.next_check_in) == (False, 0)
    succeed(outage)


def test_pauses_grow_to_a_bound_and_begin_anew_after_a_success() -> None:
    clock = ManualClock()
    outage = ServerBackoff("cache:6379", clock)
    pauses = []
    for _ in range(5):
        fail(outage)
        pauses.append(outage.next_check_in)
        clock.advance(outage.next_check_in)
    assert pauses == [1, 2, 4, LONGEST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS]
    succeed(outage)
    fail(outage)
    assert outage.next_check_in == FIRST_PAUSE_SECONDS


def test_one_at_a_time_looks_again() -> None:
    clock = ManualClock()
    outage = ServerBackoff("cache:6379", clock)
    fail(outage)
    clock.advance(FIRST_PAUSE_SECONDS)
    with outage.attempt():
        assert fail(outage) == "cache:6379 is down"
    succeed(outage)


def test_one_who_looks_and_is_cancelled_leaves_it_to_the_next() -> None:
    clock = ManualClock()
    outage = ServerBackoff("cache:6379", clock)
    fail(outage)
    clock.advance(FIRST_PAUSE_SECONDS)
    with pytest.raises(KeyboardInterrupt), outage.attempt():
        raise KeyboardInterrupt
    assert outage.lasts
    succeed(outage)
    assert not outage.lasts


def test_failures_of_what_was_asked_together_count_once() -> None:
    clock = ManualClock()
    outage = ServerBackoff("cache:6379", clock)
    earlier = outage.attempt()
    earlier.__enter__()
    fail(outage)
    clock.advance(0.5)
    error = StoreDownError("no answer either")
    assert not earlier.__exit__(StoreDownError, error, None)
    assert outage.next_check_in == FIRST_PAUSE_SECONDS - 0.5


def test_an_answer_to_what_was_asked_before_does_not_end_it() -> None:
    outage = ServerBackoff("cache:6379", ManualClock())
    with outage.attempt():
        fail(outage)
    assert outage.lasts


def test_what_this_process_was_too_slow_for_says_nothing_of_the_server() -> None:
    clock = ManualClock()
    outage = ServerBackoff("cache:6379", clock)
    fail(outage, by_server=False)
    assert not outage.lasts
    fail(outage)
    clock.advance(FIRST_PAUSE_SECONDS)
    fail(outage, by_server=False)
    assert (outage.lasts, outage.next_check_in) == (True, 0)


def test_going_down_and_coming_back_are_logged_once_each(caplog: pytest.LogCaptureFixture) -> None:
    clock = ManualClock()
    outage = ServerBackoff("cache:6379", clock)
    for _ in range(4):
        fail(outage)
        clock.advance(LONGEST_PAUSE_SECONDS)
    succeed(outage)
    succeed(outage)
    assert [record.getMessage() for record in caplog.records] == [
        "storage: no answer; going on without what workers share",
        "storage: cache:6379 is back",
    ]


def test_refusals_are_logged_now_and_then(caplog: pytest.LogCaptureFixture) -> None:
    clock = ManualClock()
    outage = ServerBackoff("cache:6379", clock)
    for _ in range(3):
        outage.complain("OutOfMemoryError")
    clock.advance(COMPLAINT_SECONDS + 1)
    outage.complain("OutOfMemoryError")
    assert [record.getMessage() for record in caplog.records] == ["storage: cache:6379 refuses: OutOfMemoryError"] * 2
