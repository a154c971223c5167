"""Puts links into the catalog, many at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, delete, update
from sqlalchemy.ext.asyncio import AsyncConnection

from linkweave.catalog.link_rows import model_of, row_of, tag_rows
from linkweave.catalog.storable_text import without_unstorable
from linkweave.catalog.tables import LINK_TAGS, LINKS
from linkweave.catalog.writes.account_lock import lock_account
from linkweave.catalog.writes.changed_links import ChangedLink, ChangeKind, SeenBy, changed_fields, store_changes
from linkweave.catalog.writes.known_links import KnownLink, complete_links, read_known, read_models
from linkweave.catalog.writes.seen_links import touch
from linkweave.models import Link
from linkweave.models.changes import ALL_LINK_FIELDS

# Links of one statement. SQLite takes 32,766 parameters at most, and the other tasks wait while Python makes the rows.
_CHUNK: Final = 250

_INSERT: Final = LINKS.insert().returning(LINKS.c.id, LINKS.c.handle)
_UPDATE: Final = update(LINKS).where(LINKS.c.id == bindparam("link"))
_IDENTITY: Final = ("account", "handle")


@dataclass(frozen=True, slots=True)
class Sighting:
    """How and when links of an account were seen. `walk` is the number of the full walk that showed them."""

    account: str
    seen_by: SeenBy
    at: datetime
    walk: int | None = None


async def record_links(
    connection: AsyncConnection,
    sighting: Sighting,
    links: Iterable[Link],
    known_fields: frozenset[str] = ALL_LINK_FIELDS,
) -> tuple[ChangedLink, ...]:
    """Stores `links` with their tags, and a change in the history of each that differs. Returns these changes.

    Only `known_fields` of the links are certain: a stored link keeps its others. A link that was read from its vendor
    before the stored one is ignored. A deleted link that was seen again is restored. Totals are not stored here.
    """
    await lock_account(connection, sighting.account)
    latest = list({link.handle: link for link in map(without_unstorable, links)}.values())
    changes: list[ChangedLink] = []
    for start in range(0, len(latest), _CHUNK):
        changes += await _record(connection, sighting, latest[start : start + _CHUNK], known_fields)
    return tuple(changes)


async def _record(
    connection: AsyncConnection, sighting: Sighting, links: Sequence[Link], known_fields: frozenset[str]
) -> list[ChangedLink]:
    known = await read_known(connection, sighting.account, [link.handle for link in links])
    new = [link for link in links if link.handle not in known]
    current = [link for link in links if link.handle in known and known[link.handle].is_older(link, sighting.at)]
    if known_fields != ALL_LINK_FIELDS:
        current = await complete_links(connection, known, current, known_fields)
    changes = await _insert(connection, sighting, new)
    changes += await _update(connection, sighting, known, current)
    await touch(connection, sighting.walk, known, current)
    await store_changes(connection, changes, sighting.seen_by, sighting.at)
    return changes


async def _insert(connection: AsyncConnection, sighting: Sighting, links: Sequence[Link]) -> list[ChangedLink]:
    if not links:
        return []
    own = {"first_seen_at": sighting.at, "seen_in_walk": sighting.walk or 0}
    rows = [{**row_of(sighting.account, link), **own} for link in links]
    ids = {handle: number for number, handle in await connection.execute(_INSERT, rows)}
    await _store_tags(connection, {ids[link.handle]: link for link in links})
    return [ChangedLink(ids[link.handle], sighting.account, link, ChangeKind.CREATED) for link in links]


async def _update(
    connection: AsyncConnection, sighting: Sighting, known: dict[str, KnownLink], links: Sequence[Link]
) -> list[ChangedLink]:
    rows = [(known[link.handle], link, row_of(sighting.account, link)) for link in links]
    changed = [each for each in rows if each[0].deleted_at is not None or each[0].digest != each[2]["digest"]]
    if not changed:
        return []
    models = await read_models(connection, [before.id for before, _, _ in changed])
    await connection.execute(_UPDATE, [_values(before.id, row) for before, _, row in changed])
    changes: list[ChangedLink] = []
    for before, link, _ in changed:
        kind = ChangeKind.UPDATED if before.deleted_at is None else ChangeKind.RESTORED
        fields = changed_fields(models[before.id], model_of(link))
        if fields or kind is ChangeKind.RESTORED:
            changes.append(ChangedLink(before.id, sighting.account, link, kind, fields))
    retagged = {each.id: each.link for each in changes if "tags" in each.fields}
    await connection.execute(delete(LINK_TAGS).where(LINK_TAGS.c.link_id.in_(retagged)))
    await _store_tags(connection, retagged)
    return changes


async def _store_tags(connection: AsyncConnection, links: dict[int, Link]) -> None:
    rows = [{"link_id": number, **tag} for number, link in links.items() for tag in tag_rows(link)]
    if rows:
        await connection.execute(LINK_TAGS.insert(), rows)


def _values(number: int, row: dict[str, Any]) -> dict[str, Any]:
    content = {name: value for name, value in row.items() if name not in _IDENTITY}
    return {"link": number, **content, "deleted_at": None}
