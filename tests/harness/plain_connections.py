"""An app behind a socket, and clients that connect to it, for tests of the limits of connections."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from harness.sockets import served
from linkweave.server.connections import ConnectionLimits

SHORT = 0.2
# A limit that a test must not reach.
LONG = 30
HELLO = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
PATIENCE_SECONDS = 20


@dataclass
class App:
    """Answers with the length of the body, or at once without reading it; notes the paths that it was asked for."""

    asked: list[str] = field(default_factory=list)
    answered: int = 0
    taken: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        self.asked.append(scope["path"])
        text = "early"
        if scope["path"] == "/large":
            text = "x" * 20_000_000
        elif scope["path"] == "/slow":
            await asyncio.sleep(3 * SHORT)
        elif scope["path"] != "/early":
            try:
                text = str(len(await Request(scope, receive).body()))
            except ClientDisconnect:
                return
        await PlainTextResponse(text)(scope, receive, send)
        self.answered += 1
        self.taken.set()


@dataclass
class Connection:
    """The client's end of a connection to the app."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def answer(self) -> tuple[int, bytes]:
        """The status and the body of the next answer."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            head = await self.reader.readuntil(b"\r\n\r\n")
            lines = dict(line.lower().split(b": ", 1) for line in head.splitlines()[1:] if line)
            length = int(lines.get(b"content-length", 0))
            return int(head.split()[1]), await self.reader.readexactly(length)

    async def rest(self) -> bytes:
        """All bytes until the server closes."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            try:
                return await self.reader.read()
            except ConnectionResetError:
                return b""


@asynccontextmanager
async def connected(port: int | None) -> AsyncIterator[Connection]:
    """A connection to the server on `port`."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield Connection(reader, writer)
    finally:
        writer.close()


@asynccontextmanager
async def serving(app: App, **limits: float) -> AsyncIterator[Callable[[], Any]]:
    """A function that connects to `app`."""
    given = {"head_seconds": LONG, "rest_seconds": LONG, "stalled_seconds": LONG, **limits}
    bounds = ConnectionLimits(**given)  # type: ignore[arg-type] # of both kinds
    async with served(app, limits=bounds) as (address,), AsyncExitStack() as stack:

        async def connect() -> Connection:
            return await stack.enter_async_context(connected(urlsplit(address).port))

        yield connect
