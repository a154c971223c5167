"""The app in service, which another one can replace between two requests without one of them being lost."""

import asyncio
import logging
from contextlib import AbstractAsyncContextManager
from typing import Final, Protocol

from starlette.types import Receive, Scope, Send

# An app that does not end is left alone: the process that ends takes it along.
ENDING_SECONDS: Final = 3


class SwappableApp(Protocol):
    """An app with something to open before its first request and to close after its last."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        ...

    def lifespan(self) -> AbstractAsyncContextManager[object]:
        """Opens on entry, closes on exit."""
        ...


class AppInstance:
    """One app, from its opening to the end of its last request."""

    def __init__(self, app: SwappableApp) -> None:
        self.app = app
        self._running = 0
        self._up = asyncio.Event()
        self._retired = False
        self._over = asyncio.Event()
        self._life: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Open the app.

        Raises:
            Exception: whatever keeps it from opening.
        """
        # A task of its own, because who opens must also be who closes.
        self._life = asyncio.create_task(self._live())
        up = asyncio.create_task(self._up.wait())
        await asyncio.wait({self._life, up}, return_when=asyncio.FIRST_COMPLETED)
        up.cancel()
        if self._life.done():
            self._life.result()
        self._life.add_done_callback(_report)

    def enter(self) -> SwappableApp:
        """The app, for one request more."""
        self._running += 1
        return self.app

    def leave(self) -> None:
        """One of the requests has ended."""
        self._running -= 1
        if self._retired and not self._running:
            self._over.set()

    def retire(self) -> None:
        """Close the app when its last request has ended."""
        self._retired = True
        if not self._running:
            self._over.set()

    async def end(self) -> None:
        """Close the app, whatever runs; for ENDING_SECONDS at most."""
        self._over.set()
        if self._life is not None:
            await asyncio.wait({self._life}, timeout=ENDING_SECONDS)

    @property
    def ended(self) -> bool:
        """Whether the app is closed."""
        return self._life is None or self._life.done()

    async def _live(self) -> None:
        async with self.app.lifespan():
            self._up.set()
            await self._over.wait()


def _report(life: "asyncio.Task[None]") -> None:
    error = None if life.cancelled() else life.exception()
    if error is not None:
        logging.getLogger("linkweave").error("what served before could not be closed", exc_info=error)


class HotSwapApp:
    """An ASGI app that hands every request to the app in service."""

    def __init__(self, app: SwappableApp) -> None:
        self._current = AppInstance(app)
        self._before: list[AppInstance] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or open and close what is in service."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        service = self._current
        try:
            await service.enter()(scope, receive, send)
        finally:
            service.leave()

    async def replace(self, app: SwappableApp) -> None:
        """Let `app` answer from the next request on. Those that run are answered by the app that has them.

        Raises:
            Exception: `app` could not be opened; nothing has changed.
        """
        coming = AppInstance(app)
        await coming.start()
        leaving, self._current = self._current, coming
        self._before = [each for each in (*self._before, leaving) if not each.ended]
        leaving.retire()

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            await self._current.start()
        except Exception as error:
            await send({"type": "lifespan.startup.failed", "message": type(error).__name__})
            raise
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await asyncio.gather(*(each.end() for each in (*self._before, self._current)))
        await send({"type": "lifespan.shutdown.complete"})
