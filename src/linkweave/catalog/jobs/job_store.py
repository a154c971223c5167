"""Stores jobs and their rows, and says which process works on a job."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, and_, bindparam, case, exists, func, insert, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from linkweave.catalog.database import Database
from linkweave.catalog.jobs.copy_plans import CopyPlan, CopyState
from linkweave.catalog.jobs.jobs import Job, JobRow, JobRowState, JobState
from linkweave.catalog.jobs.link_input_json import from_json, patch_from_json
from linkweave.catalog.tables import JOB_ROWS, JOBS, PLAN_ROWS

_KIND: Final = "COPY"
_STARTABLE: Final = (JobState.FAILED.value, JobState.CANCELLED.value)
_ENDABLE: Final = (JobState.WAITING.value, JobState.RUNNING.value)
_IS_UNFINISHED: Final = JOB_ROWS.c.state.in_(
    [state.value for state in (JobRowState.WAITING, JobRowState.STARTED, JobRowState.CREATED, JobRowState.AMBIGUOUS)]
)
_CANDIDATES: Final = 10


@dataclass(frozen=True, slots=True)
class JobStore:
    """Jobs by their ids. Every method raises CatalogUnavailableError where the database cannot be used."""

    database: Database

    async def start_copy(self, plan: CopyPlan, states: Sequence[CopyState], now: datetime) -> Job:
        """Returns the job of `plan`, whose rows are those of the plan in `states`. It waits for a process.

        A plan has one job, with the same id. A job that exists already is returned; one that failed or was cancelled
        waits again, and so does one that has ended with rows that are unclear or lack their patch.
        """
        async with self.database.write() as connection:
            if await _find(connection, plan.id) is None:
                await _create(connection, plan, states, now)
            else:
                await _go_on(connection, plan.id)
            job = await _find(connection, plan.id)
        assert job is not None  # noqa: S101 - it was written in this transaction
        return job

    async def resume(self, job_id: str) -> Job | None:
        """Returns a job, which waits again as in `start_copy`; None where there is none."""
        async with self.database.write() as connection:
            await _go_on(connection, job_id)
            return await _find(connection, job_id)

    async def find(self, job_id: str) -> Job | None:
        """Returns the job with this id; None where there is none."""
        async with self.database.read() as connection:
            return await _find(connection, job_id)

    async def newest(self, before: tuple[datetime, str] | None, limit: int) -> list[Job]:
        """Returns at most `limit` jobs, newest first, after the job with this time and id."""
        query = select(JOBS).order_by(JOBS.c.created_at.desc(), JOBS.c.id.desc()).limit(limit)
        if before is not None:
            at, job_id = before
            query = query.where(or_(JOBS.c.created_at < at, and_(JOBS.c.created_at == at, JOBS.c.id < job_id)))
        async with self.database.read() as connection:
            return [_to_job(row) for row in await connection.execute(query)]

    async def cancel(self, job_id: str, now: datetime) -> Job | None:
        """Ends a job that waits or runs, and returns it. The process that works on it stops after the rows at hand."""
        ended = {"state": JobState.CANCELLED.value, "finished_at": now, "lease_owner": None, "lease_ends_at": None}
        async with self.database.write() as connection:
            await connection.execute(update(JOBS).where(JOBS.c.id == job_id, JOBS.c.state.in_(_ENDABLE)).values(ended))
            return await _find(connection, job_id)

    async def acquire(self, owner: str, now: datetime, until: datetime) -> Job | None:
        """Returns a job that no process works on, which is the owner's `until` then; None where there is none."""
        free = _is_free(now)
        oldest = select(JOBS.c.id).where(free).order_by(JOBS.c.created_at, JOBS.c.id).limit(_CANDIDATES)
        taken = {
            "state": JobState.RUNNING.value,
            "lease_owner": owner,
            "lease_ends_at": until,
            "started_at": func.coalesce(JOBS.c.started_at, literal(now, JOBS.c.started_at.type)),
        }
        # Most of the time there is none, and then nothing is locked.
        async with self.database.read() as connection:
            job_ids = (await connection.execute(oldest)).scalars().all()
        for job_id in job_ids:
            async with self.database.write() as connection:
                done = await connection.execute(update(JOBS).where(JOBS.c.id == job_id, free).values(taken))
                # Another process may have taken it since it was read.
                if done.rowcount == 1:
                    return await _find(connection, job_id)
        return None

    async def renew(self, job_id: str, owner: str, until: datetime) -> bool:
        """Keeps a job for its owner. Returns False where it is no longer the owner's, or was cancelled."""
        async with self.database.write() as connection:
            done = await connection.execute(update(JOBS).where(_is_owned(job_id, owner)).values(lease_ends_at=until))
        return done.rowcount == 1

    async def release(self, job_id: str, owner: str) -> None:
        """Lets another process go on with the job at once."""
        free = {"state": JobState.WAITING.value, "lease_owner": None, "lease_ends_at": None}
        async with self.database.write() as connection:
            await connection.execute(update(JOBS).where(_is_owned(job_id, owner)).values(free))

    async def finish(self, job_id: str, owner: str, state: JobState, error: str | None, now: datetime) -> None:
        """Ends the job, unless it is no longer the owner's."""
        ended = {
            "state": state.value,
            "error": error,
            "finished_at": now,
            "lease_owner": None,
            "lease_ends_at": None,
        }
        async with self.database.write() as connection:
            await connection.execute(update(JOBS).where(_is_owned(job_id, owner)).values(ended))

    async def created_rows(self, job_id: str) -> list[JobRow]:
        """Returns the rows whose links are known to be created, in their order."""
        return await self._rows_where(JOB_ROWS.c.job_id == job_id, JOB_ROWS.c.handle.is_not(None))

    async def unfinished_rows(self, job_id: str) -> list[JobRow]:
        """Returns the rows that wait, were started, lack their patch, or are ambiguous, in their order."""
        return await self._rows_where(JOB_ROWS.c.job_id == job_id, _IS_UNFINISHED)

    async def rows(self, job_id: str, after: int, limit: int) -> list[JobRow]:
        """Returns at most `limit` rows whose position is greater than `after`."""
        query = select(JOB_ROWS).where(JOB_ROWS.c.job_id == job_id, JOB_ROWS.c.position > after)
        async with self.database.read() as connection:
            found = await connection.execute(query.order_by(JOB_ROWS.c.position).limit(limit))
            return [_to_job_row(row) for row in found]

    async def _rows_where(self, *conditions: ColumnElement[bool]) -> list[JobRow]:
        query = select(JOB_ROWS).where(*conditions)
        async with self.database.read() as connection:
            return [_to_job_row(row) for row in await connection.execute(query.order_by(JOB_ROWS.c.position))]

    async def record(self, job_id: str, rows: Sequence[JobRow]) -> bool:
        """Stores what became of `rows`, and counts the rows of the job again. Returns whether the job still runs."""
        change = (
            update(JOB_ROWS)
            .where(JOB_ROWS.c.job_id == job_id, JOB_ROWS.c.position == bindparam("at"))
            .values(
                state=bindparam("to"), short_url=bindparam("url"), handle=bindparam("by"), error=bindparam("because")
            )
        )
        values = [
            {
                "at": row.position,
                "to": row.state.value,
                "url": row.short_url,
                "by": row.handle,
                "because": row.error,
            }
            for row in rows
        ]
        async with self.database.write() as connection:
            await connection.execute(change, values)
            await connection.execute(update(JOBS).where(JOBS.c.id == job_id).values(await _counts(connection, job_id)))
            state = (await connection.execute(select(JOBS.c.state).where(JOBS.c.id == job_id))).scalar_one()
        return bool(state == JobState.RUNNING.value)


