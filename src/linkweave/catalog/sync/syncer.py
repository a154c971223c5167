"""Keeps all accounts of a process in step, each by itself."""

import asyncio
import logging
import secrets
from collections.abc import Iterable
from contextlib import suppress
from typing import Final

from linkweave.accounts import Account
from linkweave.catalog.catalog import Catalog
from linkweave.catalog.sync.account_sync import AccountSync, can_be_synced
from linkweave.catalog.sync.sync_rows import Lease, LeaseLostError
from linkweave.catalog.sync.syncing_account import SyncingAccount
from linkweave.errors import CatalogUnavailableError
from linkweave.observability import NO_OBSERVER, Observer

# Seconds before the next step while the database cannot be used, which its own log line reports.
OUTAGE_PAUSE_SECONDS: Final = 10.0
# Seconds before the next step after an error of the gateway's own.
ERROR_PAUSE_SECONDS: Final = 300.0
_OWNER_BYTES: Final = 16


async def keep_in_step(accounts: Iterable[Account], catalog: Catalog, observer: Observer = NO_OBSERVER) -> None:
    """Keeps the catalog in step with every account that can be read, until it is cancelled."""
    owner = secrets.token_hex(_OWNER_BYTES)
    syncs = [
        open_account_sync(account, catalog, owner, observer) for account in accounts if can_be_synced(account.adapter)
    ]
    await asyncio.gather(*(_keep(sync) for sync in syncs))


def open_account_sync(account: Account, catalog: Catalog, owner: str, observer: Observer = NO_OBSERVER) -> AccountSync:
    """Returns the steps of one account, which `owner` makes while no other process does."""
    lease = Lease(catalog.database, account.key, owner)
    return AccountSync(SyncingAccount(account, catalog, lease, observer))


async def _keep(sync: AccountSync) -> None:
    clock = sync.syncing.catalog.clock
    try:
        while True:
            await clock.sleep(await _whole_step(sync))
    finally:
        with suppress(CatalogUnavailableError):
            await asyncio.shield(sync.close())


async def _whole_step(sync: AccountSync) -> float:
    """Makes a step. When this is cancelled, a transaction that writes ends first: half of one would lock the file."""
    step = asyncio.create_task(_step(sync))
    try:
        return await asyncio.shield(step)
    except asyncio.CancelledError:
        async with sync.syncing.lease.writing:
            step.cancel()
        await asyncio.gather(step, return_exceptions=True)
        raise


async def _step(sync: AccountSync) -> float:
    try:
        return await sync.step()
    except LeaseLostError:
        return 0
    except CatalogUnavailableError:
        return OUTAGE_PAUSE_SECONDS
    except Exception:
        message = "%s: keeping the catalog in step failed; the next step is in %d s"
        logging.getLogger("linkweave").exception(message, sync.syncing.key, ERROR_PAUSE_SECONDS)
        return ERROR_PAUSE_SECONDS
