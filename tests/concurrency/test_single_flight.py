"""What is left of a shared task when its waiters have left, and when it has finished."""

import asyncio
import gc
from weakref import ref

from harness.wires import in_virtual_time
from linkweave.concurrency.single_flight import SharedTask, SharedTasks


def test_close_returns_when_tasks_whose_waiters_have_left_have_ended_too() -> None:
    async def end_slowly() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(1)

    async def story() -> bool:
        tasks = SharedTasks[SharedTask[None]]()
        shared = tasks.join("a", lambda: SharedTask(asyncio.create_task(end_slowly())))
        await asyncio.sleep(0.5)
        tasks.leave("a", shared)
        await asyncio.sleep(0.5)
        assert not shared.task.done()
        await tasks.close()
        return shared.task.done()

    assert in_virtual_time(story())


def test_nothing_refers_to_a_finished_task() -> None:
    async def story() -> asyncio.Future[None] | None:
        tasks = SharedTasks[SharedTask[None]]()
        shared = tasks.join("a", lambda: SharedTask(asyncio.create_task(asyncio.sleep(1))))
        await shared.task
        tasks.leave("a", shared)
        finished = ref(shared.task)
        del shared
        # The loop itself holds the task until this turn, in which it woke its waiter, is over.
        await asyncio.sleep(0)
        gc.collect()
        assert "a" not in tasks
        return finished()

    assert in_virtual_time(story()) is None