def _is_free(now: datetime) -> ColumnElement[bool]:
    expired = or_(JOBS.c.lease_ends_at.is_(None), JOBS.c.lease_ends_at <= now)
    return or_(JOBS.c.state == JobState.WAITING.value, and_(JOBS.c.state == JobState.RUNNING.value, expired))


async def _go_on(connection: AsyncConnection, job_id: str) -> None:
    again = {"state": JobState.WAITING.value, "error": None, "finished_at": None}
    await connection.execute(update(JOBS).where(JOBS.c.id == job_id, _may_go_on(job_id)).values(again))


def _may_go_on(job_id: str) -> ColumnElement[bool]:
    left = JOB_ROWS.c.state.in_([JobRowState.CREATED.value, JobRowState.AMBIGUOUS.value])
    has_left = exists(select(JOB_ROWS.c.position).where(JOB_ROWS.c.job_id == job_id, left))
    return or_(JOBS.c.state.in_(_STARTABLE), and_(JOBS.c.state == JobState.DONE.value, has_left))


def _is_owned(job_id: str, owner: str) -> ColumnElement[bool]:
    return and_(JOBS.c.id == job_id, JOBS.c.lease_owner == owner, JOBS.c.state == JobState.RUNNING.value)


async def _find(connection: AsyncConnection, job_id: str) -> Job | None:
    row = (await connection.execute(select(JOBS).where(JOBS.c.id == job_id))).one_or_none()
    return None if row is None else _to_job(row)


