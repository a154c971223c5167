"""A TinyURL account for a test: over the emulator, or over any HTTP client."""

from dataclasses import dataclass

import httpx2

from harness.emulators import ManualClock, Recorder, Seen
from linkweave.accounts import open_account
from linkweave.providers.emulator_kit import EmulatorOptions
from linkweave.providers.tinyurl import PROVIDER
from linkweave.providers.tinyurl.adapter import TinyUrlAdapter
from linkweave.providers.tinyurl.emulator import emulate
from linkweave.providers.tinyurl.emulator.account import TOKEN, Account
from linkweave.providers.tinyurl.emulator.seed import seeded


@dataclass(frozen=True)
class TinyUrl:
    """An adapter, what reached the emulator behind it, and what the emulator stores."""

    adapter: TinyUrlAdapter
    calls: list[Seen]
    account: Account

    def asked(self) -> list[str]:
        """The calls since the last time, as "METHOD path"."""
        asked = [f"{call.method} {call.path}" for call in self.calls]
        self.calls.clear()
        return asked


def tinyurl(**options: object) -> TinyUrl:
    clock = ManualClock()
    account = seeded(EmulatorOptions(clock))
    recorder = Recorder(emulate(account))
    http = httpx2.AsyncClient(transport=httpx2.ASGITransport(app=recorder), timeout=None)
    return TinyUrl(adapter_over(http, clock, **options), recorder.seen, account)


def adapter_over(http: httpx2.AsyncClient, clock: ManualClock | None = None, **options: object) -> TinyUrlAdapter:
    table = {"key": "events", "provider": "tinyurl", "base_url": "http://emulator", "token": TOKEN}
    settings = PROVIDER.settings.model_validate({**table, **options})
    adapter = open_account(settings, PROVIDER, http, clock or ManualClock()).adapter
    assert isinstance(adapter, TinyUrlAdapter)
    return adapter
