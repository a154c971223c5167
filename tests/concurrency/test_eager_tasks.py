"""Coroutines that are started at once run as tasks do."""

import asyncio
import gc
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, Final

import pytest

from harness.wires import in_virtual_time
from linkweave.concurrency.eager_tasks import MAX_STARTS, gather_eagerly, start_eagerly

NAME: Final[ContextVar[str]] = ContextVar("name", default="starter")


async def soon(value: str) -> str:
    return value


async def later(value: str) -> str:
    await asyncio.sleep(0)
    return value


async def failing() -> str:
    raise ValueError("refused")


async def failing_later() -> str:
    await asyncio.sleep(0)
    raise ValueError("refused")


async def test_what_waits_for_nothing_is_done_at_once() -> None:
    task = start_eagerly(soon("known"))
    assert task.done()
    assert await task == "known"


async def test_what_waits_goes_on_in_later_turns() -> None:
    task = start_eagerly(later("answer"))
    assert not task.done()
    assert await task == "answer"


@pytest.mark.parametrize("make", [failing, failing_later])
async def test_an_error_is_raised_where_the_task_is_awaited(make: Callable[[], Any]) -> None:
    task = start_eagerly(make())
    with pytest.raises(ValueError, match="refused"):
        await task


async def test_a_coroutine_has_the_context_of_its_starter_and_does_not_change_it() -> None:
    seen: list[str] = []

    async def story() -> None:
        seen.append(NAME.get())
        NAME.set("changed")
        await asyncio.sleep(0)
        seen.append(NAME.get())

    await start_eagerly(story())
    assert (seen, NAME.get()) == (["starter", "changed"], "starter")


def test_a_deadline_in_a_coroutine_ends_this_coroutine_alone() -> None:
    """It is set in the first step, and cancels the task that runs then."""

    async def limited() -> str:
        try:
            async with asyncio.timeout(1):
                await asyncio.sleep(60)
        except TimeoutError:
            return "timed out"
        return "slept"

    async def story() -> str:
        task = start_eagerly(limited())
        await asyncio.sleep(30)
        assert task.done()
        return await task

    assert in_virtual_time(story()) == "timed out"


async def test_the_current_task_is_the_one_of_the_coroutine() -> None:
    async def story() -> tuple[object, object]:
        first = asyncio.current_task()
        await asyncio.sleep(0)
        return first, asyncio.current_task()

    starter = asyncio.current_task()
    first, second = await start_eagerly(story())
    assert first is second is not starter
    assert asyncio.current_task() is starter


@pytest.mark.parametrize("turns", [0, 1])
async def test_a_cancelled_task_cancels_what_it_waits_for(turns: int) -> None:
    waiting, seen = asyncio.get_running_loop().create_future(), list[str]()

    async def story() -> None:
        try:
            await waiting
        except asyncio.CancelledError:
            seen.append("cancelled")
            raise

    task = start_eagerly(story())
    for _ in range(turns):
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (waiting.cancelled(), seen) == (True, ["cancelled"])


async def test_a_task_that_is_cancelled_at_once_may_go_on() -> None:
    async def story() -> str:
        try:
            await asyncio.sleep(0)
        except asyncio.CancelledError:
            return "cleaned up"
        return "never"

    task = start_eagerly(story())
    task.cancel()
    assert await task == "cleaned up"


async def test_a_coroutine_that_cancels_itself_is_cancelled() -> None:
    async def story() -> None:
        raise asyncio.CancelledError

    assert start_eagerly(story()).cancelled()


async def test_a_coroutine_that_cancels_its_own_task_and_ends_cancels_no_other() -> None:
    async def story() -> None:
        current = asyncio.current_task()
        assert current is not None
        current.cancel()

    await start_eagerly(story())
    assert await start_eagerly(later("answer")) == "answer"


async def test_coroutines_that_wait_have_tasks_and_contexts_of_their_own() -> None:
    """Also where others that ended at once were started before, between and in them."""

    async def story(name: str) -> tuple[str, object]:
        NAME.set(name)
        assert await start_eagerly(soon(name)) == name
        first = asyncio.current_task()
        await asyncio.sleep(0)
        assert start_eagerly(soon(name)).done()
        await asyncio.sleep(0)
        assert asyncio.current_task() is first
        return NAME.get(), first

    tasks = [start_eagerly(each) for name in "abc" for each in (soon(name), story(name))]
    ended = [await task for task in tasks]
    assert [name for name, _ in ended[1::2]] == list("abc")
    assert len({task for _, task in ended[1::2]}) == 3


async def test_a_coroutine_can_be_started_outside_of_tasks() -> None:
    started: list[asyncio.Future[str]] = []
    asyncio.get_running_loop().call_soon(lambda: started.append(start_eagerly(soon("known"))))
    await asyncio.sleep(0)
    assert await started[0] == "known"


async def test_the_event_loop_gets_its_turn_after_many_starts() -> None:
    async def nested(depth: int) -> int:
        return 0 if depth == 0 else 1 + await start_eagerly(nested(depth - 1))

    task = start_eagerly(nested(MAX_STARTS + 10))
    assert not task.done()
    assert await task == MAX_STARTS + 10


async def test_an_error_keeps_nothing_of_its_start_alive(caplog: pytest.LogCaptureFixture) -> None:
    task = start_eagerly(failing())
    error = task.exception()
    assert error is not None
    assert error.__traceback__ is not None
    assert error.__traceback__.tb_frame.f_code.co_name == "failing"
    del task, error
    gc.collect()
    assert not caplog.records


async def test_gathered_results_come_in_their_order() -> None:
    assert await gather_eagerly([soon("a"), soon("b")]) == ["a", "b"]
    assert await gather_eagerly([later("a"), soon("b"), later("c")]) == ["a", "b", "c"]


@pytest.mark.parametrize("make", [failing, failing_later])
async def test_the_first_error_of_several_is_raised(make: Callable[[], Any]) -> None:
    with pytest.raises(ValueError, match="refused"):
        await gather_eagerly([later("a"), make(), soon("b")])
