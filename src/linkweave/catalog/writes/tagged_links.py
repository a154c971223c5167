"""Puts a write to all links of some tags into the catalog. Its vendor does not say which links these were."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from linkweave.catalog.link_rows import COLUMNS_OF_LINK, link_of
from linkweave.catalog.reads.conditions import selected_links
from linkweave.catalog.reads.questions.links import AccountScope, LinkQuestion
from linkweave.catalog.tables import LINKS
from linkweave.catalog.writes.account_lock import lock_account
from linkweave.catalog.writes.changed_links import ChangedLink
from linkweave.catalog.writes.deleted_links import mark_deleted
from linkweave.catalog.writes.record_links import Sighting, record_links
from linkweave.catalog.writes.record_update import patched
from linkweave.models import Link, LinkFilter
from linkweave.models.changes import LinkPatch

_CHUNK: Final = 1_000


async def update_tagged(
    connection: AsyncConnection, sighting: Sighting, tags: LinkFilter, patch: LinkPatch
) -> tuple[ChangedLink, ...]:
    """Gives the known links with these tags the values of `patch`. Returns what has changed."""
    await lock_account(connection, sighting.account)
    changes: list[ChangedLink] = []
    async for links in _tagged(connection, sighting.account, tags):
        updated = [replace(patched(link, patch), fetched_at=sighting.at) for link in links]
        changes += await record_links(connection, sighting, updated)
    return tuple(changes)


async def delete_tagged(connection: AsyncConnection, sighting: Sighting, tags: LinkFilter) -> tuple[ChangedLink, ...]:
    """Marks the known links with these tags as deleted, and returns them. Protected links stay."""
    await lock_account(connection, sighting.account)
    handles = [
        link.handle
        async for links in _tagged(connection, sighting.account, tags)
        for link in links
        if link.protected is not True
    ]
    return await mark_deleted(connection, sighting, handles)


async def _tagged(connection: AsyncConnection, account: str, tags: LinkFilter) -> AsyncIterator[list[Link]]:
    """Yields the links in parts, in the order of their numbers, which no update changes."""
    wanted = selected_links(LinkQuestion((AccountScope(account, tags),)))
    after: int | None = -1
    while after is not None:
        query = select(*(LINKS.c[name] for name in COLUMNS_OF_LINK)).where(wanted, LINKS.c.id > after)
        rows = (await connection.execute(query.order_by(LINKS.c.id).limit(_CHUNK))).mappings().all()
        yield [link_of(row) for row in rows]
        after = rows[-1]["id"] if len(rows) == _CHUNK else None
