"""A Short.io account for a test: over the emulator, or over any HTTP client."""

from dataclasses import dataclass

import httpx2
from starlette.applications import Starlette

from harness.emulators import ManualClock, Recorder, Seen
from linkweave.accounts import open_account
from linkweave.providers.emulator_kit import EmulatorOptions
from linkweave.providers.shortio import PROVIDER
from linkweave.providers.shortio.adapter import ShortioAdapter
from linkweave.providers.shortio.emulator import emulate
from linkweave.providers.shortio.emulator.seed import seeded
from linkweave.providers.shortio.emulator.store import API_KEY, Store


@dataclass(frozen=True)
class Shortio:
    """An adapter, what reached the emulator behind it, and what the emulator stores."""

    adapter: ShortioAdapter
    calls: list[Seen]
    store: Store
    clock: ManualClock


def shortio(**options: object) -> Shortio:
    clock = ManualClock()
    store = seeded(EmulatorOptions(clock))
    recorder = Recorder(emulate(store))
    http = httpx2.AsyncClient(transport=httpx2.ASGITransport(app=recorder), timeout=None)
    return Shortio(adapter_over(http, clock, **options), recorder.seen, store, clock)


def adapter_over(http: httpx2.AsyncClient, clock: ManualClock | None = None, **options: object) -> ShortioAdapter:
    table = {"key": "events", "provider": "shortio", "base_url": "http://emulator", "api_key": API_KEY}
    settings = PROVIDER.settings.model_validate({**table, **options})
    adapter = open_account(settings, PROVIDER, http, clock or ManualClock()).adapter
    assert isinstance(adapter, ShortioAdapter)
    return adapter


def emulate_many_links(options: EmulatorOptions) -> Starlette:
    """A user with 1,000 links."""
    return emulate(seeded(options, 1_000))
