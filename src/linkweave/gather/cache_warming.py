"""Keeping an account's first pages, tags, domains and usage known, so that nobody has to wait for a slow vendor."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Final

from linkweave.accounts import Account
from linkweave.clock import Clock
from linkweave.context.cache_control import require_fresh_for
from linkweave.context.call_context import use_background_priority
from linkweave.context.deadline import use_deadline
from linkweave.errors import VendorError
from linkweave.gather.cached_links import load_page
from linkweave.models import LinkFilter
from linkweave.providers.read_capabilities import CanListDomains, CanListLinks, CanListTags, CanReportUsage

# So often it is looked whether something will not be fresh any more before it is looked again.
ROUND_SECONDS: Final = 15.0
# So much earlier, because a slow vendor takes a while to answer.
EARLY_SECONDS: Final = 5.0
# So long after a fault of the gateway's own it is not tried again.
AFTER_FAULT_SECONDS: Final = 300.0
# So long the calls of one round may wait for callers, who go first.
PATIENCE_SECONDS: Final = 60.0


async def keep_warm(accounts: Iterable[Account], clock: Clock) -> None:
    """Look after those of `accounts` that are to be kept warm, until cancelled."""
    await asyncio.gather(*(_keep(account, clock) for account in accounts if account.settings.warm))


async def warm(account: Account, clock: Clock) -> None:
    """Let the answers that dashboards begin with be known, and fresh until the next round.

    What fails is left to who asks for it.
    """
    with (
        use_background_priority(),
        require_fresh_for(ROUND_SECONDS + EARLY_SECONDS),
        use_deadline(PATIENCE_SECONDS, clock),
    ):
        for ask in _questions(account):
            try:
                await ask()
            except VendorError:
                continue


async def _keep(account: Account, clock: Clock) -> None:
    while account.links is not None:
        pause = ROUND_SECONDS
        try:
            await warm(account, clock)
        except Exception:
            logging.getLogger("linkweave").exception("%s is not kept warm for now", account.key)
            pause = AFTER_FAULT_SECONDS
        await clock.sleep(pause)


def _questions(account: Account) -> Sequence[Callable[[], Awaitable[object]]]:
    adapter = account.adapter
    asked: list[Callable[[], Awaitable[object]]] = []
    if isinstance(adapter, CanListLinks):
        asked.append(lambda: _first_pages(account, adapter))
    if isinstance(adapter, CanListTags):
        asked.append(adapter.list_tags)
    if isinstance(adapter, CanListDomains):
        asked.append(adapter.list_domains)
    if isinstance(adapter, CanReportUsage):
        asked.append(adapter.usage)
    return asked


async def _first_pages(account: Account, adapter: CanListLinks) -> None:
    for lane in (await adapter.plan_links(LinkFilter())).lanes:
        await load_page(account, adapter, lane, None)
