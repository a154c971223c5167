"""Connections whose client is slow, silent, or sends too much: over real sockets, in short real time."""

import asyncio
import json

import pytest

from harness.plain_connections import HELLO, PATIENCE_SECONDS, SHORT, App, Connection, serving


async def test_a_silent_connection_is_closed() -> None:
    async with serving(App(), head_seconds=SHORT) as connect:
        connection = await connect()
        assert await connection.rest() == b""


@pytest.mark.parametrize("start", [b"G", b"GET / HTTP/1.1\r\nHost: x\r\n", b"GET /" + b"a" * 1000, b"\r\n"])
async def test_a_head_that_is_not_finished_in_time_is_refused(start: bytes) -> None:
    app = App()
    async with serving(app, head_seconds=SHORT) as connect:
        connection = await connect()
        await connection.send(start)
        status, message = await connection.answer()
        assert (status, await connection.rest()) == (408, b"")
    assert b"headers were not sent in time" in message
    assert app.asked == []


async def test_a_head_that_drips_is_refused_however_long_it_drips() -> None:
    async with serving(App(), head_seconds=SHORT) as connect:
        connection = await connect()
        answer = asyncio.create_task(connection.answer())
        for letter in HELLO[:-1] * 100:
            if answer.done():
                break
            connection.writer.write(bytes([letter]))
            await asyncio.sleep(0.01)
        assert (await answer)[0] == 408


async def test_the_next_request_of_a_connection_has_its_own_timeout() -> None:
    async with serving(App(), head_seconds=SHORT) as connect:
        connection = await connect()
        await connection.send(HELLO)
        assert (await connection.answer())[0] == 200
        await connection.send(HELLO[:10])
        assert (await connection.answer())[0] == 408


