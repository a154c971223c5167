"""A Kutt account for a test: over the emulator, or over any HTTP client."""

from dataclasses import dataclass

import httpx2

from harness.emulators import ManualClock, Recorder, Seen
from linkweave.accounts import open_account
from linkweave.providers.emulator_kit import EmulatorOptions
from linkweave.providers.kutt import PROVIDER
from linkweave.providers.kutt.adapter import KuttAdapter
from linkweave.providers.kutt.emulator import emulate
from linkweave.providers.kutt.emulator.seed import seeded
from linkweave.providers.kutt.emulator.site import API_KEY, Site


@dataclass(frozen=True)
class Server:
    """An adapter, what reached the emulator behind it, and what the emulator stores."""

    adapter: KuttAdapter
    calls: list[Seen]
    site: Site
    clock: ManualClock


def server() -> Server:
    clock = ManualClock()
    site = seeded(EmulatorOptions(clock))
    recorder = Recorder(emulate(site))
    http = httpx2.AsyncClient(transport=httpx2.ASGITransport(app=recorder), timeout=None)
    return Server(adapter_over(http, clock), recorder.seen, site, clock)


def adapter_over(http: httpx2.AsyncClient, clock: ManualClock | None = None, **options: object) -> KuttAdapter:
    domains = ["kutt.coats-demo.example"]
    table = {"key": "events", "provider": "kutt", "base_url": "http://emulator", "api_key": API_KEY, "domains": domains}
    settings = PROVIDER.settings.model_validate({**table, **options})
    adapter = open_account(settings, PROVIDER, http, clock or ManualClock()).adapter
    assert isinstance(adapter, KuttAdapter)
    return adapter
