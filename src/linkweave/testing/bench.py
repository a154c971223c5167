"""One account of a provider over the provider's own emulator, in virtual time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import httpx2

from linkweave.accounts import Account, check_accounts, open_account
from linkweave.models import Link, LinkFilter
from linkweave.providers.read_capabilities import CanListLinks
from linkweave.providers.record import Provider
from linkweave.sandbox import Sandbox, SeenCall
from linkweave.testing.gateway import SANDBOX, AsgiWire
from linkweave.testing.virtual_time import LoopClock

Kind = TypeVar("Kind")


@dataclass(frozen=True)
class Bench:
    """An open account and the emulator behind it."""

    account: Account
    sandbox: Sandbox
    clock: LoopClock

    def adapter_as(self, kind: type[Kind]) -> Kind:
        """Returns the adapter as `kind`, which it must be."""
        adapter = self.account.adapter
        assert isinstance(adapter, kind)
        return adapter

    @property
    def calls(self) -> Sequence[SeenCall]:
        """The calls that the emulator received."""
        return self.sandbox.calls(self.account.provider.id)


def account_table(provider: Provider, changes: Mapping[str, object] | None = None) -> dict[str, object]:
    """Returns the configuration table of the provider's first sandbox account, with some settings changed."""
    known = provider.sandbox_accounts[0]
    table = {"key": known.key, "provider": provider.id, "base_url": f"{SANDBOX}/{provider.id}", **known.options}
    return {**table, **(changes or {})}


def open_bench(provider: Provider, changes: Mapping[str, object] | None = None) -> Bench:
    """Opens the provider's first sandbox account, with some settings changed."""
    clock, providers = LoopClock(), {provider.id: provider}
    sandbox = Sandbox(providers, clock)
    (settings,) = check_accounts([account_table(provider, changes)], providers, "demo")
    http = httpx2.AsyncClient(transport=AsgiWire(sandbox), timeout=None, follow_redirects=False)
    return Bench(open_account(settings, provider, http, clock), sandbox, clock)


async def list_all_links(bench: Bench, wanted: LinkFilter | None = None) -> list[list[Link]]:
    """Returns every link of every lane."""
    adapter = bench.adapter_as(CanListLinks)
    lanes: list[list[Link]] = []
    for lane in (await adapter.plan_links(wanted or LinkFilter())).lanes:
        lanes.append([])
        token, more = None, True
        while more:
            page = await adapter.list_links(lane, token)
            lanes[-1] += page.items[_repeated(lanes[-1], page.items) :]
            token, more = page.next, page.next is not None
    return lanes


def _repeated(links: Sequence[Link], page: Sequence[Link]) -> int:
    """Returns how many links at the start of `page` repeat the end of `links`, as pages by offset do."""
    last = links[-1].handle if links else None
    return next((index + 1 for index, link in enumerate(page) if link.handle == last), 0)
