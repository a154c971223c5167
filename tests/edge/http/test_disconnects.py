"""When its client disconnects, an app is cancelled, with every task that it has started."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import pytest
from starlette.types import Message, Receive, Scope, Send

from linkweave.context.operation_context import OperationContext, use_operation
from linkweave.context.task_group import track_task
from linkweave.edge.http.disconnects import finishes_before_disconnect, run_for_client

SCOPE: Scope = {"type": "http", "method": "POST", "headers": []}
GONE: Message = {"type": "http.disconnect"}
HELLO: Message = {"type": "http.response.body", "body": b"hello"}


@dataclass
class Client:
    """A client whose request was read, and that disconnects once `gone` is set."""

    gone: asyncio.Event = field(default_factory=asyncio.Event)
    got: list[Message] = field(default_factory=list)
    last_word: Message = field(default_factory=lambda: GONE)

    async def receive(self) -> Message:
        await self.gone.wait()
        return self.last_word

    async def send(self, message: Message) -> None:
        self.got.append(message)


async def forever() -> None:
    await asyncio.Event().wait()


async def turns() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def run(client: Client, app: Callable[[Scope, Receive, Send], Awaitable[None]]) -> "asyncio.Task[None]":
    task = asyncio.ensure_future(run_for_client(app, SCOPE, client.receive, client.send))
    await turns()
    return task


async def test_an_app_that_answers_is_not_cancelled() -> None:
    client = Client()

    async def app(_: Scope, __: Receive, send: Send) -> None:
        await send(HELLO)

    await (await run(client, app))
    assert client.got == [HELLO]


async def test_an_app_is_cancelled_and_has_ended_when_its_client_disconnects() -> None:
    client, ended = Client(), asyncio.Event()

    async def app(_: Scope, __: Receive, ___: Send) -> None:
        try:
            await forever()
        finally:
            await asyncio.sleep(0)
            ended.set()

    task = await run(client, app)
    client.gone.set()
    await task
    assert ended.is_set()
    assert client.got == []


async def test_tasks_that_an_app_has_started_are_cancelled_when_its_client_disconnects() -> None:
    client, tasks = Client(), list[asyncio.Task[None]]()

    async def app(_: Scope, __: Receive, ___: Send) -> None:
        tasks.append(asyncio.create_task(forever()))
        track_task(tasks[0])
        await forever()

    with use_operation(OperationContext(tasks=set())):
        task = await run(client, app)
    client.gone.set()
    await task
    await turns()
    assert tasks[0].cancelled()


async def test_an_app_that_waits_for_its_client_to_disconnect_is_cancelled_too() -> None:
    client, received = Client(), list[Message]()

    async def app(_: Scope, receive: Receive, __: Send) -> None:
        received.append(await receive())

    task = await run(client, app)
    client.gone.set()
    await task
    assert received == []


async def test_an_error_of_an_app_is_raised() -> None:
    async def app(_: Scope, __: Receive, ___: Send) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await (await run(Client(), app))


async def test_an_app_is_cancelled_with_the_task_that_runs_it() -> None:
    ended = asyncio.Event()

    async def app(_: Scope, __: Receive, ___: Send) -> None:
        try:
            await forever()
        finally:
            ended.set()

    task = await run(Client(), app)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended.is_set()


async def test_no_task_is_left_whichever_ends_first() -> None:
    before = asyncio.all_tasks()

    async def at_once(_: Scope, __: Receive, ___: Send) -> None:
        await asyncio.sleep(0)

    async def never(_: Scope, __: Receive, ___: Send) -> None:
        await forever()

    await (await run(Client(), at_once))
    client = Client()
    task = await run(client, never)
    client.gone.set()
    await task
    await turns()
    assert asyncio.all_tasks() == before


@pytest.mark.parametrize("word", [{"type": "http.request", "body": b"more"}, {"type": "nonsense"}])
async def test_another_message_of_the_server_is_not_a_disconnect(word: Message) -> None:
    client, work = Client(last_word=word), asyncio.get_running_loop().create_future()
    task = asyncio.ensure_future(finishes_before_disconnect(work, client.receive))
    client.gone.set()
    await turns()
    assert not task.done()
    work.set_result(None)
    assert await task


async def test_an_error_of_the_server_is_not_a_disconnect() -> None:
    async def receive() -> Message:
        raise ConnectionResetError

    work = asyncio.get_running_loop().create_future()
    task = asyncio.ensure_future(finishes_before_disconnect(work, receive))
    await turns()
    assert not task.done()
    work.set_result(None)
    assert await task
