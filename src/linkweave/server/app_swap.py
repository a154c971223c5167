"""The app in service, which another app can replace between two requests without the loss of one."""

import asyncio
import logging
from contextlib import AbstractAsyncContextManager
from typing import Final, Protocol

from starlette.types import Receive, Scope, Send

from linkweave.server.known_requests import KnownRequests

# Seconds after which an app that does not close is left to the end of the process.
CLOSE_SECONDS: Final = 3


class SwappableApp(Protocol):
    """An ASGI app with a lifespan: resources that it opens before its first request and closes after its last."""

    @property
    def known_requests(self) -> KnownRequests | None:
        """The requests that connections answer themselves; None if there are none."""
        ...

    def end_streams(self) -> None:
        """Ends all subscriptions and WebSockets, so that their clients come back."""
        ...

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        ...

    def lifespan(self) -> AbstractAsyncContextManager[object]:
        """Returns a context that opens the resources on entry and closes them on exit."""
        ...


class AppInstance:
    """One app, from its opening to the end of its last request."""

    def __init__(self, app: SwappableApp) -> None:
        self.app = app
        self._running = 0
        self._opened = asyncio.Event()
        self._retired = False
        self._closing = asyncio.Event()
        self._lifespan: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Open the app.

        Raises:
            Exception: the app's own, if it cannot be opened.
        """
        # A task of its own, because the task that enters a context must also leave it.
        self._lifespan = asyncio.create_task(self._live())
        opened = asyncio.create_task(self._opened.wait())
        await asyncio.wait({self._lifespan, opened}, return_when=asyncio.FIRST_COMPLETED)
        opened.cancel()
        if self._lifespan.done():
            self._lifespan.result()
        self._lifespan.add_done_callback(_log_failure)

    def request_started(self) -> None:
        """Count one request more that the app answers."""
        self._running += 1

    def request_ended(self) -> None:
        """Count one request less, and close a retired app after its last one."""
        self._running -= 1
        self._close_if_unused()

    def retire(self) -> None:
        """Close the app after its last request."""
        self._retired = True
        self.app.end_streams()
        self._close_if_unused()

    async def close(self) -> None:
        """Close the app, even if requests run. Waits at most CLOSE_SECONDS."""
        self._closing.set()
        if self._lifespan is not None:
            await asyncio.wait({self._lifespan}, timeout=CLOSE_SECONDS)

    @property
    def closed(self) -> bool:
        """Whether the app is closed."""
        return self._lifespan is None or self._lifespan.done()

    def _close_if_unused(self) -> None:
        if self._retired and not self._running:
            self._closing.set()

    async def _live(self) -> None:
        async with self.app.lifespan():
            self._opened.set()
            await self._closing.wait()


def _log_failure(lifespan: "asyncio.Task[None]") -> None:
    error = None if lifespan.cancelled() else lifespan.exception()
    if error is not None:
        logging.getLogger("linkweave").error("the app of the previous configuration did not close", exc_info=error)


class HotSwapApp:
    """An ASGI app that passes every request to the app in service."""

    def __init__(self, app: SwappableApp) -> None:
        self._current = AppInstance(app)
        self._retired: list[AppInstance] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or open and close the app in service."""
        if scope["type"] == "lifespan":
            await self._run_lifespan(receive, send)
            return
        instance = self._current
        instance.request_started()
        try:
            await instance.app(scope, receive, send)
        finally:
            instance.request_ended()

    @property
    def known_requests(self) -> KnownRequests | None:
        """The requests that connections answer in place of the app in service."""
        return self._current.app.known_requests

    def end_streams(self) -> None:
        """End all subscriptions and WebSockets of the app in service."""
        self._current.app.end_streams()

    async def replace(self, app: SwappableApp) -> None:
        """Let `app` answer from the next request on. Running requests are answered by the app that has them.

        Raises:
            Exception: `app` could not be opened, and nothing has changed.
        """
        next_instance = AppInstance(app)
        await next_instance.open()
        previous, self._current = self._current, next_instance
        self._retired = [each for each in (*self._retired, previous) if not each.closed]
        previous.retire()

    async def _run_lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            await self._current.open()
        except Exception as error:
            await send({"type": "lifespan.startup.failed", "message": type(error).__name__})
            raise
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await asyncio.gather(*(each.close() for each in (*self._retired, self._current)))
        await send({"type": "lifespan.shutdown.complete"})
