"""The database of the catalog: transactions, and what becomes of their errors."""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Final, TypeAlias

from pydantic import SecretStr
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from linkweave.catalog.engine import WRITES, EngineOptions, is_file, open_engine, reading_engines
from linkweave.catalog.migrations import HEAD
from linkweave.catalog.outage_pause import OutagePause
from linkweave.catalog.outages import NEWER_SCHEMA, outage_of
from linkweave.clock import Clock
from linkweave.errors import CatalogUnavailableError

_LOG: Final = logging.getLogger("linkweave.catalog")
# Seconds after which a probe says that the database does not answer.
PROBE_SECONDS: Final = 1.0
# Any number that no other program takes on the same server.
_MIGRATION_LOCK: Final = 5_466_283_017_442
# By its last step, the log of writes holds a copy of the whole file. Then it is empty.
_VACUUM_SQLITE: Final = ("VACUUM", "ANALYZE", "PRAGMA wal_checkpoint(TRUNCATE)")

# Takes how many steps are done, and of how many.
ReportSteps: TypeAlias = Callable[[int, int], None]


def _report_nothing(_done: int, _total: int) -> None:
    """Nobody waits to see it."""


class Database:
    """The database at `url`, whose path begins at `folder` if it is a file.

    Opening sends nothing to it; the first transaction creates or upgrades its tables.
    `report` gets each change of its state: why it cannot be used, or None. After a failure that lasts, transactions
    fail at once for some seconds, reading ones and writing ones apart: a full disk can still be read.
    """

    def __init__(
        self,
        url: SecretStr,
        clock: Clock,
        report: Callable[[str | None], None] = lambda _reason: None,
        folder: Path = Path(),
        options: EngineOptions = EngineOptions(),  # noqa: B008 - it is frozen
    ) -> None:
        self._engine = open_engine(url, folder, options)
        # They share its connections, and need no visit to the database to set an option of one.
        self._of_writes = self._engine.execution_options(**{WRITES: True})
        self._of_one_moment, self._of_statements = reading_engines(self._engine)
        self._report = report
        self._clock = clock
        self._reads, self._writes = OutagePause(clock), OutagePause(clock)
        self._writing, self._upgrading = asyncio.Lock(), asyncio.Lock()
        self._closing: set[asyncio.Future[None]] = set()
        self._is_ready = False
        self._reported: str | None = None

    @property
    def is_postgresql(self) -> bool:
        """Whether the database is PostgreSQL. Else, it is SQLite."""
        return not is_file(self._engine)

    @property
    def problem(self) -> str | None:
        """Why the latest transaction that read, or the latest that wrote, failed; None if neither did."""
        outage = self._reads.outage or self._writes.outage
        return None if outage is None else f"the catalog's database {outage.reason}"

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Surrounds reading statements. All of them see the same moment. Leave the block soon, and call nobody in it.

        Raises:
            CatalogUnavailableError: the database cannot be used, or refused a statement.
        """
        async with self._watch(self._reads):
            await self._get_ready()
            async with self._connection(self._of_one_moment) as connection:
                yield connection

    @asynccontextmanager
    async def read_singly(self) -> AsyncIterator[AsyncConnection]:
        """As `read`, but each statement sees a moment of its own: that spares two visits to the database.

        Raises:
            CatalogUnavailableError: the database cannot be used, or refused a statement.
        """
        async with self._watch(self._reads):
            await self._get_ready()
            async with self._connection(self._of_statements) as connection:
                yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """Surrounds statements that are committed together at the end of the block, or not at all if it raises.

        With SQLite, one block at a time has its turn. Leave it soon, and call nobody in it.

        Raises:
            CatalogUnavailableError: the database cannot be used, or refused a statement.
        """
        async with self._watch(self._writes):
            await self._get_ready()
            async with self._transaction() as connection:
                yield connection

    async def upgrade(self, report: ReportSteps = _report_nothing) -> None:
        """Creates the tables, or brings them to the state that this program knows. `report` gets how far that is.

        Raises:
            CatalogUnavailableError: the database cannot be used, or a newer program has changed it.
        """
        async with self._watch(self._writes):
            await self._get_ready(report)

    async def probe(self) -> str | None:
        """Writes to the database, and returns why it cannot be used; None where it can. Never raises.

        Soon after a failure, it returns the same and sends nothing.
        """
        with suppress(CatalogUnavailableError, TimeoutError):
            async with asyncio.timeout(PROBE_SECONDS), self.write() as connection:
                await connection.execute(text("UPDATE alembic_version SET version_num = version_num"))
            return self.problem
        return self.problem or "the catalog's database did not answer in time"

    async def check(self) -> str | None:
        """Returns why the database cannot be used; None where it can. Changes no table of an older program."""
        from linkweave.catalog.migrations.upgrade import is_known  # noqa: PLC0415 - it loads Alembic

        try:
            revision = await self.revision()
        except CatalogUnavailableError as error:
            return error.message
        if revision == HEAD:
            return await self.probe()
        return None if revision is None or is_known(revision) else CatalogUnavailableError(NEWER_SCHEMA.reason).message

    async def vacuum(self, report: ReportSteps = _report_nothing) -> None:
        """Gives space back to the disk, and renews what the database knows of the distribution of values.

        `report` gets how far that is.

        Raises:
            CatalogUnavailableError: the database cannot be used.
        """
        statements = ("VACUUM (ANALYZE)",) if self.is_postgresql else _VACUUM_SQLITE
        async with self._watch(OutagePause(self._clock)), self._connection() as connection:
            # The driver, unlike SQLAlchemy, begins no transaction.
            driver: Any = (await connection.get_raw_connection()).driver_connection
            for done, statement in enumerate(statements):
                report(done, len(statements))
                await driver.execute(statement)
        report(len(statements), len(statements))

    async def revision(self) -> str | None:
        """Returns the revision of the tables, even of a newer program; None where there are no tables.

        Raises:
            CatalogUnavailableError: the database cannot be used.
        """
        async with self._watch(OutagePause(self._clock)), self._connection() as connection:
            return await connection.run_sync(_revision)

    async def close(self) -> None:
        """Closes the connections."""
        await asyncio.gather(*self._closing, return_exceptions=True)
        await self._engine.dispose()

    @asynccontextmanager
    async def _connection(self, engine: AsyncEngine | None = None) -> AsyncIterator[AsyncConnection]:
        connection = await (engine or self._engine).connect()
        try:
            yield connection
        finally:
            # At a server, a cancelled task does not wait for the end of its transaction, but closing the database does.
            # In a file, half of a transaction would keep out the next one, for as long as SQLite waits for a lock.
            closing = asyncio.ensure_future(connection.close())
            self._closing.add(closing)
            closing.add_done_callback(self._closing.discard)
            await (asyncio.shield(closing) if self.is_postgresql else _wait_to_the_end(closing))

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[AsyncConnection]:
        async with AsyncExitStack() as stack:
            if not self.is_postgresql:
                await stack.enter_async_context(self._writing)
            connection = await stack.enter_async_context(self._connection(self._of_writes))
            async with connection.begin():
                yield connection

    async def _get_ready(self, report: ReportSteps = _report_nothing) -> None:
        if self._is_ready:
            return
        async with self._upgrading:
            if not self._is_ready:
                async with self._connection() as connection:
                    revision = await connection.run_sync(_revision)
                if revision != HEAD:
                    await self._run_revisions(report)
                self._is_ready = True

    async def _run_revisions(self, report: ReportSteps) -> None:
        # Alembic costs a tenth of a second at the start. A database that is up to date does not need it.
        from linkweave.catalog.migrations.upgrade import is_known, run_revisions  # noqa: PLC0415

        async with self._transaction() as connection:
            if self.is_postgresql:
                await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK})
            # Another process may have been faster.
            revision = await connection.run_sync(_revision)
            if revision is not None and not is_known(revision):
                raise _NewerSchemaError
            await connection.run_sync(run_revisions, report)

    @asynccontextmanager
    async def _watch(self, pause: OutagePause) -> AsyncIterator[None]:
        if pause.current is not None:
            raise CatalogUnavailableError(pause.current.reason)
        try:
            yield
        except _NewerSchemaError:
            outage = NEWER_SCHEMA
        except (SQLAlchemyError, sqlite3.Error, OSError) as error:
            outage = outage_of(error)
        else:
            pause.succeeded()
            self._tell()
            return
        pause.failed(outage)
        # Whatever comes back may be another database: restored from a backup, or empty.
        self._is_ready = False
        self._tell()
        raise CatalogUnavailableError(outage.reason, lasts=outage.lasts)

    def _tell(self) -> None:
        if self.problem == self._reported:
            return
        self._reported = self.problem
        self._report(self.problem)
        _LOG.warning("catalog: %s", self.problem or "the database can be used again")


async def _wait_to_the_end(closing: asyncio.Future[None]) -> None:
    """Waits for `closing`, also when the waiting task is cancelled. It is cancelled afterwards."""
    cancelled: asyncio.CancelledError | None = None
    while not closing.done():
        try:
            await asyncio.shield(closing)
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        raise cancelled
    closing.result()


class _NewerSchemaError(Exception):
    """A newer program has changed the tables."""


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return revision
