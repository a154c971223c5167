"""Transports to put below a layer of the client stack, and real sockets with broken servers."""

import asyncio
import ssl
import traceback
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

import httpx2

from harness.emulators import NOW, ManualClock
from harness.virtual_time import VirtualTimeLoop
from linkweave.clock import Clock
from linkweave.settings.network import NetworkSettings
from linkweave.transport.call import Answer, Call, Pairs
from linkweave.transport.http.connections import open_connections
from linkweave.transport.http.exchange import HttpTransport

SECRET = "nobody-may-see-this"
READ = Call("list links", "GET", "/v1/links", query=(("key", SECRET),), headers=(("x-token", SECRET),))
WRITE = Call("create link", "GET", "/v1/links", query=(("key", SECRET),), headers=(("x-token", SECRET),), writes=True)

T = TypeVar("T")
Handler: TypeAlias = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
Respond: TypeAlias = Callable[[httpx2.Request], httpx2.Response]


def answer(status: int = 200, body: bytes = b"{}", headers: Pairs = ()) -> Answer:
    return Answer(status, dict(headers), body, NOW)


@dataclass
class Canned:
    """A transport that returns or raises `outcomes` in order, and the last one for ever."""

    outcomes: list[Answer | Exception]
    seen: list[Call] = field(default_factory=list)

    async def send(self, call: Call) -> Answer:
        self.seen.append(call)
        outcome = self.outcomes[min(len(self.seen), len(self.outcomes)) - 1]
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


def over(
    wire: httpx2.AsyncBaseTransport | Respond | None,
    base_url: str = "http://vendor",
    timeout_seconds: float = 10,
    clock: Clock | None = None,
) -> HttpTransport:
    """The wire of an account over `wire`; None is the network."""
    transport = httpx2.MockTransport(wire) if callable(wire) else wire
    client = open_connections(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), NetworkSettings(), transport)
    return HttpTransport(client, "main", base_url, timeout_seconds, clock or ManualClock())


def responding(status: int, body: bytes, headers: Pairs = ()) -> Respond:
    def respond(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(status, headers=list(headers), stream=httpx2.ByteStream(body), request=request)

    return respond


def gzipped(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
    return packer.compress(body) + packer.flush()


@asynccontextmanager
async def served(handler: Handler) -> AsyncIterator[HttpTransport]:
    """The wire of an account over a real socket, whose server calls `handler` for each request."""

    serving: set[asyncio.Task[None] | None] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        serving.add(asyncio.current_task())
        # The client may disconnect at any time.
        with suppress(ConnectionError, asyncio.IncompleteReadError), closing(writer):
            await reader.readuntil(b"\r\n\r\n")
            await handler(reader, writer)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    transport = over(None, f"http://127.0.0.1:{port}")
    try:
        yield transport
    finally:
        await transport.client.aclose()
        server.close()
        # Handlers that read until the end of the connection end here.
        await asyncio.gather(*(each for each in serving if each is not None), return_exceptions=True)
        await server.wait_closed()


def in_virtual_time(story: Coroutine[Any, Any, T]) -> T:
    """Runs `story` on a loop whose clock jumps to the next timer."""
    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        return runner.run(story)


def everything_shown_of(error: BaseException) -> str:
    """Everything that a log or a debugger may show of `error`."""
    told = "".join(traceback.format_exception(error))
    return f"{error} {error!r} {vars(error)} {told} {error.__cause__!r} {error.__context__!r}"
