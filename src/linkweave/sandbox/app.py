"""Serves every provider's emulator at one address, with faults on demand and a log of the calls."""

from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from hashlib import blake2b
from typing import Any, Final

import orjson
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from linkweave.clock import Clock
from linkweave.providers.emulator_kit import EmulatorOptions, SentWebhook
from linkweave.providers.record import Provider
from linkweave.sandbox.emulators import load_emulator
from linkweave.sandbox.faults import Fault, FaultInjector
from linkweave.settings import describe

CONTROL: Final = "_sandbox"
# Webhooks that are kept where nobody takes them.
_KEPT: Final = 1_000


@dataclass(frozen=True, slots=True)
class SeenCall:
    """A request that reached an emulator, and the status of the answer; 0 if there was none.

    `question` is a digest of method, path, query and body. `at` is when the request arrived, in seconds
    of the sandbox's clock.
    """

    method: str
    path: str
    status: int
    question: str = ""
    at: float = 0.0


@dataclass(slots=True)
class EmulatorSlot:
    """One emulator, the calls that it got, and its current fault, which hits `left` more calls; None is no limit."""

    app: ASGIApp
    calls: list[SeenCall] = field(default_factory=list)
    under_way: int = 0
    fault: Fault | None = None
    left: int | None = None

    def inject(self, fault: Fault | None) -> None:
        """Let `fault` hit the next calls; None ends the current fault."""
        self.fault, self.left = fault, fault.times if fault else None

    def next_fault(self, path: str) -> Fault | None:
        """Returns the fault that hits the next call to `path`, and counts the call; None if there is none."""
        if self.fault is None or self.left == 0 or self.fault.path not in path:
            return None
        if self.left is not None:
            self.left -= 1
        return self.fault


class Sandbox:
    """An ASGI app with each emulator under `/<provider>`, and its controls under `/_sandbox`.

    GET /_sandbox/calls counts the calls, and GET /_sandbox/log lists them; DELETE /_sandbox/calls clears them.
    PUT /_sandbox/faults/<provider> with a Fault as JSON starts a fault; DELETE /_sandbox/faults/<provider> ends it.
    POST /_sandbox/clicks/<provider>/<slug> clicks a link, of which a vendor with webhooks tells.
    POST /_sandbox/reset resets all emulators.

    `send` gets the webhooks. Without it, the latest of them are kept in `sent`.
    """

    def __init__(
        self,
        providers: Mapping[str, Provider],
        clock: Clock,
        *,
        rate_limits: bool = True,
        send: Callable[[SentWebhook], None] | None = None,
    ) -> None:
        self._providers = providers
        self.sent: deque[SentWebhook] = deque(maxlen=_KEPT)
        self._options = EmulatorOptions(clock, rate_limits, send or self.sent.append)
        self.slots: dict[str, EmulatorSlot] = {}
        self.reset()

    def reset(self) -> None:
        """Reset every emulator to its first data, without calls and faults."""
        self.slots = {
            name: EmulatorSlot(load_emulator(provider)(self._options)) for name, provider in self._providers.items()
        }

    def click(self, provider: str, slug: str) -> bool:
        """Clicks the first link with this slug. Returns False where there is none, or where no webhook tells of it."""
        click = getattr(getattr(self.slots[provider].app, "state", None), "click", None)
        if click is None:
            return False
        try:
            click(slug)
        except StopIteration:
            return False
        return True

    def calls(self, provider: str) -> list[SeenCall]:
        """Returns the calls that reached a provider's emulator, in the order of the answers."""
        return self.slots[provider].calls

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on to the emulator of its path, or answer one to the controls."""
        if scope["type"] != "http":
            return
        name, _, rest = scope["path"].lstrip("/").partition("/")
        if name == CONTROL:
            await (await self._control(Request(scope, receive), rest))(scope, receive, send)
        elif name in self.slots:
            await self._emulate(self.slots[name], {**scope, "path": f"/{rest}", "raw_path": b""}, receive, send)
        else:
            names = ", ".join(f"/{known}" for known in self.slots)
            missing = JSONResponse({"error": f"there is nothing here; the emulators are at {names}"}, 404)
            await missing(scope, receive, send)

    async def _emulate(self, slot: EmulatorSlot, scope: Scope, receive: Receive, send: Send) -> None:
        status, at = 0, self._options.clock.monotonic()
        question = blake2b(f"{scope['method']} {scope['path']}?".encode() + scope["query_string"], digest_size=16)

        async def send_noting_status(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        async def receive_hashing() -> Message:
            message = await receive()
            question.update(message.get("body", b""))
            return message

        fault = slot.next_fault(scope["path"])
        app: ASGIApp = slot.app if fault is None else FaultInjector(slot.app, fault, self._options.clock, receive)
        slot.under_way += 1
        try:
            await app(scope, receive_hashing, send_noting_status)
        finally:
            slot.under_way -= 1
            slot.calls.append(SeenCall(scope["method"], scope["path"], status, question.hexdigest(), at))

    async def _control(self, request: Request, action: str) -> Response:
        control, _, name = action.partition("/")
        match request.method, control:
            case "POST", "reset":
                self.reset()
            case "DELETE", "calls":
                for slot in self.slots.values():
                    slot.calls.clear()
            case (("PUT" | "DELETE"), "faults") if name in self.slots:
                return await self._inject(self.slots[name], request)
            case "POST", "clicks":
                provider, _, slug = name.partition("/")
                if provider not in self.slots or not self.click(provider, slug):
                    return JSONResponse({"error": "no such link, or none whose clicks the vendor tells"}, 404)
                # The counts, which the other controls answer with, have a line for each path that was ever called.
                return JSONResponse({"clicked": name})
            case "GET", "log":
                return JSONResponse({name: [asdict(call) for call in slot.calls] for name, slot in self.slots.items()})
            case "GET", "calls":
                pass
            case _:
                return JSONResponse({"error": (self.__doc__ or "").strip()}, 404)
        return JSONResponse(self._counts())

    async def _inject(self, slot: EmulatorSlot, request: Request) -> Response:
        try:
            body = await request.body() if request.method == "PUT" else None
            slot.inject(None if body is None else Fault.model_validate(orjson.loads(body)))
        except orjson.JSONDecodeError as error:
            return JSONResponse({"error": f"the fault is not JSON: {error}"}, 400)
        except ValidationError as error:
            return JSONResponse({"error": describe(error, "fault", "")}, 400)
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
