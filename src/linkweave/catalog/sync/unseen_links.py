"""The end of a full walk: links that no list showed are looked up once, and those that are gone are marked deleted."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from linkweave.catalog.sync.due_links import UnseenLink, read_unseen
from linkweave.catalog.sync.recording import record, record_gone
from linkweave.catalog.sync.sync_rows import SyncRow
from linkweave.catalog.sync.syncing_account import SyncingAccount, concerns_account
from linkweave.catalog.sync.walk_position import WalkPosition
from linkweave.errors import NotFoundError, VendorError
from linkweave.models import Link
from linkweave.models.changes import ALL_LINK_FIELDS
from linkweave.providers.read_capabilities import CanGetLinks

# Maximum number of links that one step looks up, and of calls where each takes its own.
_MAX_LOOKED_UP: Final = 100
_MAX_CALLS: Final = 5


async def settle_unseen(syncing: SyncingAccount, row: SyncRow, position: WalkPosition) -> None:
    """Looks up the next links that the walk did not show. Ends the walk where none is left.

    Raises:
        VendorError: the vendor did not answer. The next step tries again.
    """
    unseen = await _next_unseen(syncing, row, position.after or 0)
    adapter = syncing.account.adapter
    if not unseen:
        await _end_walk(syncing, row)
    elif isinstance(adapter, CanGetLinks):
        await _look_up(syncing, row, position, unseen, adapter)
    else:
        # Without a look-up, a second walk has to miss it too.
        gone = [each.handle for each in unseen if each.seen_in_walk < row.walk - 1 and not position.has_gaps]
        await _store(syncing, row, replace(position, after=unseen[-1].id), [], gone)


async def _next_unseen(syncing: SyncingAccount, row: SyncRow, after: int) -> Sequence[UnseenLink]:
    adapter = syncing.account.adapter
    batch, before = adapter.call_costs.get_batch, (row.walk_started_at or syncing.now()) - adapter.read_lag
    limit = min(batch, _MAX_LOOKED_UP)
    if not isinstance(adapter, CanGetLinks):
        limit = _MAX_LOOKED_UP
    elif batch == 1:
        limit = max(1, int(min(_MAX_CALLS, syncing.calls_left(row))))
    async with syncing.catalog.database.read() as connection:
        return await read_unseen(connection, row.account, row.walk, before, after, limit)


async def _look_up(
    syncing: SyncingAccount,
    row: SyncRow,
    position: WalkPosition,
    unseen: Sequence[UnseenLink],
    adapter: CanGetLinks,
) -> None:
    found = await adapter.get_links([each.handle for each in unseen], ALL_LINK_FIELDS)
    failure = next((each for each in found.values() if isinstance(each, VendorError) and concerns_account(each)), None)
    if failure is not None:
        raise failure
    links = [each for each in found.values() if isinstance(each, Link)]
    gone = [each.handle for each in unseen if _is_gone(each.handle, found)]
    await _store(syncing, row, replace(position, after=unseen[-1].id), links, gone)


def _is_gone(handle: str, found: Mapping[str, Link | VendorError]) -> bool:
    """Whether a look-up shows that the vendor has no such link. Any other failure proves nothing."""
    return handle not in found or isinstance(found[handle], NotFoundError)


async def _store(
    syncing: SyncingAccount, row: SyncRow, position: WalkPosition, links: Sequence[Link], gone: Sequence[str]
) -> None:
    async with syncing.storing(row) as (connection, values):
        await record(syncing, connection, links, walk=row.walk)
        await record_gone(syncing, connection, gone)
        values["walk_links"] = row.walk_links + len(links)
        values["walk_position"] = position.to_json()


async def _end_walk(syncing: SyncingAccount, row: SyncRow) -> None:
    now = syncing.now()
    async with syncing.storing(row) as (_, values):
        values |= {"walk_position": None, "last_full_walk_at": now, "last_full_walk_links": row.walk_links}
    seconds = (now - (row.walk_started_at or now)).total_seconds()
    syncing.observer.catalog_walked(row.account, row.walk_links, seconds)
