"""Forms with files: only writers send them, and all that are read at once have a limit together."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
from starlette.types import Message, Receive, Scope, Send

from harness.gateway import open_gateway
from harness.gateway_with_clients import ROOT, client, open_guarded
from harness.multipart_client import FILES, PLACES, UPLOAD, send_form, send_upload
from harness.plain_connections import connected
from harness.sockets import served
from linkweave.edge.auth.callers import ANONYMOUS
from linkweave.edge.auth.upload_limits import UploadLimits, UploadsBusyError

FORM = (b"content-type", b"multipart/form-data; boundary=x")
PIECE: Message = {"type": "http.request", "body": b"x" * 60, "more_body": True}


@pytest.mark.parametrize("scopes", [["read"], ["admin"], ["read", "admin"]])
async def test_a_form_of_a_caller_that_may_not_write_is_refused_unread(scopes: list[str]) -> None:
    gateway = open_guarded([client("root", ROOT, scopes, "*")])
    read: list[str] = []

    async def receive() -> Message:
        read.append("a piece")
        return PIECE

    sent: list[Any] = []

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [
        FORM,
        (b"host", b"127.0.0.1"),
        (b"authorization", f"Bearer {ROOT}".encode()),
        (b"x-requested-with", b"x"),
    ]
    scope = {"type": "http", "method": "POST", "path": "/graphql", "query_string": b"", "headers": headers}
    await gateway.app({**scope, "http_version": "1.1"}, receive, send)
    assert (sent[0]["status"], read) == (403, [])
    assert b"scope write" in sent[1]["body"]


@pytest.mark.real_time
async def test_large_forms_of_readers_are_refused_before_they_arrive() -> None:
    """30 connections of a caller that may only read stored 572 MB in a second."""
    gateway = open_guarded([client("root", ROOT, ["read"], "*")])
    head = (
        f"POST /graphql HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {ROOT}\r\nX-Requested-With: x\r\n"
        "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 19000000\r\n\r\n--x\r\n"
    )
    async with served(gateway.app) as (address,), AsyncExitStack() as stack:
        port = urlsplit(address).port
        connections = [await stack.enter_async_context(connected(port)) for _ in range(30)]
        for connection in connections:
            await connection.send(head.encode())
        answers = [await connection.answer() for connection in connections]
    assert {status for status, _ in answers} == {403}


async def test_a_caller_that_may_only_write_can_upload() -> None:
    gateway = open_guarded([client("root", ROOT, ["write"], "*")]).bearing(ROOT)
    operations = {"query": UPLOAD, "variables": {"input": {"account": "zz-u", "file": None}}}
    assert (await send_form(gateway, operations, PLACES, FILES)).json()["data"]["payload"]["errors"] == []


async def reading(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001 - an ASGI app
    """Reads pieces until one is the last."""
    while (await receive())["more_body"]:
        pass


def form(*more: tuple[bytes, bytes]) -> Scope:
    return {"type": "http", "method": "POST", "headers": [FORM, *more], "state": {"caller": ANONYMOUS}}


async def send_nothing(_: Message) -> None:
    """No layer of these tests answers."""


class Sender:
    """Sends one piece of a form, and the last, empty one when the test says so."""

    def __init__(self, limits: UploadLimits) -> None:
        self._ends = asyncio.Event()
        self._pieces: Iterator[Message] = iter([PIECE])
        self.request = asyncio.ensure_future(limits(form(), self._receive, send_nothing))

    async def _receive(self) -> Message:
        for piece in self._pieces:
            return piece
        await self._ends.wait()
        return {"type": "http.request", "body": b"", "more_body": False}

    async def end(self) -> None:
        self._ends.set()
        await self.request


async def test_bytes_of_a_form_count_until_its_request_is_answered() -> None:
    limits = UploadLimits(reading, 100)
    first = Sender(limits)
    await asyncio.sleep(0)
    with pytest.raises(UploadsBusyError):
        await Sender(limits).request
    await first.end()
    await Sender(limits).end()


async def test_a_form_that_announces_too_much_is_refused_unread() -> None:
    limits = UploadLimits(reading, 100)
    first = Sender(limits)
    await asyncio.sleep(0)

    async def receive() -> Message:
        raise AssertionError

    with pytest.raises(UploadsBusyError):
        await limits(form((b"content-length", b"41")), receive, send_nothing)
    await first.end()


async def test_a_failed_request_counts_no_longer() -> None:
    async def failing(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001 - an ASGI app
        await receive()
        raise ValueError

    limits = UploadLimits(failing, 100)
    for _ in range(3):
        with pytest.raises(ValueError):  # noqa: PT011 - the app's own
            await Sender(limits).request


async def test_the_caller_is_told_when_to_try_again() -> None:
    """An upload that stops half way fills the process. The next one is told so, and a query is answered."""
    gateway = open_gateway(server={"max_upload_bytes": 1_000_000, "max_spooled_bytes": 1_000_000})
    stored, stopped = asyncio.Event(), asyncio.Event()

    async def half() -> AsyncIterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="0"; filename="a"\r\n\r\n' + b"x" * 999_900
        stored.set()
        await stopped.wait()
        yield b"\r\n--x--\r\n"

    headers = {"content-type": "multipart/form-data; boundary=x", "x-requested-with": "x"}
    async with gateway.client() as http:
        stuck = asyncio.ensure_future(http.post("/graphql", content=half(), headers=headers))
        await stored.wait()
        refused = await send_upload(gateway)
        assert (await http.post("/graphql", json={"query": "{ __typename }"})).status_code == httpx2.codes.OK
        stopped.set()
        await stuck
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
    assert refused.json()["errors"][0]["extensions"] == {"code": "UNAVAILABLE"}
    assert (await send_upload(gateway)).status_code == httpx2.codes.OK
