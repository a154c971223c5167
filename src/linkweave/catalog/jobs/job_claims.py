"""The claims of a job's rows. They are in the database, so that a process that goes on with the job knows them."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import and_, select, update
from sqlalchemy.sql import ColumnElement

from linkweave.catalog.database import Database
from linkweave.catalog.jobs.jobs import JobRowState
from linkweave.catalog.tables import JOB_ROWS
from linkweave.errors import CatalogUnavailableError
from linkweave.storage.outages import Outage, OutageKind, StoreDownError

_LOG: Final = logging.getLogger("linkweave.jobs")


@dataclass(frozen=True, slots=True)
class JobClaims:
    """Records of creates, each in the row of the job that it is for. `positions` has the row of each name.

    They do not expire before the job does. A row that is claimed is STARTED in the same transaction.
    """

    database: Database
    job_id: str
    positions: Mapping[str, int]

    async def get(self, name: str) -> bytes | None:
        """Returns the record of `name`, or None.

        Raises:
            StoreDownError: the database cannot be used.
        """
        try:
            async with self.database.read() as connection:
                stored = (await connection.execute(select(JOB_ROWS.c.claim).where(self._row(name)))).scalar_one()
        except CatalogUnavailableError as error:
            raise _down(error) from None
        return None if stored is None else bytes(stored)

    async def claim(self, name: str, seen: bytes | None, record: bytes, ttl_seconds: float) -> bool:  # noqa: ARG002 - the interface's
        """Stores `record` in place of `seen`. Returns False where another record is stored by now.

        Raises:
            StoreDownError: the record is not stored.
        """
        unchanged = JOB_ROWS.c.claim.is_(None) if seen is None else JOB_ROWS.c.claim == seen
        change = update(JOB_ROWS).where(self._row(name), unchanged)
        try:
            async with self.database.write() as connection:
                done = await connection.execute(change.values(claim=record, state=JobRowState.STARTED.value))
        except CatalogUnavailableError as error:
            raise _down(error) from None
        return done.rowcount == 1

    async def settle(self, name: str, seen: bytes, record: bytes | None, ttl_seconds: float) -> None:  # noqa: ARG002 - the interface's
        """Stores the outcome in place of `seen`; None removes the record.

        An outcome that cannot be stored is found again at the vendor, by whoever goes on with the job.
        """
        change = update(JOB_ROWS).where(self._row(name), JOB_ROWS.c.claim == seen).values(claim=record)
        try:
            async with self.database.write() as connection:
                await connection.execute(change)
        except CatalogUnavailableError as error:
            _LOG.warning("job %s: an outcome is not stored: %s", self.job_id, error)

    def _row(self, name: str) -> ColumnElement[bool]:
        return and_(JOB_ROWS.c.job_id == self.job_id, JOB_ROWS.c.position == self.positions[name])


def _down(error: CatalogUnavailableError) -> StoreDownError:
    return StoreDownError(str(error), Outage(OutageKind.REFUSING, error.message))
