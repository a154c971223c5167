"""A Shlink account for a test: over the emulator, or over any HTTP client."""

from dataclasses import dataclass

import httpx2

from harness.emulators import ManualClock, Recorder, Seen
from linkweave.accounts import open_account
from linkweave.providers.emulator_kit import EmulatorOptions
from linkweave.providers.shlink import PROVIDER
from linkweave.providers.shlink.adapter import ShlinkAdapter
from linkweave.providers.shlink.emulator import emulate
from linkweave.providers.shlink.emulator.seed import seeded
from linkweave.providers.shlink.emulator.server import API_KEY, Server


@dataclass(frozen=True)
class Shlink:
    """An adapter, what reached the emulator behind it, and what the emulator stores."""

    adapter: ShlinkAdapter
    calls: list[Seen]
    server: Server
    clock: ManualClock


def shlink(server: Server | None = None) -> Shlink:
    clock = ManualClock()
    server = seeded(EmulatorOptions(clock)) if server is None else server
    recorder = Recorder(emulate(server))
    http = httpx2.AsyncClient(transport=httpx2.ASGITransport(app=recorder), timeout=None)
    return Shlink(adapter_over(http, clock), recorder.seen, server, clock)


def adapter_over(http: httpx2.AsyncClient, clock: ManualClock | None = None, **options: object) -> ShlinkAdapter:
    table = {"key": "stores", "provider": "shlink", "base_url": "http://emulator", "api_key": API_KEY}
    settings = PROVIDER.settings.model_validate({**table, **options})
    adapter = open_account(settings, PROVIDER, http, clock or ManualClock()).adapter
    assert isinstance(adapter, ShlinkAdapter)
    return adapter
