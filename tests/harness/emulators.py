"""What the tests stand on: a clock with movable hands, and emulators reached without a socket."""

import asyncio
import heapq
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx2
from starlette.types import ASGIApp, Receive, Scope, Send

from linkweave.accounts import Account, check_accounts, open_account
from linkweave.providers.discovery import discover
from linkweave.providers.emulator_kit import EmulatorOptions
from linkweave.sandbox import load_emulator

NOW = datetime(2026, 11, 20, 10, 30, tzinfo=UTC)

# Turns of the event loop that other tasks get before a sleeping task advances the clock.
PATIENCE = 50


@dataclass
class ManualClock:
    """A clock whose time passes only while all tasks sleep, and then at once."""

    start: datetime = NOW
    elapsed: float = 0.0
    _alarms: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return self.start + timedelta(seconds=self.elapsed)

    def monotonic(self) -> float:
        return self.elapsed

    def advance(self, seconds: float) -> None:
        self.elapsed += seconds

    async def sleep(self, seconds: float) -> None:
        alarm = self.elapsed + max(0.0, seconds)
        heapq.heappush(self._alarms, alarm)
        try:
            while self.elapsed < alarm:
                for _ in range(PATIENCE):
                    await asyncio.sleep(0)
                if self._alarms[0] == alarm:
                    self.elapsed = max(self.elapsed, alarm)
        finally:
            self._alarms.remove(alarm)
            heapq.heapify(self._alarms)


@dataclass(frozen=True)
class Seen:
    """A request that reached an emulator."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Recorder:
    """An app in front of an emulator that writes down what reaches it."""

    app: ASGIApp
    seen: list[Seen] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = bytearray()

        async def listen() -> dict[str, object]:
            message = await receive()
            body.extend(message.get("body", b""))
            return dict(message)

        await self.app(scope, listen, send)
        url = httpx2.URL(f"http://emulator{scope['path']}?{scope['query_string'].decode()}")
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        self.seen.append(Seen(scope["method"], scope["path"], dict(url.params.multi_items()), headers, bytes(body)))


@dataclass(frozen=True)
class Bench:
    """One account of one provider, wired to a fresh emulator."""

    account: Account
    calls: list[Seen]
    clock: ManualClock
    http: httpx2.AsyncClient


def bench(provider_id: str, *, rate_limits: bool = True, sandbox_account: int = 0, **options: object) -> Bench:
    """Open one of the provider's sandbox accounts, with `options` changed, over its emulator in this process."""
    clock = ManualClock()
    providers = discover()
    provider = providers[provider_id]
    recorder = Recorder(load_emulator(provider)(EmulatorOptions(clock, rate_limits)))
    sandbox = provider.sandbox_accounts[sandbox_account]
    table = {
        "key": sandbox.key,
        "provider": provider_id,
        "base_url": "http://emulator",
        **sandbox.options,
        **options,
    }
    (settings,) = check_accounts([table], providers, "demo")
    http = httpx2.AsyncClient(transport=httpx2.ASGITransport(app=recorder), timeout=None)
    return Bench(open_account(settings, provider, http, clock), recorder.seen, clock, http)


def answering(status: int, body: bytes, headers: Mapping[str, str] | None = None) -> httpx2.AsyncClient:
    """Returns an HTTP client that gets the same answer to each request, for answers that no emulator sends."""

    def respond(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(status, headers=dict(headers or {}), stream=httpx2.ByteStream(body), request=request)

    return httpx2.AsyncClient(transport=httpx2.MockTransport(respond))
