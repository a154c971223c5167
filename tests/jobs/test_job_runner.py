"""The runner of jobs, over work that is a function of the test."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert

from harness.catalog_fixtures import opened
from harness.emulators import NOW
from linkweave.catalog.database import Database
from linkweave.catalog.jobs.job_store import JobStore
from linkweave.catalog.jobs.jobs import Job, JobState
from linkweave.catalog.tables import JOBS
from linkweave.clock import SystemClock
from linkweave.errors import CatalogUnavailableError
from linkweave.jobs.job_runner import LEASE_SECONDS, JobRunner, RunJob
from linkweave.jobs.run_end import RunEnd


@pytest.fixture
async def file(migrated_file: Path, tmp_path: Path) -> AsyncIterator[Database]:
    """A SQLite database with one job."""
    path = tmp_path / "catalog.db"
    shutil.copy(migrated_file, path)
    async with opened(f"sqlite:///{path}") as database:
        await add_job(database, "one")
        yield database


async def add_job(database: Database, name: str) -> None:
    job = {"id": name, "kind": "COPY", "client": "me", "accounts": ["from", "to"], "input": {}, "total": 1}
    async with database.write() as connection:
        await connection.execute(insert(JOBS).values(**job, state="WAITING", created_at=NOW))


@asynccontextmanager
async def running(database: Database, run: RunJob) -> AsyncIterator[asyncio.Event]:
    started = asyncio.Event()
    runner = JobRunner(JobStore(database), run, SystemClock(), started)
    working = asyncio.create_task(runner.work())
    try:
        yield started
    finally:
        working.cancel()
        with suppress(asyncio.CancelledError):
            await working


async def ended(database: Database, *states: JobState, name: str = "one") -> Job:
    """The job, once it is in one of `states`."""
    async with asyncio.timeout(300):
        while True:
            job = await JobStore(database).find(name)
            assert job is not None
            if job.state in states:
                return job
            await asyncio.sleep(0.01)


async def finish(_: Job, __: asyncio.Event) -> RunEnd:
    return RunEnd(JobState.DONE)


async def until_stopped(_: Job, stop: asyncio.Event) -> None:
    await stop.wait()


async def test_jobs_that_wait_are_worked_on_and_new_ones_at_once(file: Database) -> None:
    async with running(file, finish) as started:
        await ended(file, JobState.DONE)
        await add_job(file, "two")
        started.set()
        assert (await ended(file, JobState.DONE, name="two")).finished_at is not None


async def test_a_job_that_fails_unexpectedly_says_so_and_the_runner_goes_on(
    file: Database, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(job: Job, _: asyncio.Event) -> RunEnd:
        if job.id == "one":
            raise ZeroDivisionError
        return RunEnd(JobState.FAILED, "in words")

    async with running(file, fail) as started:
        assert "gateway's log" in str((await ended(file, JobState.FAILED)).error)
        await add_job(file, "two")
        started.set()
        assert (await ended(file, JobState.FAILED, name="two")).error == "in words"
    assert "ZeroDivisionError" in caplog.text


async def test_a_job_of_a_runner_that_stops_waits_for_another_one(file: Database) -> None:
    begun = asyncio.Event()

    async def begin(job: Job, stop: asyncio.Event) -> None:
        begun.set()
        await until_stopped(job, stop)

    async with running(file, begin):
        await begun.wait()
    assert (await ended(file, JobState.WAITING)).error is None


async def test_a_job_whose_database_fails_keeps_its_lease_until_that_ends(file: Database) -> None:
    async def lose(_: Job, __: asyncio.Event) -> RunEnd:
        raise CatalogUnavailableError("is full")

    async with running(file, lose):
        await ended(file, JobState.RUNNING)
    jobs, now = JobStore(file), SystemClock().now()
    assert await jobs.acquire("other", now, now) is None
    later = now + timedelta(seconds=LEASE_SECONDS + 1)
    assert await jobs.acquire("other", later, later) is not None
