"""Puts an update of a link into the catalog, of which its vendor may have answered nothing but that it was made."""

from dataclasses import replace
from typing import Any, Final

from sqlalchemy import exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from linkweave.catalog.link_rows import COLUMNS_OF_LINK, link_of
from linkweave.catalog.storable_text import without_unstorable
from linkweave.catalog.tables import LINKS
from linkweave.catalog.writes.account_lock import lock_account
from linkweave.catalog.writes.changed_links import ChangedLink
from linkweave.catalog.writes.record_links import Sighting, record_links
from linkweave.models import Link
from linkweave.models.changes import UNSET, LinkPatch, WrittenLink

# Fields that have the same name and meaning in a patch and in a link.
_SAME: Final = frozenset(
    {
        "destination",
        "title",
        "note",
        "external_id",
        "utm",
        "expiry",
        "device_targets",
        "variants",
        "archived",
        "starred",
        "protected",
        "email_reports",
        "unique_window_minutes",
    }
)


async def record_update(
    connection: AsyncConnection,
    sighting: Sighting,
    handle: str,
    new_handle: str,
    patch: LinkPatch,
    written: WrittenLink | None,
) -> tuple[ChangedLink, ...]:
    """Stores an update of the link with `handle`, which has `new_handle` since. Returns what has changed.

    Without `written`, the stored link gets the values of `patch`; a link that is not stored stays unknown.
    """
    handle, new_handle = without_unstorable(handle), without_unstorable(new_handle)
    await lock_account(connection, sighting.account)
    if handle != new_handle:
        await _rename(connection, sighting.account, handle, new_handle)
    if written is not None:
        return await record_links(connection, sighting, (written.link,), written.known_fields)
    stored = await _read(connection, sighting.account, new_handle)
    if stored is None:
        return ()
    link = replace(patched(stored, patch), handle=new_handle, fetched_at=sighting.at)
    return await record_links(connection, sighting, (link,))


def patched(link: Link, patch: LinkPatch) -> Link:
    """Returns `link` with the given values of `patch`, as far as they tell what a reading would show."""
    given = patch.given()
    changes: dict[str, Any] = {name: getattr(patch, name) for name in given & _SAME}
    if patch.slug is not UNSET:
        changes |= {"slug": patch.slug, "short_url": f"{link.short_url.removesuffix(link.slug)}{patch.slug}"}
    if patch.password is not UNSET:
        changes["password_protected"] = patch.password is not None
    return replace(link, **changes, tags=tuple(patch.tags_after(link.tags)))


async def _rename(connection: AsyncConnection, account: str, handle: str, new_handle: str) -> None:
    other = LINKS.alias()
    taken = exists(select(other.c.id).where(other.c.account == account, other.c.handle == new_handle))
    own = (LINKS.c.account == account, LINKS.c.handle == handle, ~taken)
    await connection.execute(update(LINKS).where(*own).values(handle=new_handle))


async def _read(connection: AsyncConnection, account: str, handle: str) -> Link | None:
    query = select(*(LINKS.c[name] for name in COLUMNS_OF_LINK)).where(
        LINKS.c.account == account, LINKS.c.handle == handle
    )
    row = (await connection.execute(query)).mappings().first()
    return None if row is None else link_of(row)
