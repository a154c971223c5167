"""Of all who ask for the same at the same moment, one asks; nobody's trouble is another one's."""

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
    """Takes `seconds`, then answers with how often it was asked, or fails."""

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

    def shared(self, what: str) -> None:
        assert what == "call"
        self.shares += 1


def flights(observer: Observer | None = None) -> SharedCalls[int]:
    return SharedCalls(LoopClock(), 5, observer or Observer())


def run(story: Callable[[SharedCalls[int]], Coroutine[Any, Any, Any]], over: SharedCalls[int] | None = None) -> Any:
    return in_virtual_time(story(over or flights()))


def test_all_who_ask_while_a_call_is_under_way_get_its_answer() -> None:
    async def story(over: SharedCalls[int]) -> list[int]:
        return await asyncio.gather(*(over.join("a", vendor.ask) for _ in range(50)))

    vendor, observer = Vendor(), Counting()
    assert run(story, flights(observer)) == [1] * 50
    assert observer.shares == 49


def test_another_question_and_a_later_one_are_calls_of_their_own() -> None:
    async def story(over: SharedCalls[int]) -> list[int]:
        together = await asyncio.gather(over.join("a", vendor.ask), over.join("b", vendor.ask))
        return [*together, await over.join("a", vendor.ask)]

    vendor = Vendor()
    assert run(story) == [1, 2, 3]


def test_a_failure_is_everybodys_and_each_gets_an_instance_of_its_own() -> None:
    async def story(over: SharedCalls[int]) -> list[Any]:
        return await asyncio.gather(*(over.join("a", vendor.ask) for _ in range(3)), return_exceptions=True)

    original = UnavailableError("no", account="main", operation="list links", provider_code="X", retry_after=3)
    vendor = Vendor(failure=original)
    errors = run(story)
    assert vendor.asked == 1
    assert len({id(error) for error in [original, *errors]}) == 4
    assert {(type(error), str(error), error.retry_after, error.provider_code) for error in errors} == {
        (UnavailableError, "no", 3, "X")
    }


def test_one_who_is_cancelled_does_not_touch_the_others() -> None:
    async def story(over: SharedCalls[int]) -> int:
        first, second = (asyncio.create_task(over.join("a", vendor.ask)) for _ in range(2))
        await asyncio.sleep(0.5)
        first.cancel()
        return await second

    vendor = Vendor()
    assert run(story) == 1
    assert (vendor.asked, vendor.answered) == (1, 1)


def test_when_the_last_one_is_cancelled_the_call_is_at_once_and_who_comes_then_starts_another() -> None:
    async def story(over: SharedCalls[int]) -> tuple[int, int]:
        askers = [asyncio.create_task(over.join("a", vendor.ask)) for _ in range(2)]
        await asyncio.sleep(0.5)
        for asker in askers:
            asker.cancel()
        await asyncio.sleep(0)
        late = asyncio.create_task(over.join("a", vendor.ask))
        await asyncio.wait(askers)
        return await late, len(asyncio.all_tasks())

    vendor = Vendor()
    assert run(story) == (2, 1)
    assert vendor.answered == 1


def test_one_whose_time_is_up_leaves_and_the_call_goes_on_for_the_others_and_for_whoever_comes() -> None:
    async def hurried(over: SharedCalls[int]) -> str:
        with use_deadline(0.5, clock), pytest.raises(WaitedTooLongError):
            await over.join("a", vendor.ask)
        return f"left at {clock.monotonic()}"

    async def story(over: SharedCalls[int]) -> tuple[str, int]:
        left = await hurried(over)
        return left, await over.join("a", vendor.ask)

    clock, vendor = LoopClock(), Vendor()
    assert run(story) == ("left at 0.5", 1)


def test_a_call_that_outlives_its_waiter_is_not_cancelled_by_the_next_one_who_goes() -> None:
    async def story(over: SharedCalls[int]) -> None:
        with use_deadline(0.5, clock), pytest.raises(WaitedTooLongError):
            await over.join("a", vendor.ask)
        asker = asyncio.create_task(over.join("a", vendor.ask))
        await asyncio.sleep(0.1)
        asker.cancel()
        await asyncio.sleep(1)

    clock, vendor = LoopClock(), Vendor()
    run(story)
    assert vendor.answered == 1


def test_a_call_must_leave_while_its_starter_waits_and_has_its_full_time_then() -> None:
    async def story(over: SharedCalls[int]) -> None:
        with use_deadline(3, LoopClock()):
            await over.join("a", vendor.ask)
        await over.join("b", vendor.ask)

    vendor = Vendor()
    run(story)
    assert vendor.had == [(3, 8), (None, None)]


