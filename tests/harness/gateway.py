"""A gateway over the sandbox in one process: GraphQL in, emulators' wire formats out, no socket and no real time."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import httpx2
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from harness.virtual_time import LoopClock
from linkweave.app import build_app
from linkweave.edge.pipeline import Front
from linkweave.providers.discovery import discover
from linkweave.runtime.process import Process
from linkweave.sandbox import Fault, Sandbox, sandbox_accounts
from linkweave.settings import from_table

SANDBOX = "http://sandbox"

FORGETFUL = MappingProxyType({"cache": {"enabled": False}})
"""For tests of what each question asks of the vendors, or of what happens when they fail."""


class Wire(httpx2.AsyncBaseTransport):
    """Reaches an ASGI app as if over a socket: where the app cuts the connection, the caller reads an error."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        answered = False

        async def watched(scope: Scope, receive: Receive, send: Send) -> None:
            async def watch(message: Message) -> None:
                nonlocal answered
                answered = True
                await send(message)

            await self._app(scope, receive, watch)

        try:
            return await httpx2.ASGITransport(app=watched).handle_async_request(request)
        except ConnectionResetError:
            if answered:
                raise httpx2.RemoteProtocolError(
                    "peer closed connection without sending complete message body"
                ) from None
            raise httpx2.ReadError("connection reset by peer") from None


@dataclass(frozen=True)
class CutFor(httpx2.AsyncBaseTransport):
    """A wire that is cut for some requests."""

    wire: httpx2.AsyncBaseTransport
    cut: Callable[[httpx2.Request], bool]

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        if self.cut(request):
            raise httpx2.ReadError("connection reset by peer")
        return await self.wire.handle_async_request(request)


@dataclass(frozen=True)
class Reply:
    """A GraphQL answer."""

    status: int
    headers: httpx2.Headers
    data: Any
    errors: list[dict[str, Any]]

    @property
    def codes(self) -> list[str]:
        return [error["extensions"]["code"] for error in self.errors]

    @property
    def error(self) -> dict[str, Any]:
        (error,) = self.errors
        return error

    def failing_paths(self) -> dict[tuple[str | int, ...], str]:
        return {tuple(error["path"]): error["extensions"]["code"] for error in self.errors}


@dataclass(frozen=True)
class Part:
    """One part of a streamed answer, and when it came."""

    at: float
    content: Any


def _objects(written: bytes) -> list[Any]:
    pieces = (piece.partition(b"\r\n\r\n")[2].strip() for piece in written.split(b"\r\n---"))
    return [json.loads(piece) for piece in pieces if piece]


def merge_parts(parts: Sequence[Part]) -> tuple[Any, list[Any]]:
    """The whole answer: data and errors, by the rules of incremental delivery."""
    first, *rest = (part.content for part in parts)
    data, errors = first["data"], list(first.get("errors") or [])
    places = {each["id"]: each["path"] for each in first["pending"]}
    for content in rest:
        places |= {each["id"]: each["path"] for each in content.get("pending") or []}
        for piece in content.get("incremental") or []:
            errors += piece.get("errors") or []
            _put(data, [*places[piece["id"]], *piece.get("subPath", [])], piece)
        errors += [error for each in content.get("completed") or [] for error in each.get("errors") or []]
    return data, errors


def _put(data: Any, path: Sequence[str | int], piece: Any) -> None:
    place = data
    for step in path:
        place = place[step]
    if "items" in piece:
        place.extend(piece["items"])
    else:
        _fill(place, piece["data"])


def _fill(place: Any, data: Any) -> None:
    for name, value in data.items():
        if isinstance(value, dict) and isinstance(place.get(name), dict):
            _fill(place[name], value)
        else:
            place[name] = value


