"""Stores what the syncer has read of links."""

from collections.abc import Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from linkweave.catalog.history.record_totals import record_totals
from linkweave.catalog.history.totals import NewTotal
from linkweave.catalog.sync.syncing_account import SyncingAccount
from linkweave.catalog.writes.deleted_links import mark_deleted
from linkweave.catalog.writes.record_links import Sighting, record_links
from linkweave.models import Link
from linkweave.models.link_changes import ChangeKind, SeenBy


async def record(
    syncing: SyncingAccount, connection: AsyncConnection, links: Sequence[Link], walk: int | None = None
) -> int:
    """Stores `links` and their totals. Returns the number of links that the catalog did not have.

    `walk` is the number of the full walk that showed them; None outside of it.
    """
    changes = await record_links(connection, Sighting(syncing.key, SeenBy.SYNC, syncing.now(), walk), links)
    syncing.saw(changes)
    await record_life_totals(syncing, connection, links)
    return sum(change.kind is ChangeKind.CREATED for change in changes)


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
    for link in links:
        total = totals.get(link.handle)
        if total is not None:
            syncing.saw_clicks(link, total.moved or 0)
    return totals


async def record_gone(syncing: SyncingAccount, connection: AsyncConnection, handles: Sequence[str]) -> None:
    """Marks links as deleted, because the vendor has them no more."""
    changes = await mark_deleted(connection, Sighting(syncing.key, SeenBy.SYNC, syncing.now()), handles)
    syncing.saw(changes)
