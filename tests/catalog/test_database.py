"""Transactions of the catalog's database, on SQLite and on PostgreSQL."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select, text

from harness.catalog_fixtures import opened
from linkweave.catalog.database import Database
from linkweave.catalog.tables import ACCOUNT_SYNCS
from linkweave.errors import CatalogUnavailableError

ONE_MORE = insert(ACCOUNT_SYNCS)
COUNT = select(func.count()).select_from(ACCOUNT_SYNCS)
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"


async def _count(database: Database) -> int:
    async with database.read() as connection:
        return (await connection.execute(COUNT)).scalar_one()


async def test_statements_are_committed_at_the_end_of_the_block(database: Database) -> None:
    async with database.write() as connection:
        await connection.execute(ONE_MORE, {"account": "a"})
        assert await _count(database) == 0
    assert await _count(database) == 1


async def test_a_block_that_raises_changes_nothing(database: Database) -> None:
    async def write_and_fail() -> None:
        async with database.write() as connection:
            await connection.execute(ONE_MORE, {"account": "a"})
            raise LookupError

    with pytest.raises(LookupError):
        await write_and_fail()
    assert await _count(database) == 0


async def test_a_cancelled_block_changes_nothing_and_holds_nobody_up(database: Database) -> None:
    began = asyncio.Event()

    async def write() -> None:
        async with database.write() as connection:
            await connection.execute(ONE_MORE, {"account": "a"})
            began.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(write())
    await began.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with database.write() as connection:
        await connection.execute(ONE_MORE, {"account": "b"})
    assert await _count(database) == 1


async def test_all_statements_of_a_reading_block_see_the_same_moment(database: Database) -> None:
    async with database.read() as connection:
        before = (await connection.execute(COUNT)).scalar_one()
        async with database.write() as other:
            await other.execute(ONE_MORE, {"account": "a"})
        assert (await connection.execute(COUNT)).scalar_one() == before
    assert await _count(database) == before + 1


async def test_blocks_that_read_and_then_write_do_not_lose_each_others_changes(database: Database) -> None:
    async with database.write() as connection:
        await connection.execute(ONE_MORE, {"account": "a"})

    async def count_up() -> None:
        async with database.write() as connection:
            await connection.execute(text("UPDATE account_syncs SET walk = walk + 1"))

    await asyncio.gather(*(count_up() for _ in range(20)))
    async with database.read() as connection:
        assert (await connection.execute(select(ACCOUNT_SYNCS.c.walk))).scalar_one() == 20


async def test_a_refused_statement_is_an_error_without_its_values(database: Database) -> None:
    async with database.write() as connection:
        await connection.execute(ONE_MORE, {"account": "secret"})
    with pytest.raises(CatalogUnavailableError, match="refused a statement") as caught:
        async with database.write() as connection:
            await connection.execute(ONE_MORE, {"account": "secret"})
    assert "secret" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert database.problem is not None
    assert await _count(database) == 1


async def test_a_problem_is_over_with_the_next_transaction_that_works(database: Database) -> None:
    with pytest.raises(CatalogUnavailableError):
        async with database.write() as connection:
            await connection.execute(text("INSERT INTO nowhere VALUES (1)"))
    await _count(database)
    assert database.problem is not None
    async with database.write() as connection:
        await connection.execute(ONE_MORE, {"account": "a"})
    assert database.problem is None


async def test_a_new_file_is_created_with_all_tables(tmp_path: Path) -> None:
    async with opened(f"sqlite:///{tmp_path / 'new.db'}") as database:
        assert await _count(database) == 0


async def test_a_statement_that_nobody_waits_for_any_more_ends(database: Database) -> None:
    endless = "SELECT pg_sleep(60)" if database.is_postgresql else ENDLESS

    async def ask() -> None:
        async with database.read() as connection:
            await connection.execute(text(endless))

    task = asyncio.create_task(ask())
    await asyncio.sleep(0.1)
    async with asyncio.timeout(10):
        task.cancel()
        await asyncio.wait({task})
    assert task.cancelled()
    assert await _count(database) == 0
