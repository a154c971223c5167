"""A gateway over emulators in one process: GraphQL goes in, the vendors' wire formats come out, no socket is opened."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final

import httpx2
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from linkweave.app import build_app
from linkweave.edge.pipeline import GatewayApp
from linkweave.providers.discovery import discover
from linkweave.providers.record import Provider
from linkweave.runtime.process import Process
from linkweave.sandbox import Fault, Sandbox, sandbox_accounts
from linkweave.settings import from_table
from linkweave.testing.virtual_time import LoopClock

SANDBOX: Final = "http://sandbox"

UNCACHED: Final = MappingProxyType({"cache": {"enabled": False}})
"""Configuration for tests that count a vendor's calls, or that make a vendor fail."""


class AsgiWire(httpx2.AsyncBaseTransport):
    """Reaches an ASGI app as if over a socket: where the app cuts the connection, the client gets an error."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Returns the app's response.

        Raises:
            ReadError: the app cut the connection before its response.
            RemoteProtocolError: the app cut the connection within its response.
        """
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
class Reply:
    """A GraphQL response."""

    status: int
    headers: httpx2.Headers
    data: Any
    errors: list[dict[str, Any]]

    @property
    def codes(self) -> list[str]:
        """The codes of the errors."""
        return [error["extensions"]["code"] for error in self.errors]

    @property
    def error(self) -> dict[str, Any]:
        """The only error."""
        (error,) = self.errors
        return error

    def failing_paths(self) -> dict[tuple[str | int, ...], str]:
        """Returns the code of each error by its path."""
        return {tuple(error["path"]): error["extensions"]["code"] for error in self.errors}


@dataclass(frozen=True)
class Gateway:
    """A gateway and the sandbox behind it. `headers` are sent with every request."""

    app: GatewayApp
    sandbox: Sandbox
    clock: LoopClock
    headers: Mapping[str, str] = field(default_factory=dict)

    def bearing(self, token: str) -> "Gateway":
        """Returns the same gateway; its requests carry a token."""
        return replace(self, headers={**self.headers, "authorization": f"Bearer {token}"})

    def client(self) -> httpx2.AsyncClient:
        """Returns an HTTP client of the gateway."""
        transport = httpx2.ASGITransport(app=self.app)
        return httpx2.AsyncClient(
            transport=transport, base_url="http://127.0.0.1", timeout=None, headers=dict(self.headers)
        )

    async def ask(self, query: str, /, **variables: object) -> Reply:
        """Sends an operation and returns the response."""
        async with self.client() as client:
            response = await client.post("/graphql", json={"query": query, "variables": variables})
        body = response.json()
        assert response.status_code == 200, body
        return Reply(response.status_code, response.headers, body.get("data"), body.get("errors", []))

    async def data(self, query: str, /, **variables: object) -> Any:
        """Sends an operation that must have no errors; returns its data."""
        reply = await self.ask(query, **variables)
        assert not reply.errors, reply.errors
        return reply.data

    async def payload(self, mutation: str, /, **variables: object) -> Any:
        """Sends a mutation whose field has the alias `payload`; returns the payload, with or without errors in it."""
        return (await self.data(mutation, **variables))["payload"]

    def break_provider(self, provider: str, kind: str, **details: object) -> None:
        """Lets the provider's emulator fail from now on."""
        self.sandbox.slots[provider].inject(Fault.model_validate({"kind": kind, **details}))

    def mend_provider(self, provider: str) -> None:
        """Ends the failures of the provider's emulator."""
        self.sandbox.slots[provider].inject(None)

    def calls(self) -> dict[str, list[str]]:
        """Returns the calls that each emulator received, as "METHOD path"; emulators without a call are left out."""
        return {
            name: [f"{call.method} {call.path}" for call in slot.calls]
            for name, slot in self.sandbox.slots.items()
            if slot.calls
        }

    def forget_calls(self) -> None:
        """Clears the list of calls."""
        for slot in self.sandbox.slots.values():
            slot.calls.clear()


def open_gateway(
    *,
    providers: Mapping[str, Provider] | None = None,
    accounts: Sequence[Mapping[str, object]] | None = None,
    deadline_seconds: float = 10,
    secret: str = "sandbox-cursor-secret",  # noqa: S107 - signs nothing but test cursors
    around: Callable[[AsgiWire], httpx2.AsyncBaseTransport] | None = None,
    server: Mapping[str, object] | None = None,
    sections: Mapping[str, object] | None = None,
    process: Process | None = None,
) -> Gateway:
    """Opens a gateway over the emulators of `providers`; None stands for all that are installed.

    `accounts` replace the sandbox's account tables. `around` wraps the wire between the gateway and the emulators.
    `server` adds to [server], and `sections` are further tables of the configuration.
    """
    providers = discover() if providers is None else providers
    # The clock shows NOW, even in a loop that other tests used: so the emulators start with the same data.
    clock = LoopClock(asyncio.get_running_loop().time())
    sandbox = Sandbox(providers, clock)
    tables = sandbox_accounts(providers, SANDBOX) if accounts is None else accounts
    options = {"deadline_seconds": deadline_seconds, "secret": secret, **(server or {})}
    settings = from_table({"accounts": tables, "server": options, **(sections or {})}, "demo")
    wire = AsgiWire(sandbox)
    return Gateway(build_app(settings, clock, around(wire) if around else wire, process, providers), sandbox, clock)
