"""The wire over real sockets: what broken servers do, and which error it is."""

import asyncio
import socket
import struct
from dataclasses import replace

import pytest

from harness.wires import READ, SECRET, WRITE, Handler, everything_shown_of, gzipped, over, served
from linkweave.errors import AmbiguousError, BadResponseError, UnavailableError, VendorError, VendorTimeoutError
from linkweave.transport.call import Call
from linkweave.transport.http.bounded_heads import MAX_HEAD_BYTES

pytestmark = pytest.mark.real_time

INFORMATION = b"HTTP/1.1 102 Processing\r\n\r\n"
EMPTY = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"


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


async def inform(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One informational answer after another, as fast as the client reads them, for ever."""
    while not writer.is_closing():
        writer.write(INFORMATION * 100)
        await writer.drain()


@pytest.mark.parametrize("call", [READ, WRITE])
async def test_endless_informational_answers_are_cut_off(call: Call) -> None:
    """Without a limit they would keep the process busy until the deadline, which is 300 s for a write."""
    async with served(inform) as transport:
        with pytest.raises(VendorError, match="garbled"):
            await transport.send(call)


async def test_some_informational_answers_are_skipped() -> None:
    async with served(saying(INFORMATION * 100 + EMPTY)) as transport:
        assert (await transport.send(READ)).body == b"{}"


async def test_each_answer_of_a_connection_may_have_informational_answers_before_it() -> None:
    async def keep_answering(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while not reader.at_eof():
            writer.write(INFORMATION * 60 + EMPTY)
            await writer.drain()
            await reader.readuntil(b"\r\n\r\n")

    async with served(keep_answering) as transport:
        for _ in range(2 * MAX_HEAD_BYTES // len(INFORMATION * 60)):
            assert (await transport.send(READ)).body == b"{}"


async def send_crumbs(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One space after another, each with an extension of its chunk, as fast as the client reads them, for ever."""
    writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
    while not writer.is_closing():
        writer.write(b"1;extension=x\r\n \r\n" * 1_000)
        await writer.drain()


@pytest.mark.parametrize("call", [READ, WRITE])
async def test_an_endless_body_of_crumbs_is_cut_off(call: Call) -> None:
    """It stays within the limit of bytes for long, and keeps the process busy."""
    async with served(send_crumbs) as transport:
        with pytest.raises(VendorError, match="pieces"):
            await transport.send(replace(call, max_bytes=1_000_000))


async def test_other_tasks_run_while_a_body_of_crumbs_is_read() -> None:
    turns = 0

    async def count_turns() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
    async with served(saying(head + b"1\r\n \r\n" * 10_000 + b"0\r\n\r\n")) as transport:
        counting = asyncio.create_task(count_turns())
        assert len((await transport.send(READ)).body) == 10_000
        counting.cancel()
    assert turns >= 10_000 / 50


async def test_the_body_of_an_answer_is_no_part_of_its_head() -> None:
    body = b" " * 1_000_000 + b"{}"
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    async with served(saying(head + body)) as transport:
        assert (await transport.send(replace(READ, max_bytes=2_000_000))).body == body


async def test_an_answer_over_a_socket_is_read() -> None:
    body = gzipped(b'{"a": 1}')
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    async with served(saying(head + body)) as transport:
        answer = await transport.send(READ)
    assert (answer.status, answer.body, answer.headers["content-encoding"]) == (200, b'{"a": 1}', "gzip")


async def test_an_answer_that_ends_with_its_connection_is_read() -> None:
    async with served(saying(b"HTTP/1.1 200 OK\r\n\r\n{}")) as transport:
        assert (await transport.send(READ)).body == b"{}"


@pytest.mark.parametrize("writes", [False, True])
@pytest.mark.parametrize(
    ("handler", "kind"),
    [*((each, UnavailableError) for each in NO_ANSWER), *((each, BadResponseError) for each in BAD_ANSWER)],
)
async def test_a_connection_that_ends_is_unavailable_and_a_garbled_answer_a_bad_response(
    handler: Handler, kind: type[VendorError], *, writes: bool
) -> None:
    async with served(handler) as transport:
        with pytest.raises(VendorError) as caught:
            await transport.send(WRITE if writes else READ)
    assert type(caught.value) is (AmbiguousError if writes else kind)
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
