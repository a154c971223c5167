"""How much of a body is read: no more than it may be long, never all of it at once, and no file is left open."""

import json
import logging
import tracemalloc
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.types import Message

from harness.gateway import Gateway, open_gateway
from harness.multipart_client import OPERATIONS, PLACES, PREFLIGHT, SentFile, png, refusal_of, upload_file

MEGABYTE = 1_000_000
CHUNK = 50_000
BOUNDARY = "boundary"
PNG = png()
DESCRIPTORS = Path("/proc/self/fd")


def field_of(name: str, value: object) -> bytes:
    content = json.dumps(value).encode()
    return f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + content + b"\r\n"


@dataclass
class LargeForm:
    """A form with one picture of `size` bytes, sent in pieces; `sent` counts the bytes that were asked for."""

    size: int
    sent: int = 0
    name: str = "large.png"

    async def pieces(self) -> AsyncIterator[bytes]:
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="0"; filename="{self.name}"\r\n\r\n'.encode()
        yield field_of("operations", OPERATIONS) + field_of("map", PLACES) + head + PNG
        filler, left = bytes(CHUNK), self.size - len(PNG)
        while left:
            piece = filler[:left]
            left -= len(piece)
            self.sent += len(piece)
            yield piece
        yield f"\r\n--{BOUNDARY}--\r\n".encode()

    async def send_to(self, gateway: Gateway) -> httpx2.Response:
        headers = {"content-type": f"multipart/form-data; boundary={BOUNDARY}", **PREFLIGHT}
        async with gateway.client() as client:
            response: httpx2.Response = await client.post("/graphql", content=self.pieces(), headers=headers)
        return response


def temporary_files() -> int:
    """Files of this process that have no name any more."""
    return sum("(deleted)" in str(path.readlink()) for path in DESCRIPTORS.iterdir() if path.is_symlink())


@dataclass
class Watched(httpx2.AsyncBaseTransport):
    """A wire that counts the temporary files that are open while the vendor is asked."""

    wire: httpx2.AsyncBaseTransport
    seen: list[int] = field(default_factory=list)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        self.seen.append(temporary_files())
        return await self.wire.handle_async_request(request)


def messages(*bodies: bytes) -> Any:
    left = [{"type": "http.request", "body": body, "more_body": True} for body in bodies]

    async def receive() -> Message:
        return left.pop(0) if left else {"type": "http.disconnect"}

    return receive


async def test_a_json_request_may_have_a_megabyte() -> None:
    gateway = open_gateway()
    async with gateway.client() as client:
        for size, status in ((MEGABYTE, 200), (MEGABYTE + 1, 413)):
            body = json.dumps({"query": "{ __typename }"}).encode().ljust(size)
            response = await client.post("/graphql", content=body, headers={"content-type": "application/json"})
            assert response.status_code == status
    assert str(MEGABYTE) in refusal_of(response, 413)


async def test_a_request_with_files_is_refused_beyond_its_limit_and_read_no_further() -> None:
    gateway, form = open_gateway(), LargeForm(60 * MEGABYTE)
    assert "25000000 bytes" in refusal_of(await form.send_to(gateway), 413)
    assert form.sent < 26 * MEGABYTE
    assert gateway.calls() == {}


async def test_a_large_file_streams_through() -> None:
    gateway = open_gateway()
    await upload_file(gateway, SentFile(png(shade=1)))
    form = LargeForm(20 * MEGABYTE)
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        response = await form.send_to(gateway)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    payload = response.json()["data"]["payload"]
    assert payload["errors"] == []
    assert payload["upload"]["size"] == 20 * MEGABYTE
    assert peak - before < 10 * MEGABYTE


@pytest.mark.skipif(not DESCRIPTORS.exists(), reason="this system does not show the files of a process")
@pytest.mark.parametrize(
    ("size", "name", "status", "seen"),
    [
        (3 * MEGABYTE, "large.png", 200, [1]),
        (3 * MEGABYTE, "large.txt", 200, []),
        (40 * MEGABYTE, "large.png", 413, []),
    ],
    ids=["stored", "refused", "too large"],
)
async def test_no_file_is_left_open(size: int, name: str, status: int, seen: list[int]) -> None:
    wires: list[Watched] = []

    def watched(wire: httpx2.AsyncBaseTransport) -> Watched:
        wires.append(Watched(wire))
        return wires[0]

    gateway, before = open_gateway(around=watched), temporary_files()
    response = await LargeForm(size, name=name).send_to(gateway)
    assert response.status_code == status
    assert [count - before for count in wires[0].seen] == seen
    assert temporary_files() == before


@pytest.mark.skipif(not DESCRIPTORS.exists(), reason="this system does not show the files of a process")
@pytest.mark.parametrize("content_type", [f"multipart/form-data; boundary={BOUNDARY}", "application/json"])
async def test_a_client_that_disconnects_during_an_upload_leaves_no_file_and_no_error(
    content_type: str, caplog: pytest.LogCaptureFixture
) -> None:
    gateway, before = open_gateway(), temporary_files()
    large = [piece async for piece in LargeForm(3 * MEGABYTE).pieces()][:-1]
    pieces = large if content_type.startswith("multipart") else [b'{"query": "{ __type']
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(b"content-type", content_type.encode()), (b"x-requested-with", b"x")]
    scope = {"type": "http", "method": "POST", "path": "/graphql", "headers": headers, "query_string": b""}
    with caplog.at_level(logging.WARNING):
        await gateway.app(scope, messages(*pieces), send)
    assert temporary_files() == before
    assert gateway.calls() == {}
    assert caplog.records == []
    assert sent[0]["status"] == 400
