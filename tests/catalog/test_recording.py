"""GraphQL in, vendors' wire formats out, and what was seen and written is in the catalog."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from harness.catalog_fixtures import opened, running
from harness.catalog_gateway import known_link, open_catalog_gateway
from harness.gateway import Gateway, open_gateway
from harness.graphql_writes import RESET
from harness.known_rows import store_rows
from harness.multipart_client import SentFile, png, upload_file
from linkweave.catalog.database import Database
from linkweave.catalog.tables import LINK_CHANGES, LINK_TAGS, LINKS, UPLOADS
from linkweave.schema.global_ids import decode_id

LIST = '{ links(first: 5, filter: { accounts: ["tinycc"] }) { nodes { id shortUrl } } }'
FIND = "query ($url: URL!) { link(shortUrl: $url) { id title } }"
CREATE = """mutation ($input: CreateLinkInput!) {
  payload: createLink(input: $input) { link { id shortUrl } errors { message } } }"""
UPDATE = """mutation ($input: UpdateLinkInput!) {
  payload: updateLink(input: $input) { link { id } errors { message } } }"""
DELETE = "mutation ($ids: [ID!]!) { payload: deleteLinks(ids: $ids) { id errors { message } } }"

NEW = {"accounts": ["tinycc"], "destination": "https://example.com/new", "note": "New", "tags": ["fresh", "b"]}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "catalog.db"


@pytest.fixture
async def gateway(path: Path) -> AsyncIterator[Gateway]:
    # The syncer does not run: it would write the same links at the same time.
    async with open_catalog_gateway(f"sqlite:///{path}") as opened:
        yield opened.gateway


@pytest.fixture
async def database(path: Path) -> AsyncIterator[Database]:
    """The catalog of the gateway, as another process sees it."""
    async with opened(f"sqlite:///{path}") as database:
        yield database


async def _rows(database: Database, *columns: Any, short_url: str | None = None) -> list[tuple[Any, ...]]:
    """The columns of all rows, or of those of one link."""
    query = select(*columns)
    if short_url is not None:
        of_link = select(LINKS.c.id).where(LINKS.c.short_url == short_url).scalar_subquery()
        query = query.where(_LINK_OF[columns[0].table] == of_link)
    async with database.read() as connection:
        return [tuple(row) for row in await connection.execute(query)]


_LINK_OF = {LINKS: LINKS.c.id, LINK_TAGS: LINK_TAGS.c.link_id, LINK_CHANGES: LINK_CHANGES.c.link_id}


async def _wait_for(database: Database, happened: Callable[[set[Any]], bool], column: Any) -> None:
    async with asyncio.timeout(10):
        while not happened({value for (value,) in await _rows(database, column)}):  # noqa: ASYNC110 - no event
            await asyncio.sleep(0.01)


async def test_the_links_of_a_list_are_stored_in_the_background(gateway: Gateway, database: Database) -> None:
    nodes = (await gateway.data(LIST))["links"]["nodes"]
    listed = {node["shortUrl"] for node in nodes}
    await _wait_for(database, lambda stored: listed <= stored, LINKS.c.short_url)


async def test_a_link_that_was_found_is_stored_in_the_background(gateway: Gateway, database: Database) -> None:
    url = (await gateway.data(LIST))["links"]["nodes"][0]["shortUrl"]
    await gateway.data(FIND, url=url)
    await _wait_for(database, lambda stored: url in stored, LINKS.c.short_url)


TAGGED = """query ($read: ReadFrom!) {
  links(first: 100, read: $read, filter: { accounts: ["tinycc"], tags: { all: ["spring"] } }) {
    nodes { shortUrl note archived }
  }
}"""
UPDATE_TAGGED = """mutation ($input: UpdateLinksByTagInput!) {
  updateLinksByTag(input: $input) { done errors { message } } }"""
DELETE_TAGGED = """mutation ($tags: TagFilter!) {
  deleteLinksByTag(account: "tinycc", tags: $tags) { done errors { message } } }"""


async def test_a_write_to_all_links_of_a_tag_is_stored_before_the_answer_comes(
    gateway: Gateway, database: Database
) -> None:
    async def tagged(read: str) -> list[tuple[Any, ...]]:
        nodes = (await gateway.data(TAGGED, read=read))["links"]["nodes"]
        return sorted(tuple(node.values()) for node in nodes)

    known = {url for url, *_ in await tagged("LIVE")}
    await _wait_for(database, lambda stored: known <= stored, LINKS.c.short_url)
    spring = {"all": ["SPRING"]}
    changes = {"account": "tinycc", "tags": spring, "note": "All of them", "archived": True}
    assert (await gateway.data(UPDATE_TAGGED, input=changes))["updateLinksByTag"] == {"done": True, "errors": []}
    told = await tagged("CATALOG")
    assert told == await tagged("LIVE")
    assert {(note, archived) for _, note, archived in told} == {("All of them", True)}
    assert (await gateway.data(DELETE_TAGGED, tags=spring))["deleteLinksByTag"]["done"]
    left = await tagged("CATALOG")
    # Protected links stay.
    assert left == await tagged("LIVE")
    assert 0 < len(left) < len(told)


RESET_TAGGED = DELETE_TAGGED.replace("deleteLinksByTag", "resetStatsByTag")


async def test_a_reset_of_clicks_is_stored_before_the_answer_comes(gateway: Gateway, database: Database) -> None:
    ids = [node["id"] for node in (await gateway.data(LIST))["links"]["nodes"][:3]]
    handles = [decode_id(each, "id").parts[1] for each in ids]
    # The list must not be stored behind the rows of the test.
    await _wait_for(database, lambda stored: stored >= set(handles), LINKS.c.handle)
    # The total of the last one was never read.
    totals = (5, 7, None)
    rows = [
        known_link(number, "tinycc", handle=handle, clicks=clicks, tags=("spring",))
        for number, (handle, clicks) in enumerate(zip(handles, totals, strict=True), 1)
    ]
    await store_rows(database, rows)
    await gateway.data(RESET, ids=ids[:1])
    assert await _rows(database, LINKS.c.clicks) == [(0,), (7,), (None,)]
    assert (await gateway.data(RESET_TAGGED, tags={"all": ["SPRING"]}))["resetStatsByTag"]["done"]
    assert await _rows(database, LINKS.c.clicks) == [(0,), (0,), (None,)]


EXISTING = """mutation ($input: CreateLinkInput!) {
  createLink(input: $input) { created link { id } errors { code path } } }"""


async def test_an_account_that_cannot_list_finds_its_existing_link_in_the_catalog(gateway: Gateway) -> None:
    new = {"accounts": ["cuttly"], "destination": "https://example.com/once", "ifExists": "RETURN"}
    first = (await gateway.data(EXISTING, input=new))["createLink"]
    # Cutt.ly lists no links, and the catalog did not know one.
    assert (first["created"], [error["path"] for error in first["errors"]]) == (True, [["input", "ifExists"]])
    again = (await gateway.data(EXISTING, input={**new, "destination": "HTTPS://Example.com/once"}))["createLink"]
    assert again == {"created": False, "link": first["link"], "errors": []}
    await gateway.payload(DELETE, ids=[first["link"]["id"]])
    assert (await gateway.data(EXISTING, input=new))["createLink"]["created"] is True


async def test_what_is_written_is_stored_before_the_answer_comes(gateway: Gateway, database: Database) -> None:
    created = (await gateway.payload(CREATE, input=NEW))["link"]
    url = created["shortUrl"]
    assert await _rows(database, LINKS.c.note, short_url=url) == [("New",)]
    assert await _rows(database, LINK_TAGS.c.tag, short_url=url) == [("b",), ("fresh",)]

    patch = {"id": created["id"], "note": "Newer", "addTags": ["c"], "removeTags": ["FRESH"]}
    assert (await gateway.payload(UPDATE, input=patch))["errors"] == []
    assert await _rows(database, LINKS.c.note, short_url=url) == [("Newer",)]
    assert await _rows(database, LINK_TAGS.c.tag, short_url=url) == [("b",), ("c",)]

    await gateway.payload(DELETE, ids=[created["id"]])
    changes = await _rows(database, LINK_CHANGES.c.kind, LINK_CHANGES.c.seen_by, short_url=url)
    assert changes == [("CREATED", "GATEWAY"), ("UPDATED", "GATEWAY"), ("DELETED", "GATEWAY")]
    assert [moment is None for (moment,) in await _rows(database, LINKS.c.deleted_at, short_url=url)] == [False]


async def test_a_link_that_gets_another_slug_stays_the_same_link(gateway: Gateway, database: Database) -> None:
    created = (await gateway.payload(CREATE, input=NEW))["link"]
    before = await _rows(database, LINKS.c.id, short_url=created["shortUrl"])
    await gateway.payload(UPDATE, input={"id": created["id"], "slug": "another-slug"})
    url = created["shortUrl"].rpartition("/")[0] + "/another-slug"
    assert await _rows(database, LINKS.c.id, short_url=url) == before
    assert await _rows(database, LINKS.c.slug, LINKS.c.deleted_at, short_url=url) == [("another-slug", None)]
    assert await _rows(database, LINK_CHANGES.c.kind, short_url=url) == [("CREATED",), ("UPDATED",)]


async def test_an_upload_is_stored_without_what_deletes_it(gateway: Gateway, database: Database) -> None:
    upload = (await upload_file(gateway, SentFile(png(4, 3), "Coat.png"), "chevereto"))["upload"]
    rows = await _rows(database, UPLOADS.c.account, UPLOADS.c.name, UPLOADS.c.size, UPLOADS.c.model)
    assert [row[:3] for row in rows] == [("chevereto", upload["name"], upload["size"])]
    assert upload["deleteUrl"] not in str(rows)


async def test_a_write_succeeds_while_the_catalog_cannot_be_used(path: Path) -> None:
    path.mkdir()  # noqa: ASYNC240 - it takes no time
    async with running(open_gateway(sections={"catalog": {"url": f"sqlite:///{path}"}})) as gateway:
        created = await gateway.payload(CREATE, input=NEW)
        assert created["errors"] == []
        assert len((await gateway.data(LIST))["links"]["nodes"]) == 5