async def test_an_answer_may_take_longer_than_the_timeout_of_a_head() -> None:
    async with serving(App(), head_seconds=SHORT) as connect:
        connection = await connect()
        # Half of a next request waits for the answer to the first one.
        await connection.send(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
        await connection.send(HELLO[:10])
        assert await connection.answer() == (200, b"early")
        await connection.send(HELLO[10:])
        assert await connection.answer() == (200, b"0")


async def test_pipelined_requests_are_answered_in_turn() -> None:
    async with serving(App(), head_seconds=SHORT, rest_seconds=SHORT) as connect:
        connection = await connect()
        await connection.send(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n" + HELLO * 2)
        assert [await connection.answer() for _ in range(3)] == [(200, b"early"), (200, b"0"), (200, b"0")]


def refusal(answer: bytes, status: int) -> str:
    """The message of the one error in a whole answer."""
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d " % status)
    assert b"content-type: application/json" in head
    (error,) = json.loads(body)["errors"]
    assert error["extensions"] == {"code": "INVALID_INPUT"}
    return str(error["message"])


@pytest.mark.parametrize(
    "head",
    [
        b"GET /" + b"a" * 3000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nX: " + b"a" * 3000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"X: a\r\n" * 11 + b"\r\n",
        b"GET / HTTP/1.1\r\n" + b"".join(b"X%d: aaaaaaaaaaaaaaaaaaaa\r\n" % place for place in range(100)) + b"\r\n",
        b"GET / HTTP/1.1\r\nX: " + b"a" * 3000,
        b"GET /" + b"a" * 3000,
    ],
    ids=["address", "header", "lines", "headers", "endless header", "endless address"],
)
async def test_a_head_that_is_too_large_is_refused(head: bytes) -> None:
    app = App()
    async with serving(app, head_bytes=2000, head_lines=10) as connect:
        connection = await connect()
        await connection.send(head)
        assert "too large" in refusal(await connection.rest(), 431)
    assert app.asked == []


async def test_a_client_that_goes_on_after_a_refusal_is_disconnected() -> None:
    async with serving(App(), head_bytes=2000, rest_seconds=SHORT) as connect:
        connection = await connect()
        await connection.send(b"GET /" + b"a" * 3000)
        refusal(await connection.rest(), 431)
        with pytest.raises(ConnectionError):
            await send_for_ever(connection)


async def send_for_ever(connection: Connection) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            await connection.send(HELLO)
            await asyncio.sleep(SHORT / 4)


@pytest.mark.parametrize("size", [65_400, 65_535, 65_536, 70_000, 200_000])
async def test_an_address_over_the_limit_of_a_gateway_is_refused_as_one(size: int) -> None:
    """uvicorn's own parser of addresses has a limit that is near the gateway's."""
    app = App()
    async with serving(app) as connect:
        connection = await connect()
        await connection.send(b"GET /" + b"a" * size + b" HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 200 + b"\r\n\r\n")
        assert "too large" in refusal(await connection.rest(), 431)
    assert app.asked == []


@pytest.mark.parametrize("request_line", [b"GET / HTTP/9.9", b"\x16\x03\x01\x02", b"GET / x"])
async def test_what_is_not_http_1_is_refused_with_a_graphql_error(request_line: bytes) -> None:
    async with serving(App()) as connect:
        connection = await connect()
        await connection.send(request_line + b"\r\n\r\n")
        assert refusal(await connection.rest(), 400) == "Invalid HTTP request received."


async def test_a_head_may_be_as_large_as_its_limit_and_its_body_larger() -> None:
    async with serving(App(), head_bytes=2000, head_lines=3) as connect:
        connection = await connect()
        path = b"/" + b"a" * 1900
        await connection.send(
            b"POST " + path + b" HTTP/1.1\r\nHost: x\r\nContent-Length: 90000\r\n\r\n" + b"x" * 90_000
        )
        assert await connection.answer() == (200, b"90000")
        await connection.send(HELLO)
        assert await connection.answer() == (200, b"0")


async def test_a_large_head_behind_a_running_request_closes_the_connection() -> None:
    async with serving(App(), head_bytes=2000) as connect:
        connection = await connect()
        await connection.send(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
        await asyncio.sleep(SHORT)
        await connection.send(b"GET /" + b"a" * 3000)
        assert b"431" not in await connection.rest()


async def test_a_connection_is_closed_when_the_rest_of_an_answered_body_does_not_arrive() -> None:
    async with serving(App(), rest_seconds=SHORT) as connect:
        connection = await connect()
        await connection.send(b"POST /early HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n" + b"x" * 10)
        assert await connection.answer() == (200, b"early")
        assert await connection.rest() == b""


async def dawdle(connection: Connection) -> None:
    for _ in range(1000):
        await connection.send(b"x" * 10)
        await asyncio.sleep(0.01)


async def test_a_client_that_keeps_sending_reads_the_answer_first() -> None:
    async with serving(App(), rest_seconds=SHORT) as connect:
        connection = await connect()
        await connection.send(b"POST /early HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n")
        assert await connection.answer() == (200, b"early")
        with pytest.raises(ConnectionError):
            await dawdle(connection)


@pytest.mark.parametrize("version", [b"HTTP/1.0", b"HTTP/1.1\r\nConnection: close"])
async def test_a_client_that_sends_all_before_it_reads_gets_the_answer_from_a_connection_that_closes(
    version: bytes,
) -> None:
    app = App()
    async with serving(app) as connect:
        connection = await connect()
        await connection.send(b"POST /early " + version + b"\r\nHost: x\r\nContent-Length: 5000000\r\n\r\n")
        await app.taken.wait()
        # More than the buffers between the two hold.
        for _ in range(50):
            await connection.send(b"x" * 100_000)
        assert await connection.answer() == (200, b"early")
        assert await connection.rest() == b""


async def test_a_connection_that_closes_waits_only_briefly_for_the_rest_of_a_body() -> None:
    async with serving(App(), rest_seconds=SHORT) as connect:
        connection = await connect()
        await connection.send(b"POST /early HTTP/1.0\r\nContent-Length: 5\r\n\r\n")
        assert await connection.answer() == (200, b"early")
        assert await connection.rest() == b""


async def test_a_connection_is_used_again_when_the_rest_of_a_body_arrives_soon() -> None:
    async with serving(App(), rest_seconds=SHORT) as connect:
        connection = await connect()
        await connection.send(b"POST /early HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n")
        assert await connection.answer() == (200, b"early")
        await connection.send(b"x" * 10 + HELLO)
        assert await connection.answer() == (200, b"0")
        await asyncio.sleep(2 * SHORT)
        await connection.send(HELLO)
        assert await connection.answer() == (200, b"0")


async def test_an_idle_connection_is_closed_after_the_rest_of_a_body() -> None:
    async with serving(App(), head_seconds=SHORT) as connect:
        connection = await connect()
        await connection.send(b"POST /early HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n")
        assert await connection.answer() == (200, b"early")
        await connection.send(b"x" * 10)
        assert await connection.rest() == b""


async def test_a_connection_whose_client_reads_nothing_is_aborted() -> None:
    app = App()
    async with serving(app, stalled_seconds=SHORT) as connect:
        connection = await connect()
        # asyncio's reader takes no more than its limit, and then the kernel's buffers fill.
        await connection.send(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
        await asyncio.wait_for(app.taken.wait(), PATIENCE_SECONDS)
        await asyncio.sleep(3 * SHORT)
        assert len(await connection.rest()) < 20_000_000


async def test_a_connection_whose_client_reads_slowly_is_not_aborted() -> None:
    async with serving(App(), stalled_seconds=SHORT) as connect:
        connection = await connect()
        await connection.send(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
        async with asyncio.timeout(PATIENCE_SECONDS):
            head = await connection.reader.readuntil(b"\r\n\r\n")
            left = 20_000_000
            while left:
                await asyncio.sleep(SHORT / 8)
                left -= len(await connection.reader.readexactly(min(left, 1_000_000)))
    assert head.startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("head", [b"nonsense\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00" * 9])
async def test_bytes_that_are_not_http_are_a_bad_request(head: bytes) -> None:
    async with serving(App()) as connect:
        connection = await connect()
        await connection.send(head)
        assert (await connection.rest()).startswith(b"HTTP/1.1 400 ")


async def test_three_hundred_slow_connections_do_not_delay_others() -> None:
    app = App()
    async with serving(app) as connect:
        slow = [await connect() for _ in range(300)]
        for place, connection in enumerate(slow):
            await connection.send(HELLO[: place % len(HELLO)])
        honest = await connect()
        for _ in range(50):
            await honest.send(HELLO)
            assert await honest.answer() == (200, b"0")
    assert app.answered == 50
