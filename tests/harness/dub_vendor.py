"""A Dub account for a test: over the emulator, or over any HTTP client."""

from dataclasses import dataclass

import httpx2
from starlette.applications import Starlette

from harness.emulators import ManualClock, Recorder, Seen
from linkweave.accounts import open_account
from linkweave.providers.dub import PROVIDER
from linkweave.providers.dub.adapter import DubAdapter
from linkweave.providers.dub.emulator import emulate
from linkweave.providers.dub.emulator.seed import seeded
from linkweave.providers.dub.emulator.workspace import TOKEN, Workspace
from linkweave.providers.emulator_kit import EmulatorOptions


@dataclass(frozen=True)
class Dub:
    """An adapter, what reached the emulator behind it, and what the emulator stores."""

    adapter: DubAdapter
    calls: list[Seen]
    workspace: Workspace
    clock: ManualClock


def dub(**options: object) -> Dub:
    clock = ManualClock()
    workspace = seeded(EmulatorOptions(clock))
    recorder = Recorder(emulate(workspace))
    http = httpx2.AsyncClient(transport=httpx2.ASGITransport(app=recorder), timeout=None)
    return Dub(adapter_over(http, clock, **options), recorder.seen, workspace, clock)


def adapter_over(http: httpx2.AsyncClient, clock: ManualClock | None = None, **options: object) -> DubAdapter:
    table = {"key": "social", "provider": "dub", "base_url": "http://emulator", "token": TOKEN, "plan": "advanced"}
    settings = PROVIDER.settings.model_validate({**table, **options})
    adapter = open_account(settings, PROVIDER, http, clock or ManualClock()).adapter
    assert isinstance(adapter, DubAdapter)
    return adapter


def emulate_many_links(options: EmulatorOptions) -> Starlette:
    """A workspace with 1,000 links."""
    return emulate(seeded(options, 1_000))
