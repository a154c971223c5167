"""The revisions make what `catalog/tables/` says, on both databases, and only once."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from harness.catalog_fixtures import opened
from harness.catalog_schema import schema_of
from linkweave.catalog.engine import open_engine
from linkweave.catalog.migrations import HEAD
from linkweave.catalog.migrations.upgrade import newest_revision
from linkweave.catalog.tables import METADATA
from linkweave.errors import CatalogUnavailableError


async def _create_tables(connection: AsyncConnection) -> None:
    await connection.run_sync(METADATA.create_all)


async def _drop_tables(connection: AsyncConnection) -> None:
    await connection.run_sync(METADATA.drop_all)
    await connection.execute(text("DROP TABLE alembic_version"))


async def test_the_revisions_make_the_tables_that_the_program_knows(new_url: str) -> None:
    engine = open_engine(SecretStr(new_url), Path())
    async with opened(new_url) as database:
        await database.upgrade()
    async with engine.begin() as connection:
        migrated = await connection.run_sync(schema_of)
        await _drop_tables(connection)
        assert await connection.run_sync(schema_of) == []
        await _create_tables(connection)
        assert await connection.run_sync(schema_of) == migrated
    await engine.dispose()


def test_head_is_the_newest_revision() -> None:
    assert newest_revision() == HEAD


async def test_an_upgrade_of_an_upgraded_database_changes_nothing(new_url: str) -> None:
    for _ in range(2):
        async with opened(new_url) as database:
            await database.upgrade()
            assert await database.revision() == HEAD


async def test_a_database_of_a_newer_program_is_left_alone(new_url: str) -> None:
    async with opened(new_url) as newer, newer.write() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    async with opened(new_url) as older:
        assert await older.revision() == "9999"
        with pytest.raises(CatalogUnavailableError, match="tables of a newer version of Linkweave"):
            await older.upgrade()
        with pytest.raises(CatalogUnavailableError, match="tables of a newer version of Linkweave"):
            async with older.read():
                raise AssertionError
        assert await older.revision() == "9999"


async def test_processes_that_start_at_the_same_time_create_the_tables_once(new_url: str) -> None:
    async with AsyncExitStack() as stack:
        databases = [await stack.enter_async_context(opened(new_url)) for _ in range(4)]
        assert await databases[0].revision() is None
        await asyncio.gather(*(each.upgrade() for each in databases))
        assert {await each.revision() for each in databases} == {HEAD}
