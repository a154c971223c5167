"""Trailers and extensions of chunks, over real sockets: they are bounded, and are no headers."""

import json
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest

from harness.gateway_with_clients import READER, open_guarded
from harness.plain_connections import HELLO, App, Connection, connected, serving
from harness.sockets import served

CHUNKED = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
TRAILER = b"x-trailer: " + b"a" * 1_000 + b"\r\n"


async def flood(connection: Connection, pieces: Iterator[bytes]) -> int:
    """The number of bytes sent until the server closes, at most 20 MB."""
    sent = 0
    try:
        while sent < 20_000_000:
            piece = next(pieces)
            await connection.send(piece)
            sent += len(piece)
    except OSError:
        pass
    return sent


def trailers() -> Iterator[bytes]:
    yield CHUNKED + b"1\r\na\r\n0\r\n"
    while True:
        yield TRAILER


def one_trailer() -> Iterator[bytes]:
    yield CHUNKED + b"1\r\na\r\n0\r\nx-trailer: "
    while True:
        yield b"a" * 1_000


def one_extension() -> Iterator[bytes]:
    yield CHUNKED + b"1;extension="
    while True:
        yield b"a" * 1_000


@pytest.mark.parametrize("pieces", [trailers, one_trailer, one_extension])
async def test_a_connection_with_endless_trailers_or_extensions_is_closed(
    pieces: Callable[[], Iterator[bytes]],
) -> None:
    async with serving(App()) as connect:
        connection = await connect()
        assert await flood(connection, pieces()) < 20_000_000
        another = await connect()
        await another.send(HELLO)
        assert await another.answer() == (200, b"0")


async def test_a_body_may_arrive_byte_by_byte_and_with_trailers() -> None:
    async with serving(App()) as connect:
        connection = await connect()
        for _ in range(2):
            await connection.send(CHUNKED + b"1\r\na\r\n" * 100_000 + b"0\r\n" + TRAILER * 20 + b"\r\n")
            assert await connection.answer() == (200, b"100000")


async def test_a_trailer_is_no_header() -> None:
    body = json.dumps({"query": "{ accounts { key } }"}).encode()
    header = f"Authorization: Bearer {READER}\r\n".encode()
    head = (
        b"POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n"
    )
    chunks = b"%x\r\n%s\r\n0\r\n" % (len(body), body)
    async with served(open_guarded().app) as (address,), connected(urlsplit(address).port) as connection:
        await connection.send(head + header + b"\r\n" + chunks + b"\r\n")
        assert (await connection.answer())[0] == 200
        await connection.send(head + b"\r\n" + chunks + header + b"\r\n")
        assert (await connection.answer())[0] == 401
