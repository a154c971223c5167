"""Opens the database that the settings name."""

from typing import Any, Final

import asyncpg
import orjson
from pydantic import SecretStr
from sqlalchemy import Connection, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

_FILE: Final = "sqlite:///"
# Statements of this process at once, and seconds that one more waits for a connection.
_POOL: Final[dict[str, Any]] = {"pool_size": 8, "max_overflow": 0, "pool_timeout": 5.0, "pool_use_lifo": True}
# Seconds for which a statement waits while another process writes.
BUSY_SECONDS: Final = 5.0
CONNECT_SECONDS: Final = 5.0
# A write that loses the machine's power is made again by the next walk, so that not every commit waits for the disk.
_PRAGMAS: Final = ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON", "cache_size = -16000")

WRITES: Final = "linkweave_writes"
"""The execution option of a connection that will write."""


def open_engine(url: SecretStr) -> AsyncEngine:
    """Returns the engine of the database at `url`, which is as in the settings. Nothing is sent to it yet.

    Errors of the engine contain no values of statements.
    """
    text = url.get_secret_value()
    return _open_file(text.removeprefix(_FILE)) if text.startswith(_FILE) else _open_server(text)


def is_file(engine: AsyncEngine) -> bool:
    """Whether the database is a SQLite file, which has one writer at a time."""
    return engine.dialect.name == "sqlite"


def _open_file(path: str) -> AsyncEngine:
    # The driver must not begin transactions by itself: it would begin them too late, and only before some statements.
    arguments = {"timeout": BUSY_SECONDS, "isolation_level": None}
    engine = create_async_engine(f"sqlite+aiosqlite:///{path}", connect_args=arguments, **_options())
    event.listen(engine.sync_engine, "connect", _set_pragmas)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _open_server(url: str) -> AsyncEngine:
    async def connect() -> "asyncpg.Connection[asyncpg.Record]":
        # The driver reads the parameters of the address as PostgreSQL's own clients do (DOC).
        return await asyncpg.connect(
            url, timeout=CONNECT_SECONDS, server_settings={"application_name": "linkweave", "jit": "off"}
        )

    engine = create_async_engine("postgresql+asyncpg://", async_creator=connect, **_options())
    event.listen(engine.sync_engine, "checkout", _refuse_closed)
    return engine


def _options() -> dict[str, Any]:
    return {**_POOL, "hide_parameters": True, "json_serializer": _to_json, "json_deserializer": orjson.loads}


def _to_json(value: Any) -> str:
    return orjson.dumps(value).decode()


def _set_pragmas(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    # A transaction that reads first and then writes fails at once where another one has written in between.
    writes = connection.get_execution_options().get(WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _refuse_closed(connection: DBAPIConnection, _: ConnectionPoolEntry, __: PoolProxiedConnection) -> None:
    # The server was restarted. The pool then opens another connection.
    if connection.driver_connection.is_closed():
        raise DisconnectionError
