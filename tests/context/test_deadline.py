"""Deadlines: they travel with the task, and the nearest one counts."""

import asyncio

import pytest

from harness.emulators import ManualClock
from linkweave.context.call_context import CallContext, use_call
from linkweave.context.deadline import max_wait_seconds, remaining_seconds, use_deadline
from linkweave.context.operation_context import OperationContext, use_operation


def test_without_a_deadline_there_is_no_end() -> None:
    assert remaining_seconds(ManualClock()) is None


def test_what_remains_shrinks_to_nothing_and_not_below() -> None:
    clock = ManualClock()
    with use_deadline(10, clock):
        assert remaining_seconds(clock) == 10
        clock.advance(7)
        assert remaining_seconds(clock) == 3
        clock.advance(7)
        assert remaining_seconds(clock) == 0
    assert remaining_seconds(clock) is None


@pytest.mark.parametrize(("outer", "inner", "left"), [(10, 5, 5), (5, 10, 5), (5, 5, 5)])
def test_the_nearer_of_two_deadlines_counts_inside_and_the_outer_one_after(
    outer: float, inner: float, left: float
) -> None:
    clock = ManualClock()
    with use_deadline(outer, clock):
        with use_deadline(inner, clock):
            assert remaining_seconds(clock) == left
        assert remaining_seconds(clock) == outer


def test_a_deadline_ends_with_its_block_even_when_that_fails() -> None:
    clock = ManualClock()
    with pytest.raises(ZeroDivisionError), use_deadline(10, clock):
        raise ZeroDivisionError
    assert remaining_seconds(clock) is None


async def test_a_deadline_reaches_the_tasks_that_its_operation_starts_and_no_others() -> None:
    async def look() -> float | None:
        return remaining_seconds(clock)

    clock = ManualClock()
    with use_deadline(10, clock):
        inside = asyncio.create_task(look())
    outside = asyncio.create_task(look())
    assert (await inside, await outside) == (10, None)


@pytest.mark.parametrize(
    ("deadline", "send_by", "left"),
    [(None, None, (None, None)), (7, None, (7, 7)), (7, 2, (2, 7)), (1, 2, (1, 1)), (None, 2, (2, None))],
)
def test_a_call_waits_until_it_must_be_sent_and_never_beyond_the_deadline(
    deadline: float | None, send_by: float | None, left: tuple[float | None, float | None]
) -> None:
    clock = ManualClock()
    start = clock.monotonic()
    operation = OperationContext(deadline=None if deadline is None else start + deadline)
    call = CallContext(send_by=None if send_by is None else start + send_by)
    with use_operation(operation), use_call(call):
        assert (max_wait_seconds(clock), remaining_seconds(clock)) == left
        clock.advance(3)
        expected = tuple(None if seconds is None else max(0, seconds - 3) for seconds in left)
        assert (max_wait_seconds(clock), remaining_seconds(clock)) == expected