def held_back() -> LocalRateLimitError:
    return LocalRateLimitError("later", account="main", operation="list links", retry_after=4)


def test_who_has_more_time_tries_again_where_the_call_could_not_leave_in_time_for_its_starter() -> None:
    async def impatient() -> int:
        left = max_wait_seconds(LoopClock())
        await asyncio.sleep(0.1)
        if left is not None and left < 5:
            raise held_back()
        return await vendor.ask()

    async def ask(over: SharedCalls[int], seconds: float) -> int:
        with use_deadline(seconds, LoopClock()):
            return await over.join("a", impatient)

    async def story(over: SharedCalls[int]) -> list[Any]:
        return await asyncio.gather(*(ask(over, seconds) for seconds in (2, 10, 1, 10)), return_exceptions=True)

    vendor = Vendor()
    first, second, third, fourth = run(story)
    assert (second, fourth) == (1, 1)
    assert [type(each) for each in (first, third)] == [LocalRateLimitError] * 2


def test_one_without_a_deadline_has_more_time_than_any_other() -> None:
    async def story(over: SharedCalls[int]) -> int:
        with use_deadline(2, LoopClock()):
            hurried = asyncio.create_task(over.join("a", refuse))
        await asyncio.sleep(0)
        patient = await over.join("a", vendor.ask)
        with pytest.raises(LocalRateLimitError):
            await hurried
        return patient

    async def refuse() -> int:
        await asyncio.sleep(0.1)
        raise held_back()

    vendor = Vendor()
    assert run(story) == 1


def test_behind_starts_what_nobody_waits_for_once_and_who_comes_joins_it() -> None:
    async def story(over: SharedCalls[int]) -> int:
        over.start_in_background("a", vendor.ask, 10)
        over.start_in_background("a", vendor.ask, 10)
        asker = asyncio.create_task(over.join("a", vendor.ask))
        await asyncio.sleep(0.1)
        asker.cancel()
        await asyncio.sleep(0.1)
        return await over.join("a", vendor.ask)

    vendor = Vendor()
    assert run(story) == 1
    assert vendor.had == [(10, 15)]


def test_what_goes_on_behind_leaves_after_all_callers_and_knows_nothing_of_the_operation_that_caused_it() -> None:
    async def ask() -> int:
        assert current_priority().background
        return await vendor.ask()

    async def story(over: SharedCalls[int]) -> None:
        with use_deadline(0.1, LoopClock()):
            over.start_in_background("a", ask, 10)
        await asyncio.sleep(2)

    vendor = Vendor()
    run(story)
    assert (vendor.had, vendor.answered) == ([(10, 15)], 1)


def test_a_call_has_the_context_of_its_first_waiter_and_one_in_the_background_has_an_empty_one() -> None:
    async def read() -> int:
        seen.append(number.get(None))
        return 0

    async def story(over: SharedCalls[int]) -> None:
        number.set(1)
        await over.join("a", read)
        over.start_in_background("b", read, 10)
        await asyncio.sleep(1)

    seen: list[int | None] = []
    number: ContextVar[int | None] = ContextVar("number")
    run(story)
    assert seen == [1, None]


def test_a_failure_that_nobody_waits_for_is_nobodys_and_one_that_nobody_expected_is_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def story(over: SharedCalls[int]) -> None:
        over.start_in_background("a", Vendor(failure=held_back()).ask, 10)
        over.start_in_background("b", Vendor(failure=ZeroDivisionError("oh")).ask, 10)
        await asyncio.sleep(2)

    with caplog.at_level(logging.INFO):
        run(story)
    (record,) = caplog.records
    assert (record.name, record.levelname) == ("linkweave", "ERROR")
    assert record.exc_info is not None
    assert record.exc_info[0] is ZeroDivisionError


def test_what_nobody_expected_is_raised_to_who_waits() -> None:
    async def story(over: SharedCalls[int]) -> None:
        for failure in (ZeroDivisionError(), TimeoutError()):
            with pytest.raises(type(failure)):
                await over.join("a", Vendor(failure=failure).ask)

    run(story)


def test_closing_ends_what_is_under_way() -> None:
    async def story(over: SharedCalls[int]) -> int:
        over.start_in_background("a", vendor.ask, 10)
        over.start_in_background("b", vendor.ask, 10)
        await asyncio.sleep(0.1)
        await over.close()
        return len(asyncio.all_tasks())

    vendor = Vendor()
    assert run(story) == 1
    assert (vendor.asked, vendor.answered) == (2, 0)
