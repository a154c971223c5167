"""Bodies that arrive slowly, or never: the gateway stops waiting, answers 408, and serves others meanwhile."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from harness.gateway import open_gateway
from harness.sockets import served
from linkweave.edge.http.body_limit_middleware import MIN_FILE_BYTES, BodyLimitMiddleware
from linkweave.edge.http.body_limits import BodyTooSlowError, MinimumRate, with_timeout
from linkweave.edge.http.content_negotiation import GRAPHQL_JSON, JSON
from linkweave.settings import ServerSettings

SHORT = 0.2
HEAD = b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
FORM = (
    b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: %d\r\n\r\n"
)
SERVER = ServerSettings(max_body_bytes=10_000)


async def length(scope: Scope, receive: Receive, send: Send) -> None:
    """An app that answers with the length of the body."""
    if scope["type"] == "http":
        try:
            text = str(len(await Request(scope, receive).body()))
        except ClientDisconnect:
            return
        await PlainTextResponse(text)(scope, receive, send)


async def stopping(scope: Scope, receive: Receive, send: Send) -> None:
    """An app that begins to answer before it reads."""
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await length(scope, receive, send)


@asynccontextmanager
async def connected(app: ASGIApp) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    async with served(BodyLimitMiddleware(app, SERVER, SHORT)) as (address,):
        reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(address).port)
        async with asyncio.timeout(20):
            yield reader, writer
        writer.close()


def sending(*messages: Message, then: float | None = None) -> Receive:
    """Who sends `messages`, and leaves after `then` seconds; without it, never."""
    left = list(messages)

    async def receive() -> Message:
        if left:
            return left.pop(0)
        await asyncio.sleep(then if then is not None else 600)
        return {"type": "http.disconnect"}

    return receive


def body(size: int, *, more: bool = True) -> Message:
    return {"type": "http.request", "body": b"x" * size, "more_body": more}


async def ask(app: ASGIApp, receive: Receive, **headers: str) -> list[Message]:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    given = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    await app({"type": "http", "method": "POST", "path": "/", "headers": given}, receive, send)
    return sent


async def all_of(receive: Receive) -> None:
    while (await receive()).get("more_body", False):
        pass


async def test_a_body_that_drips_is_too_slow() -> None:
    async def drip() -> Message:
        await asyncio.sleep(SHORT / 10)
        return body(1)

    receive = with_timeout(drip, MinimumRate(SHORT))
    with pytest.raises(BodyTooSlowError):
        await all_of(receive)


async def test_a_sender_of_enough_bytes_gets_more_time() -> None:
    async def drip() -> Message:
        await asyncio.sleep(SHORT / 4)
        return body(10)

    receive = with_timeout(drip, MinimumRate(SHORT, extending_bytes=10))
    for _ in range(8):
        await receive()
    slower = with_timeout(drip, MinimumRate(SHORT, extending_bytes=1000))
    with pytest.raises(BodyTooSlowError):
        await all_of(slower)


async def test_a_sender_of_the_whole_body_may_wait_for_the_answer() -> None:
    receive = with_timeout(sending(body(1, more=False), then=2 * SHORT), MinimumRate(SHORT))
    await receive()
    assert await receive() == {"type": "http.disconnect"}


@pytest.mark.parametrize(("accept", "media_type"), [(GRAPHQL_JSON, GRAPHQL_JSON), ("text/html", JSON)])
async def test_the_refusal_has_the_accepted_media_type(accept: str, media_type: str) -> None:
    start, end = await ask(BodyLimitMiddleware(length, SERVER, SHORT), sending(body(1)), accept=accept)
    assert start["status"] == 408
    headers = dict(start["headers"])
    assert headers[b"content-type"] == f"{media_type}; charset=utf-8".encode()
    assert headers[b"connection"] == b"close"
    (error,) = json.loads(end["body"])["errors"]
    assert error == {
        "message": "The body was not sent within 0.2 seconds.",
        "extensions": {"code": "INVALID_INPUT"},
    }


@pytest.mark.parametrize("announced", ["10001", "9" * 5000])
async def test_a_body_with_too_large_a_content_length_is_refused_unread(announced: str) -> None:
    async def receive() -> Message:
        raise AssertionError

    start, end = await ask(BodyLimitMiddleware(length, SERVER), receive, content_length=announced)
    assert start["status"] == 413
    assert b"connection" not in dict(start["headers"])
    assert "10000 bytes" in json.loads(end["body"])["errors"][0]["message"]


@pytest.mark.parametrize("announced", ["10000", "", "x", "-1", "1e9", "\u00b2"])
async def test_a_body_with_another_content_length_is_read(announced: str) -> None:
    start, end = await ask(
        BodyLimitMiddleware(length, SERVER), sending(body(10_000, more=False)), content_length=announced
    )
    assert (start["status"], end["body"]) == (200, b"10000")


async def test_the_limit_without_files_is_a_setting() -> None:
    start, _ = await ask(BodyLimitMiddleware(length, SERVER), sending(body(10_000), body(1, more=False)))
    assert start["status"] == 413
    form = {"content_type": "multipart/form-data; boundary=x"}
    start, end = await ask(BodyLimitMiddleware(length, SERVER), sending(body(10_000), body(1, more=False)), **form)
    assert (start["status"], end["body"]) == (200, b"10001")


async def test_other_protocols_are_passed_on() -> None:
    seen: list[Any] = []

    async def app(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append(scope["type"])

    async def nothing(*_: Any) -> Any:
        raise AssertionError

    await BodyLimitMiddleware(app, SERVER)({"type": "websocket"}, nothing, nothing)
    assert seen == ["websocket"]


@pytest.mark.parametrize("start", [b"", b'{"query": ', b"x" * 999])
async def test_a_slow_body_is_answered_and_its_connection_closed(start: bytes) -> None:
    async with connected(length) as (reader, writer):
        writer.write(HEAD % 1000 + start)
        answer = await reader.read()
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["errors"]


async def test_a_form_that_drips_is_refused_and_one_that_is_only_large_is_not() -> None:
    async with connected(length) as (reader, writer):
        writer.write(FORM % 1000 + b"x" * 10)
        assert (await reader.read()).startswith(b"HTTP/1.1 408 ")
    async with connected(length) as (reader, writer):
        pieces = 6
        writer.write(FORM % (pieces * MIN_FILE_BYTES))
        for _ in range(pieces):
            await asyncio.sleep(SHORT / 2)
            writer.write(b"x" * MIN_FILE_BYTES)
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 ")


async def test_an_answer_that_has_started_is_cut_off(caplog: pytest.LogCaptureFixture) -> None:
    async with connected(stopping) as (reader, writer):
        with caplog.at_level(logging.CRITICAL):
            writer.write(HEAD % 1000)
            answer = await reader.read()
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert not answer.endswith(b"0\r\n\r\n")


async def test_three_hundred_slow_bodies_do_not_delay_others() -> None:
    async with served(BodyLimitMiddleware(length, SERVER, 30)) as (address,):
        slow = [await asyncio.open_connection("127.0.0.1", urlsplit(address).port) for _ in range(300)]
        for place, (_, writer) in enumerate(slow):
            writer.write(HEAD % 1000 + b"x" * place)
        async with httpx2.AsyncClient(timeout=20) as client:
            answers = [(await client.post(address, content=b"x" * place)).text for place in range(50)]
        for _, writer in slow:
            writer.close()
    assert answers == [str(place) for place in range(50)]


async def test_the_deadline_of_an_operation_starts_after_its_body() -> None:
    gateway = open_gateway(deadline_seconds=SHORT)
    query = json.dumps({"query": '{ account(key: "tinycc") { tags { name } } }'}).encode()
    late = [query[:10], query[10:]]

    async def receive() -> Message:
        if len(late) == 1:
            await asyncio.sleep(2 * SHORT)
        return {"type": "http.request", "body": late.pop(0), "more_body": bool(late)}

    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(b"content-type", b"application/json")]
    scope = {"type": "http", "method": "POST", "path": "/graphql", "query_string": b"", "headers": headers}
    await gateway.app(scope, receive, send)
    assert sent[0]["status"] == 200
    assert "errors" not in json.loads(sent[1]["body"])
