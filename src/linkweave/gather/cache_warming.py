"""Keeps the first pages, tags, domains and usage of an account cached, so that callers need not wait for the vendor."""

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

# Seconds between two rounds. A round refreshes what would expire before the next round.
ROUND_SECONDS: Final = 15.0
# Seconds that a slow vendor may take to answer. What would expire in that time is refreshed too.
EARLY_SECONDS: Final = 5.0
# Seconds before the next round after an error of the gateway's own.
ERROR_PAUSE_SECONDS: Final = 300.0
# Maximum number of seconds that the calls of one round wait for the calls of callers, which go first.
MAX_WAIT_SECONDS: Final = 60.0


async def keep_warm(accounts: Iterable[Account], clock: Clock) -> None:
    """Keeps the accounts with the setting `warm` cached, until it is cancelled."""
    await asyncio.gather(*(_keep(account, clock) for account in accounts if account.settings.warm))


async def warm(account: Account, clock: Clock) -> None:
    """Fetches the answers that dashboards begin with, so that they stay fresh until the next round.

    A call that fails is left to the callers who need its answer.
    """
    with (
        use_background_priority(),
        require_fresh_for(ROUND_SECONDS + EARLY_SECONDS),
        use_deadline(MAX_WAIT_SECONDS, clock),
    ):
        for fetch in _fetches(account):
            try:
                await fetch()
            except VendorError:
                continue


async def _keep(account: Account, clock: Clock) -> None:
    while account.links is not None:
        pause = ROUND_SECONDS
        try:
            await warm(account, clock)
        except Exception:
            message = "%s: cache warming failed; the next round is in %d s"
            logging.getLogger("linkweave").exception(message, account.key, ERROR_PAUSE_SECONDS)
            pause = ERROR_PAUSE_SECONDS
        await clock.sleep(pause)


def _fetches(account: Account) -> Sequence[Callable[[], Awaitable[object]]]:
    adapter = account.adapter
    fetches: list[Callable[[], Awaitable[object]]] = []
    if isinstance(adapter, CanListLinks):
        fetches.append(lambda: _load_first_pages(account, adapter))
    if isinstance(adapter, CanListTags):
        fetches.append(adapter.list_tags)
    if isinstance(adapter, CanListDomains):
        fetches.append(adapter.list_domains)
    if isinstance(adapter, CanReportUsage):
        fetches.append(adapter.usage)
    return fetches


async def _load_first_pages(account: Account, adapter: CanListLinks) -> None:
    for lane in (await adapter.plan_links(LinkFilter())).lanes:
        await load_page(account, adapter, lane, None)