@dataclass(frozen=True)
class Gateway:
    """A gateway and the sandbox behind it; `headers` come with every request."""

    app: Front
    sandbox: Sandbox
    clock: LoopClock
    headers: Mapping[str, str] = field(default_factory=dict)

    def bearing(self, token: str) -> "Gateway":
        """The same gateway, asked with a token."""
        return replace(self, headers={**self.headers, "authorization": f"Bearer {token}"})

    def client(self) -> httpx2.AsyncClient:
        transport = httpx2.ASGITransport(app=self.app)
        return httpx2.AsyncClient(
            transport=transport, base_url="http://127.0.0.1", timeout=None, headers=dict(self.headers)
        )

    async def ask(self, query: str, /, **variables: object) -> Reply:
        async with self.client() as client:
            response = await client.post("/graphql", json={"query": query, "variables": variables})
        body = response.json()
        assert response.status_code == 200, body
        return Reply(response.status_code, response.headers, body.get("data"), body.get("errors", []))

    async def stream(self, query: str, /, **variables: object) -> list["Part"]:
        """The parts of a streamed answer, each with the time at which it came."""
        parts: list[Part] = []
        body = json.dumps({"query": query, "variables": variables}).encode()
        messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]
        kind = b""

        async def receive() -> Message:
            if not messages:
                await asyncio.Event().wait()  # this caller never hangs up
            return messages.pop()

        async def send(message: Message) -> None:
            nonlocal kind
            kind = kind or dict(message.get("headers", [])).get(b"content-type", b"")
            # Each part is written at once, with its boundary.
            parts.extend(Part(self.clock.monotonic(), each) for each in _objects(message.get("body", b"")))

        headers = [(b"content-type", b"application/json"), (b"accept", b"multipart/mixed")]
        headers += [(name.encode(), value.encode()) for name, value in self.headers.items()]
        scope = {"type": "http", "method": "POST", "path": "/graphql", "query_string": b"", "headers": headers}
        await self.app({**scope, "asgi": {"version": "3.0", "spec_version": "2.4"}}, receive, send)
        assert kind.startswith(b"multipart/mixed")
        return parts

    async def data(self, query: str, /, **variables: object) -> Any:
        """What is answered, where nothing may go wrong."""
        reply = await self.ask(query, **variables)
        assert not reply.errors, reply.errors
        return reply.data

    def break_provider(self, provider: str, kind: str, **details: object) -> None:
        self.sandbox.slots[provider].inject(Fault.model_validate({"kind": kind, **details}))

    def mend_provider(self, provider: str) -> None:
        self.sandbox.slots[provider].inject(None)

    def calls(self) -> dict[str, list[str]]:
        """What reached each provider that was asked anything, as "METHOD path"."""
        return {
            name: [f"{call.method} {call.path}" for call in slot.calls]
            for name, slot in self.sandbox.slots.items()
            if slot.calls
        }

    def forget_calls(self) -> None:
        for slot in self.sandbox.slots.values():
            slot.calls.clear()


def open_gateway(
    *,
    accounts: Sequence[Mapping[str, object]] | None = None,
    deadline_seconds: float = 10,
    secret: str = "sandbox-cursor-secret",  # noqa: S107 - signs nothing but test cursors
    around: Callable[[Wire], httpx2.AsyncBaseTransport] | None = None,
    server: Mapping[str, object] | None = None,
    sections: Mapping[str, object] | None = None,
    process: Process | None = None,
) -> Gateway:
    """The demo's gateway; `accounts` replace its account tables, `around` puts something between it and the vendors.

    `server` adds to [server], `sections` are further tables of the configuration, `process` is whose it is.
    """
    # It is NOW, also in a loop that has run for other tests: so the emulators start with the same data.
    providers, clock = discover(), LoopClock(asyncio.get_running_loop().time())
    sandbox = Sandbox(providers, clock)
    tables = sandbox_accounts(providers, SANDBOX) if accounts is None else accounts
    told = {"deadline_seconds": deadline_seconds, "secret": secret, **(server or {})}
    settings = from_table({"accounts": tables, "server": told, **(sections or {})}, "demo")
    wire = Wire(sandbox)
    return Gateway(build_app(settings, clock, around(wire) if around else wire, process), sandbox, clock)
