"""Every provider's emulator behind one address, with faults on demand and a count of what was asked."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from hashlib import blake2b
from typing import Any, Final

import orjson
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from linkweave.clock import Clock
from linkweave.providers.emulator_kit import EmulatorOptions
from linkweave.providers.record import Provider
from linkweave.sandbox.emulators import load_emulator
from linkweave.sandbox.faults import Fault, Faulty
from linkweave.settings import describe

CONTROL: Final = "_sandbox"


@dataclass(frozen=True, slots=True)
class SeenCall:
    """A request that reached an emulator, and what it was answered with (0: nothing).

    `question` is a digest of method, path, query and body: two calls with the same one asked the same. `at` is when it
    came, in seconds of the sandbox's clock.
    """

    method: str
    path: str
    status: int
    question: str = ""
    at: float = 0.0


@dataclass(slots=True)
class EmulatorSlot:
    """One emulator, what was asked of it, and the fault that is on."""

    app: ASGIApp
    calls: list[SeenCall] = field(default_factory=list)
    under_way: int = 0
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

    GET /_sandbox/calls counts, DELETE /_sandbox/calls forgets them; GET /_sandbox/log lists every call;
    PUT /_sandbox/faults/<provider> with a Fault as JSON, DELETE /_sandbox/faults/<provider> to end it;
    POST /_sandbox/reset starts all emulators anew.
    """

    def __init__(self, providers: Mapping[str, Provider], clock: Clock, *, rate_limits: bool = True) -> None:
        self._providers = providers
        self._options = EmulatorOptions(clock, rate_limits)
        self.slots: dict[str, EmulatorSlot] = {}
        self.reset()

    def reset(self) -> None:
        """Start every emulator anew: its first data, no calls seen, no faults."""
        self.slots = {
            name: EmulatorSlot(load_emulator(provider)(self._options)) for name, provider in self._providers.items()
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
        status, at = 0, self._options.clock.monotonic()
        question = blake2b(f"{scope['method']} {scope['path']}?".encode() + scope["query_string"], digest_size=16)

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        async def listen() -> Message:
            message = await receive()
            question.update(message.get("body", b""))
            return message

        fault = slot.next_fault(scope["path"])
        app: ASGIApp = slot.app if fault is None else Faulty(slot.app, fault, self._options.clock, receive)
        slot.under_way += 1
        try:
            await app(scope, listen, watch)
        finally:
            slot.under_way -= 1
            slot.calls.append(SeenCall(scope["method"], scope["path"], status, question.hexdigest(), at))

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
        elif (request.method, what) == ("GET", "log"):
            return JSONResponse({name: [asdict(call) for call in slot.calls] for name, slot in self.slots.items()})
        elif (request.method, what) != ("GET", "calls"):
            return JSONResponse({"error": (self.__doc__ or "").strip()}, 404)
        return JSONResponse(self._counts())

    def _counts(self) -> dict[str, Any]:
        return {
            name: {
                "calls": len(slot.calls),
                "byPath": dict(Counter(f"{call.method} {call.path}" for call in slot.calls)),
                "byStatus": dict(Counter(str(call.status) for call in slot.calls)),
                "underWay": slot.under_way,
                "fault": None if slot.fault is None else slot.fault.model_dump(),
            }
            for name, slot in self.slots.items()
        }
