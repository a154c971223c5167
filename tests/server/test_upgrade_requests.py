"""Requests that ask for another protocol are answered in HTTP/1.1, and no byte of a body is ever read as a request."""

import asyncio
import logging
from collections.abc import Iterator
from itertools import product

import h11
import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from harness.memory_transport import MemoryTransport
from harness.plain_connections import App, serving
from linkweave.server.connections import BoundedConnection, ConnectionLimits

SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
NEXT = b"GET /next HTTP/1.1\r\nHost: x\r\n\r\n"

UPGRADES = {
    "h2c": b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n",
    "WebSocket": b"Connection: upgrade\r\nupgrade: websocket\r\nSec-WebSocket-Version: 13\r\n",
    "capitals": b"CONNECTION: UPGRADE\r\nUPGRADE: WEBSOCKET\r\n",
    "mixed case": b"cOnNeCtIoN: uPgRaDe\r\nuPgRaDe: x\r\n",
    "tab": b"Connection:\tUpgrade\r\nUpgrade:\th2c\r\n",
    "upgrade first": b"Upgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n",
}
CHUNKS = b"%x;upgrade=x\r\n%b\r\n0\r\nUpgrade: y\r\n\r\n" % (len(SMUGGLED), SMUGGLED)
BODIES = {
    "length": (b"Content-Length: %d\r\n" % len(SMUGGLED), SMUGGLED),
    "chunks": (b"Transfer-Encoding: chunked\r\n", CHUNKS),
    "no body": (b"Content-Length: 0\r\n", b""),
    "no length": (b"", b""),
    "upgrade in the body": (b"Content-Length: 14\r\n", b"\r\nUpgrade: x\r\n"),
}


def request(wish: bytes, framing: bytes, body: bytes) -> bytes:
    return b"POST /first HTTP/1.1\r\nHost: x\r\n" + framing + wish + b"\r\n" + body


STREAMS = {
    f"{wish}, {body}": request(UPGRADES[wish], *BODIES[body]) + request(UPGRADES["capitals"], *BODIES["length"]) + NEXT
    for wish, body in product(UPGRADES, BODIES)
}


async def answer_paths(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers with the path of the request and the number of bytes in its body."""
    size, more = 0, True
    while more:
        event = await receive()
        size, more = size + len(event.get("body", b"")), event.get("more_body", False)
    text = b"%s:%d\n" % (scope["path"].encode(), size)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(text))]})
    await send({"type": "http.response.body", "body": text})


async def answers(config: uvicorn.Config, *segments: bytes) -> list[bytes]:
    """The bodies of all answers to a client that sends `segments`."""
    state, transport = ServerState(), MemoryTransport()
    connection = BoundedConnection(config=config, server_state=state, app_state={}, limits=ConnectionLimits())
    connection.connection_made(transport)
    for segment in segments:
        connection.data_received(segment)
        await asyncio.sleep(0)
    while state.tasks:
        await asyncio.wait(state.tasks)
    connection.connection_lost(None)
    return [line for line in bytes(transport.written).splitlines() if line.startswith(b"/")]


def reference(stream: bytes) -> Iterator[bytes]:
    """The path and the size of the body of each request that h11 finds in `stream`."""
    connection = h11.Connection(h11.SERVER)
    connection.receive_data(stream)
    while isinstance(head := connection.next_event(), h11.Request):
        size = 0
        while isinstance(piece := connection.next_event(), h11.Data):
            size += len(piece.data)
        connection.send(h11.Response(status_code=200, headers=[(b"content-length", b"0")]))
        connection.send(h11.EndOfMessage())
        yield b"%b:%d" % (head.target, size)
        connection.start_next_cycle()


@pytest.mark.parametrize("stream", STREAMS.values(), ids=STREAMS)
async def test_a_request_that_asks_for_an_upgrade_ends_where_its_body_ends_however_it_is_cut(stream: bytes) -> None:
    config = uvicorn.Config(answer_paths, ws="none", log_config=None)
    wanted = list(reference(stream))
    assert [line.split(b":")[0] for line in wanted] == [b"/first", b"/first", b"/next"]
    for cut in range(1, len(stream)):
        assert await answers(config, stream[:cut], stream[cut:]) == wanted, cut


async def test_a_request_that_asks_for_an_upgrade_may_come_byte_by_byte() -> None:
    config = uvicorn.Config(answer_paths, ws="none", log_config=None)
    for stream in STREAMS.values():
        assert await answers(config, *(stream[at : at + 1] for at in range(len(stream)))) == list(reference(stream))


@pytest.mark.parametrize("wish", UPGRADES.values(), ids=UPGRADES)
async def test_a_client_that_asks_for_another_protocol_is_answered_in_this_one(
    wish: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    app = App()
    with caplog.at_level(logging.WARNING):
        async with serving(app) as connect:
            connection = await connect()
            await connection.send(request(wish, *BODIES["length"]))
            assert await connection.answer() == (200, b"%d" % len(SMUGGLED))
            await connection.send(NEXT)
            assert await connection.answer() == (200, b"0")
    assert app.asked == ["/first", "/next"]
    assert caplog.records == []


@pytest.mark.parametrize(
    "last", [b"Connection: close, Upgrade\r\nUpgrade: h2c\r\n", b"Upgrade: x\r\nConnection: close\r\n"]
)
async def test_a_request_behind_the_last_one_of_a_connection_is_dropped(last: bytes) -> None:
    config = uvicorn.Config(answer_paths, ws="none", log_config=None)
    stream = request(last, *BODIES["length"]) + NEXT
    assert await answers(config, stream) == [b"/first:%d" % len(SMUGGLED)]


async def test_a_tunnel_is_not_opened() -> None:
    app = App()
    async with serving(app) as connect:
        connection = await connect()
        await connection.send(b"CONNECT x:80 HTTP/1.1\r\nHost: x:80\r\n\r\n" + SMUGGLED)
        assert (await connection.rest()).startswith(b"HTTP/1.1 400 ")
    assert app.asked == []
