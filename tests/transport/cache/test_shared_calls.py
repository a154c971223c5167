"""Tasks that want the same answer at the same time share one call, and the trouble of one is not that of others."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import pytest

from harness.virtual_time import LoopClock
from harness.wires import in_virtual_time
from linkweave.context.call_context import current_priority
from linkweave.context.deadline import max_wait_seconds, remaining_seconds, use_deadline
from linkweave.errors import LocalRateLimitError, UnavailableError
from linkweave.observability import Observer
from linkweave.transport.cache.shared_calls import SharedCalls, WaitedTooLongError


@dataclass
class Vendor:
    """Answers after `seconds` with the number of the call, or fails."""

    seconds: float = 1.0
    failure: Exception | None = None
    asked: int = 0
    answered: int = 0
    had: list[tuple[float | None, float | None]] = field(default_factory=list)

    async def ask(self) -> int:
        self.asked += 1
        number = self.asked
        clock = LoopClock()
        self.had.append((max_wait_seconds(clock), remaining_seconds(clock)))
        await asyncio.sleep(self.seconds)
        self.answered += 1
        if self.failure is not None:
            raise self.failure
        return number


@dataclass
class Counting(Observer):
    shares: int = 0

    def result_shared(self, what: str) -> None:
        assert what == "call"
        self.shares += 1


def shared_calls(observer: Observer | None = None) -> SharedCalls[int]:
    return SharedCalls(LoopClock(), 5, observer or Observer())


def run(story: Callable[[SharedCalls[int]], Coroutine[Any, Any, Any]], calls: SharedCalls[int] | None = None) -> Any:
    return in_virtual_time(story(calls or shared_calls()))


def test_all_callers_that_come_during_a_call_get_its_answer() -> None:
    async def story(calls: SharedCalls[int]) -> list[int]:
        return await asyncio.gather(*(calls.join("a", vendor.ask) for _ in range(50)))

    vendor, observer = Vendor(), Counting()
    assert run(story, shared_calls(observer)) == [1] * 50
    assert observer.shares == 49


def test_another_key_and_a_later_caller_have_calls_of_their_own() -> None:
    async def story(calls: SharedCalls[int]) -> list[int]:
        together = await asyncio.gather(calls.join("a", vendor.ask), calls.join("b", vendor.ask))
        return [*together, await calls.join("a", vendor.ask)]

    vendor = Vendor()
    assert run(story) == [1, 2, 3]


def test_every_waiter_gets_an_instance_of_the_failure_of_its_own() -> None:
    async def story(calls: SharedCalls[int]) -> list[Any]:
        return await asyncio.gather(*(calls.join("a", vendor.ask) for _ in range(3)), return_exceptions=True)

    original = UnavailableError("no", account="main", operation="list links", provider_code="X", retry_after=3)
    vendor = Vendor(failure=original)
    errors = run(story)
    assert vendor.asked == 1
    assert len({id(error) for error in [original, *errors]}) == 4
    assert {(type(error), str(error), error.retry_after, error.provider_code) for error in errors} == {
        (UnavailableError, "no", 3, "X")
    }


def test_a_waiter_that_is_cancelled_does_not_disturb_the_others() -> None:
    async def story(calls: SharedCalls[int]) -> int:
        first, second = (asyncio.create_task(calls.join("a", vendor.ask)) for _ in range(2))
        await asyncio.sleep(0.5)
        first.cancel()
        return await second

    vendor = Vendor()
    assert run(story) == 1
    assert (vendor.asked, vendor.answered) == (1, 1)


def test_the_call_is_cancelled_with_its_last_waiter_and_the_next_caller_starts_another() -> None:
    async def story(calls: SharedCalls[int]) -> tuple[int, int]:
        callers = [asyncio.create_task(calls.join("a", vendor.ask)) for _ in range(2)]
        await asyncio.sleep(0.5)
        for caller in callers:
            caller.cancel()
        await asyncio.sleep(0)
        late = asyncio.create_task(calls.join("a", vendor.ask))
        await asyncio.wait(callers)
        return await late, len(asyncio.all_tasks())

    vendor = Vendor()
    assert run(story) == (2, 1)
    assert vendor.answered == 1


def test_a_waiter_leaves_at_its_deadline_and_the_call_goes_on_for_later_callers() -> None:
    async def hurried(calls: SharedCalls[int]) -> str:
        with use_deadline(0.5, clock), pytest.raises(WaitedTooLongError):
            await calls.join("a", vendor.ask)
        return f"left at {clock.monotonic()}"

    async def story(calls: SharedCalls[int]) -> tuple[str, int]:
        left = await hurried(calls)
        return left, await calls.join("a", vendor.ask)

    clock, vendor = LoopClock(), Vendor()
    assert run(story) == ("left at 0.5", 1)


def test_a_call_that_outlived_a_deadline_is_not_cancelled_with_a_later_waiter() -> None:
    async def story(calls: SharedCalls[int]) -> None:
        with use_deadline(0.5, clock), pytest.raises(WaitedTooLongError):
            await calls.join("a", vendor.ask)
        caller = asyncio.create_task(calls.join("a", vendor.ask))
        await asyncio.sleep(0.1)
        caller.cancel()
        await asyncio.sleep(1)

    clock, vendor = LoopClock(), Vendor()
    run(story)
    assert vendor.answered == 1


def test_a_call_must_be_sent_while_its_first_caller_waits_and_then_has_its_full_time() -> None:
    async def story(calls: SharedCalls[int]) -> None:
        with use_deadline(3, LoopClock()):
            await calls.join("a", vendor.ask)
        await calls.join("b", vendor.ask)

    vendor = Vendor()
    run(story)
    assert vendor.had == [(3, 8), (None, None)]


def held_back() -> LocalRateLimitError:
    return LocalRateLimitError("later", account="main", operation="list links", retry_after=4)


def test_a_waiter_with_more_time_makes_again_a_call_that_could_not_be_sent_in_time() -> None:
    async def impatient() -> int:
        left = max_wait_seconds(LoopClock())
        await asyncio.sleep(0.1)
        if left is not None and left < 5:
            raise held_back()
        return await vendor.ask()

    async def ask(calls: SharedCalls[int], seconds: float) -> int:
        with use_deadline(seconds, LoopClock()):
            return await calls.join("a", impatient)

    async def story(calls: SharedCalls[int]) -> list[Any]:
        return await asyncio.gather(*(ask(calls, seconds) for seconds in (2, 10, 1, 10)), return_exceptions=True)

    vendor = Vendor()
    first, second, third, fourth = run(story)
    assert (second, fourth) == (1, 1)
    assert [type(each) for each in (first, third)] == [LocalRateLimitError] * 2


def test_a_waiter_without_a_deadline_has_more_time_than_any_other() -> None:
    async def story(calls: SharedCalls[int]) -> int:
        with use_deadline(2, LoopClock()):
            hurried = asyncio.create_task(calls.join("a", refuse))
        await asyncio.sleep(0)
        patient = await calls.join("a", vendor.ask)
        with pytest.raises(LocalRateLimitError):
            await hurried
        return patient

    async def refuse() -> int:
        await asyncio.sleep(0.1)
        raise held_back()

    vendor = Vendor()
    assert run(story) == 1


def test_a_call_in_the_background_is_started_once_and_later_callers_join_it() -> None:
    async def story(calls: SharedCalls[int]) -> int:
        calls.start_in_background("a", vendor.ask, 10)
        calls.start_in_background("a", vendor.ask, 10)
        caller = asyncio.create_task(calls.join("a", vendor.ask))
        await asyncio.sleep(0.1)
        caller.cancel()
        await asyncio.sleep(0.1)
        return await calls.join("a", vendor.ask)

    vendor = Vendor()
    assert run(story) == 1
    assert vendor.had == [(10, 15)]


def test_a_call_in_the_background_has_its_priority_and_not_the_deadline_of_its_operation() -> None:
    async def ask() -> int:
        assert current_priority().background
        return await vendor.ask()

    async def story(calls: SharedCalls[int]) -> None:
        with use_deadline(0.1, LoopClock()):
            calls.start_in_background("a", ask, 10)
        await asyncio.sleep(2)

    vendor = Vendor()
    run(story)
    assert (vendor.had, vendor.answered) == ([(10, 15)], 1)


def test_a_call_has_the_context_of_its_first_waiter_and_one_in_the_background_has_an_empty_one() -> None:
    async def read() -> int:
        seen.append(number.get(None))
        return 0

    async def story(calls: SharedCalls[int]) -> None:
        number.set(1)
        await calls.join("a", read)
        calls.start_in_background("b", read, 10)
        await asyncio.sleep(1)

    seen: list[int | None] = []
    number: ContextVar[int | None] = ContextVar("number")
    run(story)
    assert seen == [1, None]


def test_only_an_unexpected_failure_of_a_call_without_waiters_is_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def story(calls: SharedCalls[int]) -> None:
        calls.start_in_background("a", Vendor(failure=held_back()).ask, 10)
        calls.start_in_background("b", Vendor(failure=ZeroDivisionError("oh")).ask, 10)
        await asyncio.sleep(2)

    with caplog.at_level(logging.INFO):
        run(story)
    (record,) = caplog.records
    assert (record.name, record.levelname) == ("linkweave", "ERROR")
    assert record.exc_info is not None
    assert record.exc_info[0] is ZeroDivisionError


def test_a_waiter_gets_an_unexpected_failure() -> None:
    async def story(calls: SharedCalls[int]) -> None:
        for failure in (ZeroDivisionError(), TimeoutError()):
            with pytest.raises(type(failure)):
                await calls.join("a", Vendor(failure=failure).ask)

    run(story)


def test_closing_cancels_all_calls() -> None:
    async def story(calls: SharedCalls[int]) -> int:
        calls.start_in_background("a", vendor.ask, 10)
        calls.start_in_background("b", vendor.ask, 10)
        await asyncio.sleep(0.1)
        await calls.close()
        return len(asyncio.all_tasks())

    vendor = Vendor()
    assert run(story) == 1
    assert (vendor.asked, vendor.answered) == (2, 0)
