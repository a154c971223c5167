"""Vendors for the benchmarks: the sandbox in this process, and the gateway over it."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import httpx2

from benchmarks.vendors import measured_providers
from linkweave.app import build_app
from linkweave.clock import SystemClock
from linkweave.edge.pipeline import GatewayApp
from linkweave.sandbox import Fault, Sandbox, sandbox_accounts
from linkweave.settings import from_table

_ADDRESS: Final = "http://sandbox"


@dataclass(slots=True)
class ImpatientClock:
    """Jumps over every wait, so that the pacing of calls to the vendors costs no time here."""

    skipped: float = 0.0

    def now(self) -> datetime:
        """The time of day, ahead by what was skipped."""
        return datetime.now(UTC) + timedelta(seconds=self.skipped)

    def monotonic(self) -> float:
        """Seconds that only grow, ahead by what was skipped."""
        return time.monotonic() + self.skipped

    async def sleep(self, seconds: float) -> None:
        """Return at once, `seconds` later."""
        self.skipped += max(0.0, seconds)
        await asyncio.sleep(0)


@dataclass(frozen=True, slots=True)
class Recorder(httpx2.AsyncBaseTransport):
    """Passes requests on and keeps them."""

    wire: httpx2.AsyncBaseTransport
    seen: list[httpx2.Request] = field(default_factory=list)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Pass `request` on."""
        self.seen.append(request)
        return await self.wire.handle_async_request(request)


@dataclass(frozen=True, slots=True)
class Vendors:
    """The five emulators, without rate limits, and how they are reached."""

    sandbox: Sandbox
    wire: httpx2.AsyncBaseTransport
    tables: Mapping[str, Mapping[str, Any]]

    @classmethod
    def open(cls) -> "Vendors":
        """With their first data."""
        providers = measured_providers()
        sandbox = Sandbox(providers, SystemClock(), rate_limits=False)
        tables = {str(table["provider"]): table for table in sandbox_accounts(providers, _ADDRESS)}
        return cls(sandbox, httpx2.ASGITransport(app=sandbox), tables)

    def gateway(self, wire: httpx2.AsyncBaseTransport) -> GatewayApp:
        """The gateway over all of them, which keeps nothing from one request to the next."""
        sections = {"server": {"deadline_seconds": 300}, "cache": {"enabled": False}}
        settings = from_table({"accounts": list(self.tables.values()), **sections}, "demo")
        return build_app(settings, ImpatientClock(), wire)

    def answer_after(self, seconds: float) -> None:
        """Let every answer take `seconds` from now on; 0 for as fast as they can."""
        for slot in self.sandbox.slots.values():
            slot.inject(Fault(kind="delay", seconds=seconds) if seconds else None)

    def take_calls(self) -> list[str]:
        """What was asked since the last time, as "PROVIDER METHOD path"."""
        calls = [
            f"{name} {each.method} {each.path}" for name, slot in self.sandbox.slots.items() for each in slot.calls
        ]
        for slot in self.sandbox.slots.values():
            slot.calls.clear()
        return calls
