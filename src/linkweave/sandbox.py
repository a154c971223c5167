"""Every provider's emulator behind one address, with faults on demand and a count of what was asked."""

import os
import socket
import struct
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from linkweave.clock import Clock
from linkweave.providers.emulation import EmulatorOptions
from linkweave.providers.provider import Provider
from linkweave.settings import describe

CONTROL: Final = "_sandbox"
_CHUNK: Final = 16


class Fault(BaseModel):
    """What goes wrong with the next calls to a provider.

    `delay`: answered after `seconds`. `status`: answered with `status` (and `headers`) and no useful body.
    `reset`: the connection is reset before an answer. `truncated`: closed in the middle of it. `html`: a web
    page with status 200. `wrong_type`: JSON, but nothing that the vendor ever says. `drip`: the answer comes in
    small pieces, each after `seconds`. `times` bounds how many calls are hit; `path` narrows it to paths that
    contain it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["delay", "status", "reset", "truncated", "html", "wrong_type", "drip"]
    seconds: float = Field(default=1.0, ge=0, le=3600)
    status: int = Field(default=500, ge=200, le=599)
    headers: dict[str, str] = Field(default_factory=dict)
    times: int | None = Field(default=None, ge=1)
    path: str = ""


@dataclass(frozen=True, slots=True)
class SeenCall:
    """A request that reached an emulator, and what it was answered with (0: nothing)."""

    method: str
    path: str
    status: int


@dataclass(slots=True)
class EmulatorSlot:
    """One emulator, what was asked of it, and the fault that is on."""

    app: ASGIApp
    calls: list[SeenCall] = field(default_factory=list)
    fault: Fault | None = None
    left: int | None = None

    def inject(self, fault: Fault | None) -> None:
        """Let `fault` happen from now on; None ends it."""
        self.fault, self.left = fault, fault.times if fault else None

    def next_fault(self, path: str) -> Fault | None:
        """The fault that hits the call at hand, counted down."""
        if self.fault is None or self.left == 0 or self.fault.path not in path:
            return None
        if self.left is not None:
            self.left -= 1
        return self.fault


class Sandbox:
    """An ASGI app with an emulator under `/<provider>` each, and its controls under `/_sandbox`.

    GET /_sandbox/calls counts, DELETE /_sandbox/calls forgets them; PUT /_sandbox/faults/<provider> with a Fault as
    JSON, DELETE /_sandbox/faults/<provider> to end it; POST /_sandbox/reset starts all emulators anew.
    """

    def __init__(self, providers: Mapping[str, Provider], clock: Clock, *, rate_limits: bool = True) -> None:
        self._providers = providers
        self._options = EmulatorOptions(clock, rate_limits)
        self.slots: dict[str, EmulatorSlot] = {}
        self.reset()

    def reset(self) -> None:
        """Start every emulator anew: its first data, no calls seen, no faults."""
        self.slots = {
            name: EmulatorSlot(provider.create_emulator(self._options)) for name, provider in self._providers.items()
        }

    def calls(self, provider: str) -> list[SeenCall]:
        """What was asked of a provider's emulator, in the order of the answers."""
        return self.slots[provider].calls

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on to the emulator that its path names."""
        if scope["type"] != "http":
            return
        name, _, rest = scope["path"].lstrip("/").partition("/")
        if name == CONTROL:
            await (await self._control(Request(scope, receive), rest))(scope, receive, send)
        elif name in self.slots:
            await self._emulate(self.slots[name], {**scope, "path": f"/{rest}", "raw_path": b""}, receive, send)
        else:
            names = ", ".join(f"/{known}" for known in self.slots)
            missing = JSONResponse({"error": f"nothing here; the emulators are at {names}"}, 404)
            await missing(scope, receive, send)

    async def _emulate(self, slot: EmulatorSlot, scope: Scope, receive: Receive, send: Send) -> None:
        status = 0

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        fault = slot.next_fault(scope["path"])
        app: ASGIApp = slot.app if fault is None else Faulty(slot.app, fault, self._options.clock)
        try:
            await app(scope, receive, watch)
        finally:
            slot.calls.append(SeenCall(scope["method"], scope["path"], status))

    async def _control(self, request: Request, action: str) -> Response:
        what, _, name = action.partition("/")
        if (request.method, what) == ("POST", "reset"):
            self.reset()
        elif (request.method, what) == ("DELETE", "calls"):
            for slot in self.slots.values():
                slot.calls.clear()
        elif what == "faults" and name in self.slots and request.method in {"PUT", "DELETE"}:
            try:
                given = await request.body() if request.method == "PUT" else None
                self.slots[name].inject(None if given is None else Fault.model_validate(orjson.loads(given)))
            except orjson.JSONDecodeError as error:
                return JSONResponse({"error": f"the fault is not JSON: {error}"}, 400)
            except ValidationError as error:
                return JSONResponse({"error": describe(error, "fault", "")}, 400)
        elif (request.method, what) != ("GET", "calls"):
            return JSONResponse({"error": (self.__doc__ or "").strip()}, 404)
        return JSONResponse(self._counts())

    def _counts(self) -> dict[str, Any]:
        return {
            name: {
                "calls": len(slot.calls),
                "byPath": dict(Counter(f"{call.method} {call.path}" for call in slot.calls)),
                "byStatus": dict(Counter(str(call.status) for call in slot.calls)),
                "fault": None if slot.fault is None else slot.fault.model_dump(),
            }
            for name, slot in self.slots.items()
        }


@dataclass(frozen=True, slots=True)
class Faulty:
    """An app that goes wrong in one way."""

    app: ASGIApp
    fault: Fault
    clock: Clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer wrongly."""
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
                await _cut(receive, reset=True)
            case "truncated":
                await self._in_pieces(scope, receive, send, stop_half_way=True)
            case _:  # "drip"
                await self._in_pieces(scope, receive, send, stop_half_way=False)

    async def _in_pieces(self, scope: Scope, receive: Receive, send: Send, *, stop_half_way: bool) -> None:
        start, body = await _collect(self.app, scope, receive)
        length = (b"content-length", str(len(body)).encode())
        headers = [pair for pair in start["headers"] if pair[0] != b"content-length"]
        await send({**start, "headers": [*headers, length]})
        if stop_half_way:
            await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
            await _cut(receive, reset=False)
            return
        for at in range(0, len(body), _CHUNK):
            await self.clock.sleep(self.fault.seconds)
            await send({"type": "http.response.body", "body": body[at : at + _CHUNK], "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _collect(app: ASGIApp, scope: Scope, receive: Receive) -> tuple[Message, bytes]:
    start: Message = {}
    body = bytearray()

    async def keep(message: Message) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
        else:
            body.extend(message.get("body", b""))

    await app(scope, receive, keep)
    return start, bytes(body)


async def _cut(receive: Receive, *, reset: bool) -> None:
    """Cut the connection before the answer is complete: with a TCP reset, or after what was sent so far.

    ASGI has no word for that; uvicorn's receive belongs to an object that holds the socket. In process, without
    a socket, the error below is all there is.
    """
    transport = getattr(getattr(receive, "__self__", None), "transport", None)
    if transport is None:
        raise ConnectionResetError("the sandbox cuts this connection")
    if reset:
        _reset_on_close(transport.get_extra_info("socket").fileno())
    transport.close()
    while (await receive())["type"] != "http.disconnect":
        pass


def _reset_on_close(descriptor: int) -> None:
    """Let the system answer with RST instead of FIN, through a twin: uvloop hands out no socket of its own."""
    with socket.socket(fileno=os.dup(descriptor)) as twin:
        twin.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def sandbox_accounts(providers: Mapping[str, Provider], base_url: str) -> list[dict[str, object]]:
    """Account tables for the first account of every emulator, reached at `base_url`."""
    return [
        {
            "key": account.key,
            "provider": provider.id,
            "label": account.label,
            "base_url": f"{base_url}/{provider.id}",
            **account.options,
        }
        for provider in providers.values()
        for account in provider.sandbox_accounts[:1]
    ]
