"""Apps behind real sockets, in the test's own process and event loop."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
from starlette.types import ASGIApp

from linkweave.server import run as server
from linkweave.server.connections import ConnectionLimits


@asynccontextmanager
async def served(*apps: ASGIApp, limits: ConnectionLimits = server.LIMITS) -> AsyncIterator[list[str]]:
    """The URL of each of `apps`. A signal stops them, as an operator would."""
    listeners = [server.listen("127.0.0.1", 0) for _ in apps]
    bound = [server.BoundApp(app, listener, limits) for app, listener in zip(apps, listeners, strict=True)]
    up = asyncio.Event()
    running = asyncio.create_task(server.run(bound, up.set))
    await asyncio.wait({running, asyncio.create_task(up.wait())}, return_when=asyncio.FIRST_COMPLETED)
    try:
        yield [server.url(listener) for listener in listeners]
    finally:
        signal.raise_signal(signal.SIGTERM)
        await running


def refused(url: str) -> bool:
    """Whether no process listens at `url`."""
    try:
        httpx2.get(url)
    except httpx2.ConnectError:
        return True
    return False
