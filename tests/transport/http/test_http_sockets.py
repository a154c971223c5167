"""The wire over real sockets: what broken servers do, and which error it is."""

import asyncio
import socket
import struct
from dataclasses import replace

import pytest

from harness.wires import READ, SECRET, WRITE, Handler, everything_shown_of, gzipped, over, served
from linkweave.errors import AmbiguousError, BadResponseError, UnavailableError, VendorError, VendorTimeoutError

pytestmark = pytest.mark.real_time


def saying(raw: bytes) -> Handler:
    async def handle(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(raw)
        await writer.drain()

    return handle


async def reset(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """End with RST rather than FIN."""
    connection: socket.socket = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def answer_half_and_reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await saying(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{")(reader, writer)
    await reset(reader, writer)


async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.close()


async def drip(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One space at a time, as fast as the client reads them, for ever."""
    writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
    while not writer.is_closing():
        writer.write(b"1\r\n \r\n")
        await writer.drain()
        await asyncio.sleep(0)


async def never_answer(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    await reader.read()


NO_ANSWER = [hang_up, saying(b"HTTP/1.1 200 OK\r\ncontent-le"), reset, answer_half_and_reset]
BAD_ANSWER = [
    saying(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{}"),
    saying(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{"),
    saying(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nnot a size\r\n"),
    saying(b"this is no HTTP: nobody-may-see-this\r\n\r\n"),
    saying(b"HTTP/1.1 200 OK\r\nnobody may see this\r\n\r\n"),
    saying(b"HTTP/1.1 200 OK\r\ncontent-length: nobody-may-see-this\r\n\r\n"),
]


async def test_an_answer_over_a_socket_is_read() -> None:
    body = gzipped(b'{"a": 1}')
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    async with served(saying(head + body)) as transport:
        answer = await transport.send(READ)
    assert (answer.status, answer.body, answer.headers["content-encoding"]) == (200, b'{"a": 1}', "gzip")


async def test_an_answer_that_ends_with_its_connection_is_read() -> None:
    async with served(saying(b"HTTP/1.1 200 OK\r\n\r\n{}")) as transport:
        assert (await transport.send(READ)).body == b"{}"


@pytest.mark.parametrize(("writes", "kind"), [(False, UnavailableError), (True, AmbiguousError)])
@pytest.mark.parametrize("handler", NO_ANSWER)
async def test_a_connection_that_is_reset_or_closed_is_unavailable(
    handler: Handler, kind: type[VendorError], *, writes: bool
) -> None:
    async with served(handler) as transport:
        with pytest.raises(VendorError) as caught:
            await transport.send(WRITE if writes else READ)
    assert type(caught.value) is kind
    assert SECRET not in everything_shown_of(caught.value)


@pytest.mark.parametrize(("writes", "kind"), [(False, BadResponseError), (True, AmbiguousError)])
@pytest.mark.parametrize("handler", BAD_ANSWER)
async def test_an_answer_that_is_cut_short_or_garbled_is_a_bad_response(
    handler: Handler, kind: type[VendorError], *, writes: bool
) -> None:
    async with served(handler) as transport:
        with pytest.raises(VendorError) as caught:
            await transport.send(WRITE if writes else READ)
    assert type(caught.value) is kind
    assert SECRET not in everything_shown_of(caught.value)


@pytest.mark.parametrize("call", [READ, WRITE])
async def test_a_refused_connection_is_unavailable_and_nothing_was_sent(call: object) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        # Bound, so that nobody else takes the port, and not listening, so that it refuses.
        transport = over(None, f"http://127.0.0.1:{bound.getsockname()[1]}")
        with pytest.raises(UnavailableError, match=r"^main cannot be reached \("):
            await transport.send(WRITE if call is WRITE else READ)
        await transport.client.aclose()


@pytest.mark.parametrize("handler", [never_answer, drip])
async def test_an_answer_that_never_ends_is_cut_off_by_the_timeout(handler: Handler) -> None:
    async with served(handler) as transport:
        with pytest.raises(VendorTimeoutError):
            await replace(transport, timeout_seconds=0.05).send(READ)


async def test_a_header_with_a_line_break_is_never_sent() -> None:
    async with served(saying(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")) as transport:
        with pytest.raises(VendorError) as caught:
            await transport.send(replace(WRITE, headers=(("x-token", f"{SECRET}\r\nx-more: 1"),)))
    assert str(caught.value) == "main cannot be sent this call: it does not fit into an HTTP request (create link)"
    assert SECRET not in everything_shown_of(caught.value)
