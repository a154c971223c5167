"""Deadlines: they travel with the task, and the nearest one counts."""

import asyncio

import pytest

from harness.emulators import ManualClock
from linkweave.transport.context.deadline import deadline, max_wait_seconds, own_deadline, remaining


def test_without_a_deadline_there_is_no_end() -> None:
    assert remaining(ManualClock()) is None


def test_what_remains_shrinks_to_nothing_and_not_below() -> None:
    clock = ManualClock()
    with deadline(10, clock):
        assert remaining(clock) == 10
        clock.advance(7)
        assert remaining(clock) == 3
        clock.advance(7)
        assert remaining(clock) == 0
    assert remaining(clock) is None


@pytest.mark.parametrize(("outer", "inner", "left"), [(10, 5, 5), (5, 10, 5), (5, 5, 5)])
def test_the_nearer_of_two_deadlines_counts_inside_and_the_outer_one_after(
    outer: float, inner: float, left: float
) -> None:
    clock = ManualClock()
    with deadline(outer, clock):
        with deadline(inner, clock):
            assert remaining(clock) == left
        assert remaining(clock) == outer


def test_a_deadline_ends_with_its_block_even_when_that_fails() -> None:
    clock = ManualClock()
    with pytest.raises(ZeroDivisionError), deadline(10, clock):
        raise ZeroDivisionError
    assert remaining(clock) is None


async def test_a_deadline_reaches_the_tasks_that_its_operation_starts_and_no_others() -> None:
    async def look() -> float | None:
        return remaining(clock)

    clock = ManualClock()
    with deadline(10, clock):
        inside = asyncio.create_task(look())
    outside = asyncio.create_task(look())
    assert (await inside, await outside) == (10, None)


def test_a_call_of_its_own_must_leave_while_its_asker_waits_and_has_its_full_time_then() -> None:
    clock = ManualClock()
    with deadline(2, clock):
        with own_deadline(remaining(clock), 5, clock):
            assert (max_wait_seconds(clock), remaining(clock)) == (2, 7)
            clock.advance(3)
            assert (max_wait_seconds(clock), remaining(clock)) == (0, 4)
            with deadline(1, clock):
                assert (max_wait_seconds(clock), remaining(clock)) == (0, 1)
        assert (max_wait_seconds(clock), remaining(clock)) == (0, 0)


def test_without_a_deadline_a_call_of_its_own_has_none_either() -> None:
    clock = ManualClock()
    with own_deadline(None, 5, clock):
        assert (max_wait_seconds(clock), remaining(clock)) == (None, None)


def test_patience_ends_with_the_deadline() -> None:
    clock = ManualClock()
    with own_deadline(10, 5, clock), deadline(3, clock):
        assert max_wait_seconds(clock) == 3
