"""Puts links into the catalog, many at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson
from sqlalchemy import bindparam, delete, update
from sqlalchemy.ext.asyncio import AsyncConnection

from linkweave.catalog.link_rows import StorableLink, row_of, storable, tag_rows
from linkweave.catalog.tables import LINK_TAGS, LINKS
from linkweave.catalog.writes.account_lock import lock_account
from linkweave.catalog.writes.changed_links import NO_FIELDS, ChangedFields, ChangedLink, changed_fields, store_changes
from linkweave.catalog.writes.first_analysis import analyze_once
from linkweave.catalog.writes.known_links import KnownLink, complete_links, read_known, read_models
from linkweave.catalog.writes.seen_links import touch
from linkweave.models import Link
from linkweave.models.changes import ALL_LINK_FIELDS
from linkweave.models.link_changes import ChangeKind, SeenBy

# Links of one statement. Other tasks wait about 2 ms while Python makes its rows.
_CHUNK: Final = 50

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
    latest = list({each.link.handle: each for each in map(storable, links)}.values())
    changes: list[ChangedLink] = []
    for start in range(0, len(latest), _CHUNK):
        changes += await _record(connection, sighting, latest[start : start + _CHUNK], known_fields)
    if any(each.kind is ChangeKind.CREATED for each in changes):
        await analyze_once(connection)
    return tuple(changes)


async def _record(
    connection: AsyncConnection, sighting: Sighting, links: Sequence[StorableLink], known_fields: frozenset[str]
) -> list[ChangedLink]:
    known = await read_known(connection, sighting.account, [each.link.handle for each in links])
    new = [each for each in links if each.link.handle not in known]
    old = [each for each in links if each.link.handle in known]
    current = [each for each in old if known[each.link.handle].is_older(each.link, sighting.at)]
    if known_fields != ALL_LINK_FIELDS:
        completed = await complete_links(connection, known, [each.link for each in current], known_fields)
        current = [storable(link) for link in completed]
    changes = await _insert(connection, sighting, new)
    changes += await _update(connection, sighting, known, current)
    await touch(connection, sighting.walk, known, [each.link for each in current])
    await store_changes(connection, changes, sighting.seen_by, sighting.at)
    return changes


async def _insert(connection: AsyncConnection, sighting: Sighting, links: Sequence[StorableLink]) -> list[ChangedLink]:
    if not links:
        return []
    own = {"first_seen_at": sighting.at, "seen_in_walk": sighting.walk or 0}
    rows = [{**row_of(sighting.account, each), **own} for each in links]
    ids = {handle: number for number, handle in await connection.execute(_INSERT, rows)}
    numbered = {ids[each.link.handle]: each.link for each in links}
    await _store_tags(connection, numbered)
    return [_changed(number, sighting, link, ChangeKind.CREATED) for number, link in numbered.items()]


async def _update(
    connection: AsyncConnection, sighting: Sighting, known: dict[str, KnownLink], links: Sequence[StorableLink]
) -> list[ChangedLink]:
    pairs = [(known[each.link.handle], each) for each in links]
    changed = [(old, new) for old, new in pairs if old.deleted_at is not None or old.digest != new.digest]
    if not changed:
        return []
    models = await read_models(connection, [old.id for old, _ in changed])
    rows = [_values(old.id, row_of(sighting.account, new)) for old, new in changed]
    await connection.execute(_UPDATE, rows)
    all_changes = [_change(sighting, old, new, models[old.id]) for old, new in changed]
    changes = [each for each in all_changes if each.fields or each.kind is ChangeKind.RESTORED]
    retagged = {each.id: each.link for each in changes if "tags" in each.fields}
    if retagged:
        await connection.execute(delete(LINK_TAGS).where(LINK_TAGS.c.link_id.in_(retagged)))
        await _store_tags(connection, retagged)
    return changes


def _changed(
    number: int, sighting: Sighting, link: Link, kind: ChangeKind, fields: ChangedFields = NO_FIELDS
) -> ChangedLink:
    return ChangedLink(number, sighting.account, link, kind, sighting.seen_by, sighting.at, fields)


def _change(sighting: Sighting, old: KnownLink, new: StorableLink, model: Mapping[str, Any]) -> ChangedLink:
    kind = ChangeKind.UPDATED if old.deleted_at is None else ChangeKind.RESTORED
    return _changed(old.id, sighting, new.link, kind, changed_fields(model, orjson.loads(new.model)))


async def _store_tags(connection: AsyncConnection, links: dict[int, Link]) -> None:
    rows = [{"link_id": number, **tag} for number, link in links.items() for tag in tag_rows(link)]
    if rows:
        await connection.execute(LINK_TAGS.insert(), rows)


def _values(number: int, row: dict[str, Any]) -> dict[str, Any]:
    content = {name: value for name, value in row.items() if name not in _IDENTITY}
    return {"link": number, **content, "deleted_at": None}
