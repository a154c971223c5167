import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from linkweave.server.app_swap import HotSwapApp


class App:
    """An app that answers with its name once `go_on` is set, and has `open` set while it is open."""

    def __init__(self, name: str, *, broken: bool = False, breaks_at_the_end: bool = False) -> None:
        self.name = name
        self.open = False
        self.go_on = asyncio.Event()
        self._broken = broken
        self._breaks_at_the_end = breaks_at_the_end
        self.known_requests = None
        self.streams_ended = False

    def end_streams(self) -> None:
        self.streams_ended = True

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del scope, receive
        await self.go_on.wait()
        assert self.open
        await send({"type": "answer", "of": self.name})

    def lifespan(self) -> AbstractAsyncContextManager[object]:
        return self._life()

    @asynccontextmanager
    async def _life(self) -> AsyncIterator[None]:
        if self._broken:
            raise ZeroDivisionError
        self.open = True
        yield
        self.open = False
        if self._breaks_at_the_end:
            raise ZeroDivisionError


class Server:
    """Opens and closes an app as uvicorn does."""

    def __init__(self, app: HotSwapApp) -> None:
        self.app = app
        self.sent: asyncio.Queue[str] = asyncio.Queue()
        self._received: asyncio.Queue[Message] = asyncio.Queue()
        self._life = asyncio.create_task(self._live())

    async def start(self) -> str:
        await self._received.put({"type": "lifespan.startup"})
        return await self.sent.get()

    async def stop(self) -> str:
        await self._received.put({"type": "lifespan.shutdown"})
        sent = await self.sent.get()
        await self._life
        return sent

    async def broken(self) -> BaseException | None:
        await asyncio.wait({self._life})
        return self._life.exception()

    def ask(self) -> asyncio.Task[str]:
        return asyncio.create_task(self._ask())

    async def _ask(self) -> str:
        answers: list[str] = []

        async def send(message: Message) -> None:
            answers.append(message["of"])

        await self.app({"type": "http"}, self._received.get, send)
        return answers[0]

    async def _live(self) -> None:
        async def send(message: Any) -> None:
            await self.sent.put(message["type"])

        await self.app({"type": "lifespan"}, self._received.get, send)


async def turns() -> None:
    """Let every other task run until it waits."""
    for _ in range(10):
        await asyncio.sleep(0)


async def test_the_app_in_service_is_opened_at_the_start_and_closed_at_the_end() -> None:
    app = App("one")
    server = Server(HotSwapApp(app))
    assert await server.start() == "lifespan.startup.complete"
    assert app.open
    assert await server.stop() == "lifespan.shutdown.complete"
    assert not app.open


async def test_requests_before_a_replacement_are_answered_by_the_old_app_and_later_ones_by_the_new_one() -> None:
    one, other = App("one"), App("other")
    server = Server(HotSwapApp(one))
    await server.start()
    early = server.ask()
    await turns()
    await server.app.replace(other)
    late = server.ask()
    await turns()
    other.go_on.set()
    assert await late == "other"
    assert one.open
    one.go_on.set()
    assert await early == "one"
    await turns()
    assert not one.open
    assert other.open
    await server.stop()


async def test_an_app_that_is_replaced_without_a_running_request_is_closed_at_once() -> None:
    one, other = App("one"), App("other")
    server = Server(HotSwapApp(one))
    await server.start()
    await server.app.replace(other)
    await turns()
    assert (one.open, other.open) == (False, True)
    await server.stop()
    assert not other.open


async def test_an_app_that_cannot_be_opened_replaces_nothing() -> None:
    one = App("one")
    server = Server(HotSwapApp(one))
    await server.start()
    with pytest.raises(ZeroDivisionError):
        await server.app.replace(App("other", broken=True))
    one.go_on.set()
    assert await server.ask() == "one"
    await server.stop()


async def test_the_shutdown_also_closes_apps_that_have_running_requests() -> None:
    apps = [App("one"), App("two"), App("three")]
    server = Server(HotSwapApp(apps[0]))
    await server.start()
    asked = server.ask()
    await turns()
    for app in apps[1:]:
        await server.app.replace(app)
    await turns()
    assert [app.open for app in apps] == [True, False, True]
    await server.stop()
    assert not any(app.open for app in apps)
    asked.cancel()


async def test_a_start_that_fails_is_reported_to_the_server() -> None:
    server = Server(HotSwapApp(App("one", broken=True)))
    assert await server.start() == "lifespan.startup.failed"
    assert isinstance(await server.broken(), ZeroDivisionError)


async def test_an_app_that_fails_to_close_is_logged_and_the_shutdown_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    server = Server(HotSwapApp(App("one", breaks_at_the_end=True)))
    await server.start()
    await server.app.replace(App("other"))
    await turns()
    assert await server.stop() == "lifespan.shutdown.complete"
    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert record.exc_info
    assert record.exc_info[0] is ZeroDivisionError
