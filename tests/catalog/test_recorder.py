"""What requests tell the catalog waits in memory while the database cannot be used, and is bounded."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from harness.catalog_fixtures import opened
from harness.fast_clock import FastClock
from harness.refusing_database import RefusingDatabase
from linkweave.catalog import recorder as limits
from linkweave.catalog.database import Database
from linkweave.catalog.outages import MAX_REFUSALS
from linkweave.catalog.recorder import LinkRecorder
from linkweave.catalog.tables import ACCOUNT_SYNCS, LINKS
from linkweave.catalog.writes.changed_links import ChangedLink
from linkweave.catalog.writes.record_links import Sighting, record_links
from linkweave.models import Link
from linkweave.models.changes import ALL_LINK_FIELDS, LinkPatch, WrittenLink
from linkweave.models.link_changes import ChangeKind, SeenBy

AT = datetime(2026, 11, 20, 10, 30, tzinfo=UTC)
LINK = Link("1", "https://s.example/a", "a", "https://example.com/", AT, title="A")
WRITTEN = WrittenLink(LINK, ALL_LINK_FIELDS)


@asynccontextmanager
async def _recording(database: Database, changes: list[ChangedLink] | None = None) -> AsyncIterator[LinkRecorder]:
    recorder = LinkRecorder(database, FastClock(), (lambda _: None) if changes is None else changes.extend)
    try:
        yield recorder
    finally:
        await recorder.close()


async def _titles(database: Database) -> list[str | None]:
    async with database.read() as connection:
        query = select(LINKS.c.title).where(LINKS.c.deleted_at.is_(None)).order_by(LINKS.c.id)
        return list((await connection.execute(query)).scalars())


async def test_a_write_is_stored_when_the_call_returns_and_its_change_is_told(database: Database) -> None:
    changes: list[ChangedLink] = []
    async with _recording(database, changes) as recorder:
        await recorder.wrote_links("acct", [WRITTEN])
        assert await _titles(database) == ["A"]
        await recorder.updated_link("acct", "1", "1", LinkPatch(title="B"), None)
        assert await _titles(database) == ["B"]
        told = replace(WRITTEN, link=replace(LINK, title="C", fetched_at=datetime.now(UTC)))
        await recorder.updated_link("acct", "1", "1", LinkPatch(title="C"), told)
        await recorder.deleted_links("acct", ["1"])
        assert await _titles(database) == []
    kinds = [ChangeKind.CREATED, ChangeKind.UPDATED, ChangeKind.UPDATED, ChangeKind.DELETED]
    assert [each.kind for each in changes] == kinds


async def test_an_update_of_a_link_that_is_not_known_stores_nothing(database: Database) -> None:
    async with _recording(database) as recorder:
        await recorder.updated_link("acct", "1", "2", LinkPatch(title="B"), None)
    assert await _titles(database) == []


async def test_a_page_that_was_stored_is_not_stored_again(database: Database) -> None:
    changes: list[ChangedLink] = []
    async with _recording(database, changes) as recorder:
        for _ in range(3):
            recorder.saw_links("acct", [replace(LINK, created_at=datetime.now(UTC))], ALL_LINK_FIELDS)
        recorder.saw_links("acct", [], ALL_LINK_FIELDS)
    assert len(changes) == 1


@pytest.mark.parametrize("created_at", [None, AT - timedelta(days=2)])
async def test_an_old_link_that_a_request_sees_first_is_stored_but_no_news(
    database: Database, created_at: datetime | None
) -> None:
    changes: list[ChangedLink] = []
    async with _recording(database, changes) as recorder:
        recorder.saw_links("acct", [replace(LINK, created_at=created_at)], ALL_LINK_FIELDS)
    assert await _titles(database) == ["A"]
    assert changes == []


UNDATED = replace(LINK, created_at=None)
RECENT = replace(LINK, created_at=datetime.now(UTC))


@pytest.mark.parametrize(
    ("walked_at", "link", "kinds"),
    [(None, UNDATED, [ChangeKind.CREATED]), (None, RECENT, []), (AT, UNDATED, [])],
)
async def test_a_link_that_a_walk_shows_before_its_creation_is_stored_is_told_once(
    sqlite_url: str, walked_at: datetime | None, link: Link, kinds: list[ChangeKind]
) -> None:
    changes: list[ChangedLink] = []
    async with opened(sqlite_url) as database:
        async with database.write() as connection:
            await connection.execute(insert(ACCOUNT_SYNCS), {"account": "acct", "last_full_walk_at": walked_at})
            await record_links(connection, Sighting("acct", SeenBy.SYNC, datetime.now(UTC), 1), [link])
        async with _recording(database, changes) as recorder:
            await recorder.wrote_links("acct", [WrittenLink(link, ALL_LINK_FIELDS)])
    assert [each.kind for each in changes] == kinds


async def test_once_all_links_of_an_account_are_known_a_request_that_sees_another_one_tells_of_it(
    sqlite_url: str,
) -> None:
    changes: list[ChangedLink] = []
    async with opened(sqlite_url) as database:
        async with database.write() as connection:
            await connection.execute(insert(ACCOUNT_SYNCS), {"account": "acct", "last_full_walk_at": AT})
        async with _recording(database, changes) as recorder:
            recorder.saw_links("acct", [UNDATED], ALL_LINK_FIELDS)
    assert [each.kind for each in changes] == [ChangeKind.CREATED]


async def test_what_waits_is_stored_when_the_recorder_is_closed(database: Database) -> None:
    async with _recording(database) as recorder:
        recorder.saw_links("acct", [LINK], ALL_LINK_FIELDS)
    assert await _titles(database) == ["A"]


async def test_writes_wait_for_a_database_that_cannot_be_used_in_their_order(tmp_path: Path) -> None:
    folder = tmp_path / "later"
    async with opened(f"sqlite:///{folder}/catalog.db", FastClock()) as database, _recording(database) as recorder:
        recorder.saw_links("acct", [replace(LINK, handle="2", title="seen")], ALL_LINK_FIELDS)
        async with asyncio.timeout(limits.WAIT_SECONDS):
            await recorder.wrote_links("acct", [WRITTEN])
        folder.mkdir()
        await recorder.wrote_links("acct", [WrittenLink(replace(LINK, handle="3", title="B"), ALL_LINK_FIELDS)])
        async with asyncio.timeout(10):
            while (await _titles(database))[:2] != ["A", "B"]:  # noqa: ASYNC110 - it happens in the background
                await asyncio.sleep(0.01)


async def test_what_cannot_be_stored_does_not_hold_up_what_follows(database: Database) -> None:
    async with _recording(database) as recorder:
        # A vendor's time always has its zone. One without is refused.
        odd = replace(LINK, created_at=datetime(2026, 11, 20))  # noqa: DTZ001 - see above
        await recorder.wrote_links("acct", [replace(WRITTEN, link=odd)])
        await recorder.wrote_links("acct", [WRITTEN])
    assert await _titles(database) == ["A"]


@pytest.mark.parametrize(("sleeps", "titles"), [(MAX_REFUSALS - 1, ["A", "B"]), (MAX_REFUSALS, ["B"])])
async def test_a_write_that_the_database_refuses_is_tried_again_until_it_holds_up_others(
    sqlite_url: str, sleeps: int, titles: list[str]
) -> None:
    async with opened(sqlite_url) as database:
        refusing = RefusingDatabase(database, "links", sleeps)
        recorder = LinkRecorder(database, refusing, lambda _: None)
        await refusing.refuse()
        await recorder.wrote_links("acct", [WRITTEN])
        second = WrittenLink(replace(LINK, handle="2", title="B"), ALL_LINK_FIELDS)
        await recorder.wrote_links("acct", [second])
        await recorder.close()
        assert await _titles(database) == titles


async def test_no_more_sightings_wait_than_allowed(database: Database) -> None:
    async with database.write():
        recorder = LinkRecorder(database, FastClock(), lambda _: None)
        for number in range(limits.MAX_SIGHTINGS + 50):
            recorder.saw_links("acct", [replace(LINK, handle=f"{number}")], ALL_LINK_FIELDS)
    async with asyncio.timeout(60):
        while len(await _titles(database)) < limits.MAX_SIGHTINGS:  # noqa: ASYNC110 - it happens in the background
            await asyncio.sleep(0.01)
    await recorder.close()
    assert len(await _titles(database)) <= limits.MAX_SIGHTINGS + 1
