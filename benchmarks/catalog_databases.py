"""Databases for the benchmarks of the catalog: a SQLite file, and PostgreSQL where it is installed."""

import os
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from harness.postgresql_server import PostgresqlServer, programs
from linkweave.catalog.database import Database
from linkweave.clock import SystemClock

KINDS: Final = ("SQLite", "PostgreSQL")
KEPT: Final = {"SQLite": "LINKWEAVE_BENCH_SQLITE", "PostgreSQL": "LINKWEAVE_BENCH_POSTGRESQL"}
"""The environment variables with the address of a database that is kept: the next run need not fill it again."""


@asynccontextmanager
async def open_kept_database(kind: str) -> AsyncIterator[Database | None]:
    """Opens the database that the environment names, else a new one like `open_database`."""
    url = os.environ.get(KEPT[kind])
    async with open_database(kind) if url is None else _opened(url) as database:
        yield database


@asynccontextmanager
async def open_database(kind: str) -> AsyncIterator[Database | None]:
    """Opens a new database with all tables, and deletes it at the end. Yields None where there is no such server."""
    if kind == "SQLite":
        with tempfile.TemporaryDirectory(prefix="linkweave-bench-") as folder:
            async with _opened(f"sqlite:///{folder}/catalog.db") as database:
                yield database
        return
    installed = programs()
    if installed is None:
        yield None
        return
    # Commits wait for the disk as they do in operation.
    server = PostgresqlServer(installed, durable=True)
    try:
        async with _opened(server.url("postgres")) as database:
            yield database
    finally:
        server.remove()


@asynccontextmanager
async def _opened(url: str) -> AsyncIterator[Database]:
    database = Database(SecretStr(url), SystemClock(), folder=Path("/"))
    try:
        await database.upgrade()
        yield database
    finally:
        await database.close()
