"""Links enter the catalog, change, are deleted and come back."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from linkweave.catalog.database import Database
from linkweave.catalog.link_rows import COLUMNS_OF_LINK, link_of
from linkweave.catalog.tables import LINK_CHANGES, LINK_TAGS, LINKS
from linkweave.catalog.writes.changed_links import ChangedLink
from linkweave.catalog.writes.deleted_links import mark_deleted
from linkweave.catalog.writes.record_links import Sighting, record_links
from linkweave.models import Link, Utm
from linkweave.models.changes import ALL_LINK_FIELDS
from linkweave.models.link_changes import ChangeKind, SeenBy

AT = datetime(2026, 11, 20, 10, 30, tzinfo=UTC)
LATER = AT + timedelta(minutes=1)
SEEN = Sighting("acct", SeenBy.SYNC, AT)
LINK = Link("1", "https://s.example/a", "a", "https://example.com/", AT, title="A", note="n", tags=("News", "b"))


async def _record(
    database: Database,
    *links: Link,
    sighting: Sighting = SEEN,
    known_fields: frozenset[str] = ALL_LINK_FIELDS,
) -> tuple[ChangedLink, ...]:
    async with database.write() as connection:
        return await record_links(connection, sighting, links, known_fields)


async def _delete(database: Database, *handles: str, at: datetime = AT) -> tuple[ChangedLink, ...]:
    async with database.write() as connection:
        return await mark_deleted(connection, replace(SEEN, at=at), handles)


async def _stored(database: Database) -> list[Link]:
    columns = [LINKS.c[name] for name in COLUMNS_OF_LINK]
    async with database.read() as connection:
        query = select(*columns).where(LINKS.c.deleted_at.is_(None)).order_by(LINKS.c.handle)
        return [link_of(row) for row in (await connection.execute(query)).mappings()]


async def _column(database: Database, name: str) -> Any:
    async with database.read() as connection:
        return await connection.scalar(select(LINKS.c[name]))


async def _tags(database: Database) -> list[tuple[str, str]]:
    async with database.read() as connection:
        query = select(LINK_TAGS.c.tag_key, LINK_TAGS.c.tag).order_by(LINK_TAGS.c.position)
        return [(key, tag) for key, tag in await connection.execute(query)]


async def _history(database: Database) -> list[tuple[str, str, Mapping[str, Any]]]:
    async with database.read() as connection:
        columns = (LINK_CHANGES.c.kind, LINK_CHANGES.c.seen_by, LINK_CHANGES.c.fields)
        rows = await connection.execute(select(*columns).order_by(LINK_CHANGES.c.id))
        return [(kind, seen_by, fields) for kind, seen_by, fields in rows]


async def test_a_new_link_is_stored_with_its_tags(database: Database) -> None:
    changes = await _record(database, LINK)
    assert [(each.account, each.kind, each.link) for each in changes] == [("acct", ChangeKind.CREATED, LINK)]
    assert await _stored(database) == [LINK]
    assert await _tags(database) == [("news", "News"), ("b", "b")]
    assert await _history(database) == [("CREATED", "SYNC", {})]


async def test_the_same_handle_at_another_account_is_another_link(database: Database) -> None:
    await _record(database, LINK)
    changes = await _record(database, LINK, sighting=Sighting("other", SeenBy.SYNC, AT))
    assert [each.kind for each in changes] == [ChangeKind.CREATED]
    assert len(await _stored(database)) == 2


async def test_a_link_that_comes_twice_at_once_is_stored_as_it_came_last(database: Database) -> None:
    await _record(database, LINK, replace(LINK, title="B"))
    assert [link.title for link in await _stored(database)] == ["B"]


async def test_what_has_not_changed_only_gets_newer(database: Database) -> None:
    await _record(database, LINK)
    clicked = replace(LINK, fetched_at=LATER, last_click_at=LATER)
    assert await _record(database, clicked, sighting=replace(SEEN, at=LATER)) == ()
    assert await _stored(database) == [clicked]
    assert len(await _history(database)) == 1


async def test_a_change_is_stored_with_the_values_before_and_after(database: Database) -> None:
    await _record(database, LINK)
    newer = replace(LINK, fetched_at=LATER, title=None, tags=("b", "c"), utm=Utm(source="mail"))
    (change,) = await _record(database, newer, sighting=Sighting("acct", SeenBy.GATEWAY, LATER))
    utm = {"source": "mail", "medium": None, "campaign": None, "term": None, "content": None}
    fields = {"title": ["A", None], "tags": [["News", "b"], ["b", "c"]], "utm": [None, utm]}
    assert change.kind is ChangeKind.UPDATED
    assert {name: list(pair) for name, pair in change.fields.items()} == fields
    assert await _stored(database) == [newer]
    assert await _tags(database) == [("b", "b"), ("c", "c")]
    assert await _history(database) == [("CREATED", "SYNC", {}), ("UPDATED", "GATEWAY", fields)]
    assert await _column(database, "utm_source") == "mail"


async def test_a_link_that_was_read_before_the_stored_one_is_ignored(database: Database) -> None:
    await _record(database, replace(LINK, fetched_at=LATER, title="new"), sighting=replace(SEEN, at=LATER))
    walk = replace(SEEN, at=LATER, walk=3)
    assert await _record(database, replace(LINK, title="old"), sighting=walk) == ()
    assert [link.title for link in await _stored(database)] == ["new"]
    # The walk has shown it all the same.
    assert await _column(database, "seen_in_walk") == 3


async def test_a_clock_that_went_back_does_not_freeze_a_link(database: Database) -> None:
    await _record(database, replace(LINK, fetched_at=LATER), sighting=replace(SEEN, at=LATER))
    await _record(database, replace(LINK, title="new"))
    assert [link.title for link in await _stored(database)] == ["new"]


async def test_a_partial_link_keeps_what_it_does_not_know(database: Database) -> None:
    await _record(database, LINK)
    partial = Link("1", LINK.short_url, LINK.slug, LINK.destination, LATER, title="B")
    changes = await _record(
        database, partial, sighting=replace(SEEN, at=LATER), known_fields=frozenset({"title", "destination"})
    )
    assert [dict(each.fields) for each in changes] == [{"title": ("A", "B")}]
    assert await _stored(database) == [replace(LINK, fetched_at=LATER, title="B")]


async def test_a_new_partial_link_is_stored_as_far_as_it_is_known(database: Database) -> None:
    await _record(database, LINK, known_fields=frozenset({"title"}))
    assert await _stored(database) == [LINK]


async def test_a_deleted_link_is_kept_with_its_history(database: Database) -> None:
    await _record(database, LINK)
    changes = await _delete(database, "1", "unknown", at=LATER)
    assert [(each.kind, each.link) for each in changes] == [(ChangeKind.DELETED, LINK)]
    assert await _stored(database) == []
    assert await _column(database, "deleted_at") == LATER
    assert [kind for kind, *_ in await _history(database)] == ["CREATED", "DELETED"]
    assert await _delete(database, "1", at=LATER) == ()


async def test_a_deleted_link_that_is_seen_again_is_restored(database: Database) -> None:
    await _record(database, LINK)
    await _delete(database, "1", at=LATER)
    again = replace(LINK, fetched_at=LATER + timedelta(minutes=1), title="B")
    changes = await _record(database, again, sighting=replace(SEEN, at=again.fetched_at))
    assert [(each.kind, dict(each.fields)) for each in changes] == [(ChangeKind.RESTORED, {"title": ("A", "B")})]
    assert await _stored(database) == [again]


async def test_a_page_from_before_a_deletion_does_not_restore_the_link(database: Database) -> None:
    await _record(database, LINK)
    await _delete(database, "1", at=LATER)
    assert await _record(database, LINK, sighting=replace(SEEN, at=LATER)) == ()
    assert await _stored(database) == []


@pytest.mark.parametrize("count", [1, 249, 250, 251, 700])
async def test_any_number_of_links_is_stored_and_updated(database: Database, count: int) -> None:
    links = [replace(LINK, handle=f"{number:04}", slug=f"s{number}") for number in range(count)]
    assert len(await _record(database, *links)) == count
    assert await _stored(database) == links
    newer = [replace(link, fetched_at=LATER, title="B", tags=()) for link in links]
    assert len(await _record(database, *newer, sighting=replace(SEEN, at=LATER))) == count
    assert await _stored(database) == newer
    assert await _tags(database) == []
    assert len(await _delete(database, *(link.handle for link in links))) == count


async def test_text_that_databases_cannot_hold_is_stored_without_what_they_cannot(database: Database) -> None:
    await _record(database, replace(LINK, handle="h\0", title="nul\0", note="lone \ud800", tags=("\0",)))
    again = await _record(database, replace(LINK, handle="h\0", title="nul\0", note="lone \ud800", tags=("\0",)))
    assert again == ()
    assert await _delete(database, "h\0") != ()
