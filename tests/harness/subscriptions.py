"""Subscribers of a gateway in this process: over server-sent events, multipart answers and WebSockets."""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from starlette.types import Message

from linkweave.testing.gateway import Gateway

SSE: Final = "text/event-stream"
MULTIPART: Final = 'multipart/mixed;boundary="graphql";subscriptionSpec=1.0,application/json'
# Seconds, of virtual time where the test has such.
PATIENCE: Final = 60
HOST: Final = (b"host", b"127.0.0.1")


@dataclass
class HttpStream:
    """An answer that comes in parts. It has ended when `ended` is set."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    chunks: "asyncio.Queue[str]" = field(default_factory=asyncio.Queue)
    started: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    _results: deque[Any] = field(default_factory=deque)

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
            self.started.set()
        elif message.get("body"):
            self.chunks.put_nowait(message["body"].decode())

    async def next(self) -> Any:
        """Returns the next result; None where the stream says that it is complete."""
        async with asyncio.timeout(PATIENCE):
            while not self._results:
                self._read(await self.chunks.get())
        return self._results.popleft()

    def _read(self, chunk: str) -> None:
        if chunk.startswith("\r\nContent-Type"):
            part = json.loads(chunk.partition("\r\n\r\n")[2].rpartition("\r\n--")[0])
            self._results += [part] if part else []
        elif chunk.endswith("--graphql--\r\n"):
            self._results.append(None)
        for event in chunk.split("\n\n"):
            if event.startswith("event: next"):
                self._results.append(json.loads(event.removeprefix("event: next\ndata: ")))
            elif event.startswith("event: complete"):
                self._results.append(None)

    async def body(self) -> Any:
        """Returns the whole answer, which is JSON."""
        await self.ended.wait()
        return json.loads("".join(self.chunks.get_nowait() for _ in range(self.chunks.qsize())))


@asynccontextmanager
async def http_stream(
    gateway: Gateway, query: str, accept: str = SSE, **variables: object
) -> AsyncIterator[HttpStream]:
    """Sends an operation whose answer is a stream. At the end of the block the client is gone."""
    stream, gone = HttpStream(), asyncio.Event()
    messages = [json.dumps({"query": query, "variables": variables}).encode()]

    async def receive() -> Message:
        if messages:
            return {"type": "http.request", "body": messages.pop(), "more_body": False}
        await gone.wait()
        return {"type": "http.disconnect"}

    headers = [HOST, (b"content-type", b"application/json"), (b"accept", accept.encode())]
    headers += [(name.encode(), value.encode()) for name, value in gateway.headers.items()]
    scope: dict[str, Any] = {
        "type": "http",
        "method": "POST",
        "path": "/graphql",
        "query_string": b"",
        "headers": headers,
    }
    scope |= {"asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1", "headers": headers}

    async def run() -> None:
        try:
            await gateway.app(scope, receive, stream.send)
        finally:
            stream.ended.set()

    running = asyncio.create_task(run())
    try:
        await stream.started.wait()
        yield stream
    finally:
        gone.set()
        await running


@dataclass
class SocketClient:
    """A WebSocket. `closed` is its close code and reason; `refused` the status of a refused handshake."""

    sent: "asyncio.Queue[Message]" = field(default_factory=asyncio.Queue)
    received: "asyncio.Queue[Any]" = field(default_factory=asyncio.Queue)
    closed: tuple[int, str] | None = None
    refused: int | None = None
    subprotocol: str | None = None
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    async def send(self, message: object) -> None:
        text = message if isinstance(message, str) else json.dumps(message)
        await self.sent.put({"type": "websocket.receive", "text": text})

    async def init(self, **payload: object) -> Any:
        await self.send({"type": "connection_init", "payload": payload})
        return await self.next()

    async def subscribe(self, query: str, id: str = "1", **variables: object) -> None:  # noqa: A002 - the protocol's
        await self.send({"id": id, "type": "subscribe", "payload": {"query": query, "variables": variables}})

    async def next(self) -> Any:
        """Returns the next message; the close code once the socket is closed."""
        async with asyncio.timeout(PATIENCE):
            return await self.received.get()

    async def take(self, message: Message) -> None:
        if message["type"] == "websocket.accept":
            self.subprotocol = message.get("subprotocol")
        elif message["type"] == "websocket.send":
            self.received.put_nowait(json.loads(message["text"]))
        elif message["type"] == "websocket.close":
            self.closed = (message.get("code", 1000), message.get("reason", ""))
            self.received.put_nowait(self.closed[0])
            self.sent.put_nowait({"type": "websocket.disconnect", "code": self.closed[0]})
        elif message["type"] == "websocket.http.response.start":
            self.refused = message["status"]


@asynccontextmanager
async def websocket(
    gateway: Gateway, headers: Mapping[str, str] | None = None, subprotocol: str = "graphql-transport-ws"
) -> AsyncIterator[SocketClient]:
    """Opens a WebSocket, with the headers of the gateway's client. At the end of the block the client is gone."""
    client = SocketClient()
    await client.sent.put({"type": "websocket.connect"})
    given = {**gateway.headers, **(headers or {})}
    scope = {
        "type": "websocket",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "scheme": "ws",
        "path": "/graphql",
        "raw_path": b"/graphql",
        "query_string": b"",
        "headers": [HOST, *((name.encode(), value.encode()) for name, value in given.items())],
        "subprotocols": [subprotocol],
        "extensions": {"websocket.http.response": {}},
    }

    async def run() -> None:
        try:
            await gateway.app(scope, client.sent.get, client.take)
        finally:
            client.ended.set()

    running = asyncio.create_task(run())
    try:
        yield client
    finally:
        await client.sent.put({"type": "websocket.disconnect", "code": 1001})
        await running
