"""Stores what the syncer has read of links."""

from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from linkweave.catalog.history.record_totals import record_totals
from linkweave.catalog.history.told_clicks import Moved, take_told_clicks
from linkweave.catalog.history.totals import NewTotal
from linkweave.catalog.sync.syncing_account import SyncingAccount
from linkweave.catalog.writes.deleted_links import mark_deleted
from linkweave.catalog.writes.record_links import Sighting, record_links
from linkweave.models import Link
from linkweave.models.link_changes import ChangeKind, SeenBy
from linkweave.providers.batches import chunks

# Number of links whose rows are made together. Other tasks then wait at most 6 ms in 99 of 100 turns, and some 5,000
# links a second are stored. With 25 they wait 2 ms, and 3,000 are stored (MEASURED).
_LINKS_A_TURN: Final = 100


async def record(
    syncing: SyncingAccount, connection: AsyncConnection, links: Sequence[Link], walk: int | None = None
) -> int:
    """Stores `links` and their totals. Returns the number of links that the catalog did not have.

    `walk` is the number of the full walk that showed them; None outside of it.
    """
    created = 0
    for few in chunks(links, _LINKS_A_TURN):
        changes = await record_links(connection, Sighting(syncing.key, SeenBy.SYNC, syncing.now(), walk), few)
        syncing.saw(changes)
        await record_life_totals(syncing, connection, few)
        created += sum(change.kind is ChangeKind.CREATED for change in changes)
    return created


async def record_life_totals(
    syncing: SyncingAccount, connection: AsyncConnection, links: Sequence[Link]
) -> Mapping[str, NewTotal]:
    """Stores the totals that came with `links`, which the catalog has, and returns them by handle."""
    totals = await record_totals(
        connection,
        account=syncing.key,
        links=links,
        zone=syncing.zone,
        now=syncing.now(),
        bounds=syncing.bounds,
    )
    moved = {each.known.id: Moved(each.moved or 0, each.known.clicks_at) for each in totals.values()}
    told = await take_told_clicks(connection, moved, syncing.now())
    for link in links:
        total = totals.get(link.handle)
        if total is not None:
            syncing.saw_clicks(link, (total.moved or 0) - told.get(total.known.id, 0))
    return totals


async def record_gone(syncing: SyncingAccount, connection: AsyncConnection, handles: Sequence[str]) -> None:
    """Marks links as deleted, because the vendor has them no more."""
    changes = await mark_deleted(connection, Sighting(syncing.key, SeenBy.SYNC, syncing.now()), handles)
    syncing.saw(changes)
