"""Faults of a vendor, on demand."""

import os
import socket
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from linkweave.clock import Clock

_CHUNK: Final = 16
_BLOCK: Final = 256 * 1024
_MORE: Final[Mapping[str, bool]] = MappingProxyType({"more_body": True})


class Fault(BaseModel):
    """What goes wrong with the next calls to a provider.

    `delay`: the answer comes after `seconds`. `status`: an empty answer with `status` and `headers`. `reset`: the
    connection is reset before the answer. `truncated`: the connection is closed after half of it. `html`: a web page
    with status 200. `wrong_type`: JSON that the vendor never sends. `drip`: the answer comes in small pieces, each
    after `seconds`. `hang`: no answer, on a connection that stays open. `bad_json`: half of the answer's JSON, as if it
    were all. `wrong_length`: the whole answer, announced as half as long. `large`: `size` bytes of JSON. `gzip_bomb`:
    the same, packed into a thousandth of it. `times` is the maximum number of calls that are hit. `path` restricts the
    fault to calls whose path contains it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal[
        "delay",
        "status",
        "reset",
        "truncated",
        "html",
        "wrong_type",
        "drip",
        "hang",
        "bad_json",
        "wrong_length",
        "large",
        "gzip_bomb",
    ]
    seconds: float = Field(default=1.0, ge=0, le=3600)
    status: int = Field(default=500, ge=200, le=599)
    headers: dict[str, str] = Field(default_factory=dict)
    size: int = Field(default=50_000_000, ge=1, le=1_000_000_000)
    times: int | None = Field(default=None, ge=1)
    path: str = ""


@dataclass(frozen=True, slots=True)
class FaultInjector:
    """Answers instead of `app`, with a fault. `connection` is the server's own `receive`: it leads to the socket."""

    app: ASGIApp
    fault: Fault
    clock: Clock
    connection: Receive

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the fault."""
        match self.fault.kind:
            case "delay":
                await self.clock.sleep(self.fault.seconds)
                await self.app(scope, receive, send)
            case "status":
                await Response(b"", self.fault.status, self.fault.headers)(scope, receive, send)
            case "html":
                page = "<!doctype html><title>Maintenance</title><h1>We will be back soon</h1>"
                await Response(page, 200, media_type="text/html")(scope, receive, send)
            case "wrong_type":
                await JSONResponse([42])(scope, receive, send)
            case "reset":
                await _disconnect(self.connection, reset=True)
            case "truncated":
                await self._in_pieces(scope, receive, send, stop_half_way=True)
            case "drip":
                await self._in_pieces(scope, receive, send, stop_half_way=False)
            case "hang":
                await _wait_for_disconnect(receive)
            case "bad_json" | "wrong_length":
                await self._half(scope, receive, send)
            case _:
                await self._large(send)

    async def _half(self, scope: Scope, receive: Receive, send: Send) -> None:
        start, body = await _collect(self.app, scope, receive)
        half, rest = body[: len(body) // 2], body[len(body) // 2 :]
        headers = [pair for pair in start["headers"] if pair[0] != b"content-length"]
        await send({**start, "headers": [*headers, (b"content-length", str(len(half)).encode())]})
        await send({"type": "http.response.body", "body": half})
        # uvicorn refuses to send more than was announced. The rest is written directly to its transport.
        transport = _transport(self.connection)
        if self.fault.kind == "wrong_length" and transport is not None:
            transport.write(rest)

    async def _large(self, send: Send) -> None:
        packed = self.fault.kind == "gzip_bomb"
        headers = [(b"content-type", b"application/json"), *([(b"content-encoding", b"gzip")] if packed else [])]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        packer = zlib.compressobj(9, wbits=zlib.MAX_WBITS | 16)
        for at in range(0, self.fault.size, _BLOCK):
            block = b" " * min(_BLOCK, self.fault.size - at)
            await send({"type": "http.response.body", "body": packer.compress(block) if packed else block, **_MORE})
        await send({"type": "http.response.body", "body": packer.flush() if packed else b""})

    async def _in_pieces(self, scope: Scope, receive: Receive, send: Send, *, stop_half_way: bool) -> None:
        start, body = await _collect(self.app, scope, receive)
        length = (b"content-length", str(len(body)).encode())
        headers = [pair for pair in start["headers"] if pair[0] != b"content-length"]
        await send({**start, "headers": [*headers, length]})
        if stop_half_way:
            await send({"type": "http.response.body", "body": body[: len(body) // 2], **_MORE})
            await _disconnect(self.connection, reset=False)
            return
        # An answer without a body drips its end.
        for at in range(0, max(1, len(body)), _CHUNK):
            await self.clock.sleep(self.fault.seconds)
            await send({"type": "http.response.body", "body": body[at : at + _CHUNK], **_MORE})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _collect(app: ASGIApp, scope: Scope, receive: Receive) -> tuple[Message, bytes]:
    start: Message = {}
    body = bytearray()

    async def collect(message: Message) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
        else:
            body.extend(message.get("body", b""))

    await app(scope, receive, collect)
    return start, bytes(body)


async def _disconnect(receive: Receive, *, reset: bool) -> None:
    """Close the connection before the answer is complete, with a TCP reset or after what was sent so far.

    ASGI has no message for that; uvicorn's `receive` is a method of an object that has the socket. Without a socket, in
    one process, the error below stands for it.
    """
    transport = _transport(receive)
    if transport is None:
        raise ConnectionResetError("the sandbox closes this connection")
    if reset:
        _reset_on_close(transport.get_extra_info("socket").fileno())
    transport.close()
    await _wait_for_disconnect(receive)


async def _wait_for_disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _transport(receive: Receive) -> Any:
    """Returns uvicorn's transport of the connection; None if there is no socket."""
    return getattr(getattr(receive, "__self__", None), "transport", None)


def _reset_on_close(descriptor: int) -> None:
    """Let the system close with RST instead of FIN. It takes a duplicate: uvloop gives no access to its socket."""
    with socket.socket(fileno=os.dup(descriptor)) as duplicate:
        duplicate.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
