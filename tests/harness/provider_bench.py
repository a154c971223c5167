"""Any provider's account over its own emulator in virtual time, and which providers can do what."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TypeVar

import httpx2

from harness.gateway import SANDBOX, AsgiWire
from harness.virtual_time import LoopClock
from linkweave.accounts import Account, check_accounts, open_account
from linkweave.models import Capability, Link, LinkFilter
from linkweave.providers.discovery import discover
from linkweave.providers.read_capabilities import CanListLinks
from linkweave.providers.record import Provider
from linkweave.sandbox import Sandbox, SeenCall

T = TypeVar("T")

PROVIDERS: Mapping[str, Provider] = discover()
ALL_FIELDS = frozenset(field.name for field in fields(Link))


def able(*capabilities: Capability) -> list[str]:
    """The providers that have every one of `capabilities`."""
    return [name for name, provider in PROVIDERS.items() if provider.capabilities.issuperset(capabilities)]


@dataclass(frozen=True)
class Bench:
    """An open account."""

    account: Account
    sandbox: Sandbox
    clock: LoopClock

    def can(self, kind: type[T]) -> T:
        """The adapter, seen as what it can do."""
        adapter = self.account.adapter
        assert isinstance(adapter, kind)
        return adapter

    @property
    def calls(self) -> list[SeenCall]:
        return self.sandbox.calls(self.account.provider.id)


def open_bench(provider_id: str, **changes: object) -> Bench:
    """The first sandbox account of a provider, with some of its settings changed."""
    provider, clock = PROVIDERS[provider_id], LoopClock()
    sandbox = Sandbox({provider_id: provider}, clock)
    known = provider.sandbox_accounts[0]
    table = {"key": known.key, "provider": provider_id, "base_url": f"{SANDBOX}/{provider_id}", **known.options}
    (settings,) = check_accounts([{**table, **changes}], PROVIDERS, "demo")
    http = httpx2.AsyncClient(transport=AsgiWire(sandbox), timeout=None, follow_redirects=False)
    return Bench(open_account(settings, provider, http, clock), sandbox, clock)


async def all_links(bench: Bench, wanted: LinkFilter | None = None) -> list[list[Link]]:
    """Every link of every lane, to the end."""
    adapter = bench.can(CanListLinks)
    lanes: list[list[Link]] = []
    for lane in (await adapter.plan_links(wanted or LinkFilter())).lanes:
        lanes.append([])
        token, more = None, True
        while more:
            page = await adapter.list_links(lane, token)
            lanes[-1] += page.items
            token, more = page.next, page.next is not None
    return lanes
