"""A Bitly account for a test: over the emulator, or over any HTTP client."""

from collections.abc import Mapping
from dataclasses import dataclass

import httpx2

from harness.emulators import ManualClock, Recorder, Seen
from linkweave.accounts import open_account
from linkweave.providers.bitly import PROVIDER
from linkweave.providers.bitly.adapter import BitlyAdapter
from linkweave.providers.bitly.emulator import emulate
from linkweave.providers.bitly.emulator.access import Access
from linkweave.providers.bitly.emulator.seed import FREE_GROUP, FREE_TOKEN, MAIN_GROUP, TOKEN, seeded
from linkweave.providers.emulator_kit import EmulatorOptions

FREE: Mapping[str, object] = {"token": FREE_TOKEN, "group": FREE_GROUP, "plan": "free"}


@dataclass(frozen=True)
class Bitly:
    """An adapter, what reached the emulator behind it, and what the emulator stores."""

    adapter: BitlyAdapter
    calls: list[Seen]
    access: Access
    clock: ManualClock

    def asked(self) -> list[str]:
        return [f"{call.method} {call.path.removeprefix('/v4')}" for call in self.calls]


def bitly(**options: object) -> Bitly:
    clock = ManualClock()
    access = seeded(EmulatorOptions(clock))
    recorder = Recorder(emulate(access))
    http = httpx2.AsyncClient(transport=httpx2.ASGITransport(app=recorder), timeout=None)
    return Bitly(adapter_over(http, clock, **options), recorder.seen, access, clock)


def adapter_over(http: httpx2.AsyncClient, clock: ManualClock | None = None, **options: object) -> BitlyAdapter:
    table = {"key": "brand", "provider": "bitly", "base_url": "http://emulator", "token": TOKEN}
    settings = PROVIDER.settings.model_validate({**table, "group": MAIN_GROUP, "plan": "premium", **options})
    adapter = open_account(settings, PROVIDER, http, clock or ManualClock()).adapter
    assert isinstance(adapter, BitlyAdapter)
    return adapter
