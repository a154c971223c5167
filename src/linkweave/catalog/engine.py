"""Opens the database that the settings name."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import orjson
from pydantic import SecretStr
from sqlalchemy import URL, Connection, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from linkweave.catalog.sqlite_connection import connect
from linkweave.errors import ConfigurationError

MISSING_EXTRA: Final = (
    "catalog.url names a PostgreSQL database, which needs the extra: pip install 'linkweave[postgresql]'"
)
_FILE: Final = "sqlite:///"
# Statements of this process at once, and seconds that one more waits for a connection.
_POOL: Final[dict[str, Any]] = {"pool_size": 8, "max_overflow": 0, "pool_timeout": 5.0, "pool_use_lifo": True}
CONNECT_SECONDS: Final = 5.0
# A write that loses the machine's power is made again by the next walk, so that not every commit waits for the disk.
_PRAGMAS: Final = ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON", "cache_size = -16000")


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """How connections are opened.

    A statement waits `busy_seconds` while another process holds what it needs. `pragmas` are further settings of
    SQLite.
    """

    busy_seconds: float = 5.0
    pragmas: tuple[str, ...] = ()


WRITES: Final = "linkweave_writes"
"""The execution option of a connection that will write."""
_SINGLY: Final = "linkweave_singly"
"""The execution option of a connection to a file whose statements need no transaction."""


def open_engine(url: SecretStr, folder: Path, options: EngineOptions = EngineOptions()) -> AsyncEngine:
    """Returns the engine of the database at `url`, which is as in the settings. Nothing is sent to it yet.

    The path of a file begins at `folder`. Errors of the engine contain no values of statements.

    Raises:
        ConfigurationError: the packages that this database needs are not installed.
    """
    text = url.get_secret_value()
    if text.startswith(_FILE):
        return _open_file(folder / text.removeprefix(_FILE), options)
    return _open_server(text, options)


def is_file(engine: AsyncEngine) -> bool:
    """Whether the database is a SQLite file, which has one writer at a time."""
    return engine.dialect.name == "sqlite"


def reading_engines(engine: AsyncEngine) -> tuple[AsyncEngine, AsyncEngine]:
    """Returns an engine for statements that see the same moment, and one for statements that see one each.

    They share the connections of `engine`.
    """
    if is_file(engine):
        return engine, engine.execution_options(**{_SINGLY: True})
    of_one_moment = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return of_one_moment, engine.execution_options(isolation_level="AUTOCOMMIT")


def _open_file(path: Path, options: EngineOptions) -> AsyncEngine:
    url = URL.create("sqlite+aiosqlite", database=str(path))
    engine = create_async_engine(url, async_creator=partial(connect, path, options.busy_seconds), **_options())
    event.listen(engine.sync_engine, "connect", partial(_set_pragmas, (*_PRAGMAS, *options.pragmas)))
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _open_server(url: str, options: EngineOptions) -> AsyncEngine:
    try:
        import asyncpg  # noqa: PLC0415 - an optional dependency
    except ImportError:
        raise ConfigurationError(MISSING_EXTRA) from None

    lock_timeout = str(round(options.busy_seconds * 1000))
    settings = {"application_name": "linkweave", "jit": "off", "lock_timeout": lock_timeout}

    async def connect_to_server() -> "asyncpg.Connection[asyncpg.Record]":
        # The driver reads the parameters of the address as PostgreSQL's own clients do (DOC).
        return await asyncpg.connect(url, timeout=CONNECT_SECONDS, server_settings=settings)

    engine = create_async_engine("postgresql+asyncpg://", async_creator=connect_to_server, **_options())
    event.listen(engine.sync_engine, "checkout", _refuse_closed)
    return engine


def _options() -> dict[str, Any]:
    return {**_POOL, "hide_parameters": True, "json_serializer": _to_json, "json_deserializer": orjson.loads}


def _to_json(value: Any) -> str:
    return orjson.dumps(value).decode()


def _set_pragmas(pragmas: tuple[str, ...], connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    for pragma in pragmas:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    # A transaction that reads first and then writes fails at once where another one has written in between.
    options = connection.get_execution_options()
    if not options.get(_SINGLY):
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get(WRITES) else "BEGIN")


def _refuse_closed(connection: DBAPIConnection, _: ConnectionPoolEntry, __: PoolProxiedConnection) -> None:
    # The server was restarted. The pool then opens another connection.
    if connection.driver_connection.is_closed():
        raise DisconnectionError
