"""Marks links as deleted. `record_links` restores one that is seen again."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from linkweave.catalog.link_rows import COLUMNS_OF_LINK, link_of
from linkweave.catalog.storable_text import without_unstorable
from linkweave.catalog.tables import LINKS
from linkweave.catalog.writes.account_lock import lock_account
from linkweave.catalog.writes.changed_links import ChangedLink, store_changes
from linkweave.catalog.writes.record_links import Sighting
from linkweave.models.link_changes import ChangeKind

_CHUNK: Final = 1000


async def mark_deleted(
    connection: AsyncConnection, sighting: Sighting, handles: Sequence[str]
) -> tuple[ChangedLink, ...]:
    """Marks the links of the account with these handles as deleted since `sighting.at`. Returns those that were not.

    Their rows and histories stay.
    """
    await lock_account(connection, sighting.account)
    changes: list[ChangedLink] = []
    for start in range(0, len(handles), _CHUNK):
        changes += await _mark(connection, sighting, [without_unstorable(each) for each in handles[start:][:_CHUNK]])
    return tuple(changes)


async def _mark(connection: AsyncConnection, sighting: Sighting, handles: Sequence[str]) -> list[ChangedLink]:
    query = select(*(LINKS.c[name] for name in COLUMNS_OF_LINK)).where(
        LINKS.c.account == sighting.account, LINKS.c.handle.in_(handles), LINKS.c.deleted_at.is_(None)
    )
    rows = (await connection.execute(query)).mappings().all()
    numbers = [row["id"] for row in rows]
    await connection.execute(update(LINKS).where(LINKS.c.id.in_(numbers)).values(deleted_at=sighting.at))
    changes = [
        ChangedLink(row["id"], sighting.account, link_of(row), ChangeKind.DELETED, sighting.seen_by, sighting.at)
        for row in rows
    ]
    await store_changes(connection, changes, sighting.seen_by, sighting.at)
    return changes
