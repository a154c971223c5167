"""A database that cannot be used says why, fails at once for a while, and is used again when it can be."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import func, insert, select, text

from harness.catalog_fixtures import execute, new_database, opened, start_postgresql
from harness.emulators import ManualClock
from harness.postgresql_server import PostgresqlServer
from harness.virtual_time import NOW
from linkweave.catalog.database import Database
from linkweave.catalog.outage_pause import FIRST_PAUSE_SECONDS, MAX_PAUSE_SECONDS
from linkweave.catalog.tables import ACCOUNT_SYNCS, UPLOADS
from linkweave.errors import CatalogUnavailableError, ErrorCode

COUNT = select(func.count()).select_from(ACCOUNT_SYNCS)
ADD = insert(ACCOUNT_SYNCS)
PAGE = 4096


async def _read(database: Database) -> None:
    async with database.read() as connection:
        await connection.execute(COUNT)


async def _add(database: Database, account: str = "a") -> None:
    async with database.write() as connection:
        await connection.execute(ADD, {"account": account})


@contextmanager
def _held(path: Path) -> Iterator[None]:
    """Another process writes to the file, and does not end."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    yield
    connection.close()


@pytest.fixture
def path(migrated_file: Path, tmp_path: Path) -> Path:
    """A SQLite file with all tables."""
    path = tmp_path / "catalog.db"
    path.write_bytes(migrated_file.read_bytes())
    return path


async def test_a_file_that_another_process_holds_can_be_read_and_is_written_again_later(path: Path) -> None:
    clock = ManualClock()
    async with opened(f"sqlite:///{path}", clock, busy_seconds=0.05) as database:
        with _held(path):
            with pytest.raises(CatalogUnavailableError, match="is locked by another process"):
                await _add(database)
            await _read(database)
            assert database.problem == "the catalog's database is locked by another process"
        clock.advance(FIRST_PAUSE_SECONDS)
        await _add(database)
        assert database.problem is None


async def test_a_row_that_another_transaction_holds_is_waited_for_no_longer_than_allowed(
    migrated_url: str,
) -> None:
    holder = await asyncpg.connect(migrated_url)
    async with opened(migrated_url, busy_seconds=0.05) as database, holder.transaction():
        await holder.execute("LOCK TABLE account_syncs IN EXCLUSIVE MODE")
        with pytest.raises(CatalogUnavailableError, match="is locked by another process"):
            await _add(database)
    await holder.close()


async def test_a_full_file_can_be_read(path: Path) -> None:
    pages = path.stat().st_size // PAGE  # noqa: ASYNC240 - it takes no time
    upload = {"account": "a", "upload_id": "1", "name": "n" * 100 * PAGE, "uploaded_at": NOW, "model": {}}
    async with opened(f"sqlite:///{path}", pragmas=(f"max_page_count = {pages}",)) as database:
        with pytest.raises(CatalogUnavailableError, match="has no space left on its disk"):
            async with database.write() as connection:
                await connection.execute(insert(UPLOADS), upload)
        await _read(database)


async def test_a_read_only_file_can_be_read(path: Path) -> None:
    async with opened(f"sqlite:///{path}", pragmas=("query_only = ON",)) as database:
        with pytest.raises(CatalogUnavailableError, match="is read-only"):
            await _add(database)
        await _read(database)
        assert await database.probe() == "the catalog's database is read-only"


async def test_a_read_only_server_can_be_read(new_postgresql: str, postgresql: PostgresqlServer) -> None:
    async with opened(new_postgresql) as database:
        await database.upgrade()
    name = new_postgresql.rpartition("/")[2]
    await execute(postgresql.url("postgres"), f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    async with opened(new_postgresql) as database:
        with pytest.raises(CatalogUnavailableError, match="is read-only"):
            await _add(database)
        await _read(database)


@pytest.fixture
def new_postgresql(postgresql: PostgresqlServer, tmp_path: Path) -> str:
    """The address of a PostgreSQL database without tables."""
    return new_database(postgresql, f"fault_{abs(hash(tmp_path))}")


@pytest.mark.parametrize(("kept", "reason"), [(0, "is not a SQLite database, or is corrupt"), (PAGE, "is corrupt")])
async def test_a_corrupt_file_says_so(path: Path, kept: int, reason: str) -> None:
    whole = path.read_bytes()  # noqa: ASYNC240 - it takes no time
    path.write_bytes(whole[:kept] + b"garbage!" * ((len(whole) - kept) // 8))  # noqa: ASYNC240 - same
    async with opened(f"sqlite:///{path}") as database:
        with pytest.raises(CatalogUnavailableError, match=f"{reason}$"):
            await _read(database)


async def test_a_file_in_a_missing_folder_says_so(tmp_path: Path) -> None:
    async with opened(f"sqlite:///{tmp_path}/missing/catalog.db") as database:
        with pytest.raises(CatalogUnavailableError, match="cannot be opened; does its folder exist"):
            await _read(database)


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("postgresql://linkweave@127.0.0.1:1/x", "cannot be reached"),
        ("postgresql://linkweave@127.0.0.1:{port}/missing", "does not exist on its server"),
        ("postgresql://secret-user:secret-password@127.0.0.1:{port}/postgres", "does not accept the user and password"),
    ],
)
async def test_a_server_that_cannot_be_used_says_why_and_names_no_secret(
    postgresql: PostgresqlServer, address: str, reason: str
) -> None:
    async with opened(address.format(port=postgresql.port)) as database:
        with pytest.raises(CatalogUnavailableError, match=reason) as caught:
            await _read(database)
        assert "secret" not in str(caught.value) + str(database.problem)
        assert caught.value.code is ErrorCode.UNAVAILABLE


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ("40P01", "is locked by another process"),
        ("42501", "does not allow this user what Linkweave needs"),
        ("53100", "has no space left on its disk"),
        ("53200", "has no memory left"),
        ("53300", "has no free connection"),
        ("57014", "did not answer in time"),
        ("57P03", "is starting or stopping"),
        ("58030", "cannot be read or written"),
        ("XX001", "is corrupt"),
        ("22012", "refused a statement"),
    ],
)
async def test_a_server_that_refuses_a_statement_says_why(migrated_url: str, state: str, reason: str) -> None:
    async with opened(migrated_url) as database:
        with pytest.raises(CatalogUnavailableError, match=reason) as caught:
            async with database.write() as connection:
                await connection.execute(text(f"DO $$ BEGIN RAISE 'secret' USING ERRCODE = '{state}'; END $$"))
        assert "secret" not in str(caught.value)


async def test_a_server_that_crashed_is_used_again_when_it_is_back() -> None:
    server, clock = start_postgresql(), ManualClock()
    try:
        async with opened(server.url("postgres"), clock) as database:
            await _add(database)
            server.kill()
            with pytest.raises(CatalogUnavailableError):
                await _read(database)
            server.start()
            clock.advance(MAX_PAUSE_SECONDS)
            await _read(database)
            await _add(database, "b")
            assert database.problem is None
    finally:
        server.remove()


async def test_between_two_attempts_nothing_is_sent(tmp_path: Path) -> None:
    clock = ManualClock()
    folder = tmp_path / "later"
    async with opened(f"sqlite:///{folder}/catalog.db", clock) as database:
        with pytest.raises(CatalogUnavailableError):
            await _read(database)
        folder.mkdir()
        with pytest.raises(CatalogUnavailableError, match="cannot be opened"):
            await _read(database)
        clock.advance(FIRST_PAUSE_SECONDS)
        await _read(database)