async def _create(connection: AsyncConnection, plan: CopyPlan, states: Sequence[CopyState], now: datetime) -> None:
    wanted = and_(PLAN_ROWS.c.plan_id == plan.id, PLAN_ROWS.c.state.in_([state.value for state in states]))
    total = (await connection.execute(select(func.count()).where(wanted))).scalar_one()
    job = {
        "id": plan.id,
        "kind": _KIND,
        "client": plan.client,
        "accounts": [plan.source_account, plan.target_account],
        "input": {},
        "state": JobState.WAITING.value,
        "total": total,
        "created_at": now,
    }
    await connection.execute(insert(JOBS).values(job))
    rows = select(PLAN_ROWS).where(wanted).order_by(PLAN_ROWS.c.position)
    values = [_to_columns(row) for row in await connection.execute(rows)]
    if values:
        await connection.execute(insert(JOB_ROWS), values)


async def _counts(connection: AsyncConnection, job_id: str) -> Mapping[str, int]:
    def number(*states: JobRowState, also: ColumnElement[bool] | None = None) -> ColumnElement[int]:
        counted = JOB_ROWS.c.state.in_([each.value for each in states])
        return func.coalesce(func.sum(case((counted if also is None else or_(counted, also), 1), else_=0)), 0)

    lacking = and_(JOB_ROWS.c.state == JobRowState.CREATED.value, JOB_ROWS.c.error.is_not(None))
    query = select(number(JobRowState.DONE), number(JobRowState.FAILED, JobRowState.AMBIGUOUS, also=lacking))
    done, failed = (await connection.execute(query.where(JOB_ROWS.c.job_id == job_id))).one()
    return {"done": done, "failed": failed}


def _to_columns(row: Row[Any]) -> dict[str, Any]:
    return {
        "job_id": row.plan_id,
        "position": row.position,
        "state": JobRowState.WAITING.value,
        "idempotency_key": f"{row.plan_id}:{row.position}",
        "source": row.source_short_url,
        "target": row.target,
        "patch": row.patch,
    }


def _to_job(row: Row[Any]) -> Job:
    source, target = row.accounts
    return Job(
        id=row.id,
        client=row.client,
        source_account=source,
        target_account=target,
        state=JobState(row.state),
        done=row.done,
        failed=row.failed,
        total=row.total,
        error=row.error,
        created_at=row.created_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
    )


def _to_job_row(row: Row[Any]) -> JobRow:
    return JobRow(
        position=row.position,
        state=JobRowState(row.state),
        idempotency_key=row.idempotency_key,
        source=row.source,
        target=from_json(row.target),
        patch=patch_from_json(row.patch),
        short_url=row.short_url,
        handle=row.handle,
        error=row.error,
    )
