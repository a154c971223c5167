"""A Rebrandly account for a test: over the emulator, or over any HTTP client."""

from dataclasses import dataclass

import httpx2

from harness.emulators import ManualClock, Recorder, Seen
from linkweave.accounts import open_account
from linkweave.providers.emulator_kit import EmulatorOptions
from linkweave.providers.rebrandly import PROVIDER
from linkweave.providers.rebrandly.adapter import RebrandlyAdapter
from linkweave.providers.rebrandly.emulator import emulate
from linkweave.providers.rebrandly.emulator.seed import seeded
from linkweave.providers.rebrandly.emulator.store import API_KEY, Store


@dataclass(frozen=True)
class Rebrandly:
    """An adapter, what reached the emulator behind it, and what the emulator stores."""

    adapter: RebrandlyAdapter
    calls: list[Seen]
    store: Store

    def writes(self) -> list[str]:
        return [f"{call.method} {call.path}" for call in self.calls if call.method != "GET"]


def rebrandly(**options: object) -> Rebrandly:
    clock = ManualClock()
    store = seeded(EmulatorOptions(clock))
    recorder = Recorder(emulate(store))
    http = httpx2.AsyncClient(transport=httpx2.ASGITransport(app=recorder), timeout=None)
    return Rebrandly(adapter_over(http, clock, **options), recorder.seen, store)


def adapter_over(http: httpx2.AsyncClient, clock: ManualClock | None = None, **options: object) -> RebrandlyAdapter:
    table = {"key": "partners", "provider": "rebrandly", "base_url": "http://emulator", "api_key": API_KEY}
    settings = PROVIDER.settings.model_validate({**table, **options})
    adapter = open_account(settings, PROVIDER, http, clock or ManualClock()).adapter
    assert isinstance(adapter, RebrandlyAdapter)
    return adapter
