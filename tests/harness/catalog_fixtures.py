"""Databases of the catalog: each test has an empty one with all tables, of both kinds."""

import asyncio
import secrets
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from pydantic import SecretStr
from sqlalchemy import delete

from harness.postgresql_server import PostgresqlServer, programs
from linkweave.catalog.database import Database
from linkweave.catalog.engine import EngineOptions
from linkweave.catalog.tables import METADATA
from linkweave.clock import Clock, SystemClock
from linkweave.testing.gateway import Gateway


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresqlServer]:
    """A server for all tests of this worker that do not kill it."""
    server = start_postgresql()
    yield server
    server.remove()


def start_postgresql() -> PostgresqlServer:
    """Starts a server, or skips the test loudly where none is installed."""
    folder = programs()
    if folder is None:
        pytest.skip("PostgreSQL is not installed: half of the catalog's tests do not run (apt-get install postgresql)")
    return PostgresqlServer(folder)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables. Tests copy it."""
    path = tmp_path_factory.mktemp("catalog") / "template.db"
    asyncio.run(_upgrade(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def migrated_url(postgresql: PostgresqlServer) -> str:
    """The address of a database on the server with all tables. Tests empty it."""
    url = new_database(postgresql, "migrated")
    asyncio.run(_upgrade(url))
    return url


@pytest.fixture
def sqlite_url(migrated_file: Path, tmp_path: Path) -> str:
    """The address of an empty SQLite database with all tables."""
    shutil.copy(migrated_file, tmp_path / "catalog.db")
    return f"sqlite:///{tmp_path / 'catalog.db'}"


@pytest.fixture(params=("sqlite", "postgresql"))
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database with all tables: SQLite in one run of the test, PostgreSQL in another."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_file"), tmp_path / "catalog.db")
        return f"sqlite:///{tmp_path / 'catalog.db'}"
    url: str = request.getfixturevalue("migrated_url")
    asyncio.run(execute(url, "; ".join(str(delete(table)) for table in reversed(METADATA.sorted_tables))))
    return url


@pytest.fixture(params=("sqlite", "postgresql"))
def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without tables: SQLite in one run of the test, PostgreSQL in another."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'catalog.db'}"
    return new_database(request.getfixturevalue("postgresql"), f"new_{secrets.token_hex(4)}")


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An empty database with all tables: SQLite in one run of the test, PostgreSQL in another."""
    async with opened(database_url) as database:
        yield database


@asynccontextmanager
async def opened(url: str, clock: Clock | None = None, **options: Any) -> AsyncIterator[Database]:
    """Opens a database, and closes it at the end."""
    database = Database(SecretStr(url), clock or SystemClock(), options=EngineOptions(**options))
    try:
        yield database
    finally:
        await database.close()


def new_database(server: PostgresqlServer, name: str) -> str:
    """Creates a database without tables, and returns its address."""
    asyncio.run(execute(server.url("postgres"), f"CREATE DATABASE {name}"))
    return server.url(name)


async def execute(url: str, statements: str) -> None:
    """Executes statements at a PostgreSQL server, outside a transaction."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statements)
    finally:
        await connection.close()


async def _upgrade(url: str) -> None:
    async with opened(url) as database:
        await database.upgrade()


@asynccontextmanager
async def running(gateway: Gateway) -> AsyncIterator[Gateway]:
    """Runs the background tasks of a gateway, and closes its catalog at the end."""
    pages = gateway.app.pages
    async with pages.router.lifespan_context(pages):
        yield gateway
