"""Tasks that an operation starts end with it if it is cancelled."""

import asyncio
import gc

from linkweave.context.operation_context import OperationContext, use_operation
from linkweave.context.task_group import cancel_tasks, track_task


async def forever() -> None:
    await asyncio.Event().wait()


async def turns() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_tracked_tasks_are_cancelled_with_their_operation() -> None:
    tasks: list[asyncio.Task[None]] = []

    with use_operation(OperationContext(tasks=set())):
        for _ in range(3):
            tasks.append(asyncio.create_task(forever()))
            track_task(tasks[-1])
        track_task(None)
        cancel_tasks()
    await turns()
    assert [task.cancelled() for task in tasks] == [True, True, True]


async def test_a_task_that_has_ended_is_tracked_no_longer() -> None:
    with use_operation(OperationContext(tasks=set())) as operation:
        track_task(asyncio.create_task(turns()))
        assert operation.tasks
        await turns()
        await turns()
        assert operation.tasks == set()


async def test_a_task_that_is_tracked_outside_of_operations_goes_on() -> None:
    task = asyncio.create_task(forever())
    track_task(task)
    cancel_tasks()
    await turns()
    assert not task.done()
    task.cancel()


async def test_what_a_tracked_task_without_waiters_raises_is_not_logged() -> None:
    complaints: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))

    async def fail() -> None:
        raise ZeroDivisionError

    track_task(asyncio.create_task(fail()))
    await turns()
    gc.collect()
    assert complaints == []
