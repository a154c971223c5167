"""Plans and jobs in the database, of both kinds."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, timedelta

import pytest
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncConnection

from harness.emulators import NOW
from linkweave.catalog.database import Database
from linkweave.catalog.jobs.copy_plan_store import CopyPlanStore
from linkweave.catalog.jobs.copy_plans import (
    CopyOptions,
    CopyPlan,
    CopyState,
    LostField,
    OnConflict,
    PlanRow,
    SlugChoice,
)
from linkweave.catalog.jobs.job_claims import JobClaims
from linkweave.catalog.jobs.job_store import JobStore
from linkweave.catalog.jobs.jobs import Job, JobRow, JobRowState, JobState
from linkweave.clock import SystemClock
from linkweave.errors import CatalogUnavailableError
from linkweave.models import Expiry, Utm
from linkweave.models.changes import NewLink
from linkweave.storage.outages import StoreDownError

DAY, LEASE = timedelta(days=1), timedelta(seconds=30)
OPTIONS = CopyOptions(SlugChoice.NEW, OnConflict.SUFFIX, "go.example")
PLAN = CopyPlan("p1", "me", "from", "to", OPTIONS, 3, 7, ("a notice",), NOW, NOW + DAY)
RICH = NewLink("https://example.com/", tags=("a", "b"), utm=Utm("s"), expiry=Expiry(at=date(2027, 1, 1)), title="T")
ROWS = [
    PlanRow("h0", "https://s/0", CopyState.READY, target=RICH),
    PlanRow("h1", "https://s/1", CopyState.SLUG_TAKEN, "taken"),
    PlanRow("h2", "https://s/2", CopyState.READY_WITH_LOSS, None, (LostField("note", "no"),), RICH),
]
BOTH = [CopyState.READY, CopyState.READY_WITH_LOSS]


async def test_a_plan_is_read_as_it_was_saved_until_it_expires(database: Database) -> None:
    plans = CopyPlanStore(database)
    await plans.save(PLAN, ROWS)
    assert await plans.find("p1", NOW) == PLAN
    assert await plans.rows("p1", -1, 2) == [(0, ROWS[0]), (1, ROWS[1])]
    assert await plans.rows("p1", 1, 2) == [(2, ROWS[2])]
    assert await plans.counts("p1") == dict.fromkeys((*BOTH, CopyState.SLUG_TAKEN), 1)
    assert await plans.find("p1", NOW + DAY) is None
    await plans.save(replace(PLAN, id="p2", made_at=NOW + DAY, expires_at=NOW + 2 * DAY), [])
    assert await plans.rows("p1", -1, 2) == []


async def test_a_password_is_never_stored(database: Database) -> None:
    plans = CopyPlanStore(database)
    await plans.save(PLAN, [replace(ROWS[0], target=replace(RICH, password="secret"))])
    assert await plans.rows("p1", -1, 1) == [(0, ROWS[0])]


async def started(database: Database, states: list[CopyState] = BOTH) -> tuple[JobStore, Job]:
    await CopyPlanStore(database).save(PLAN, ROWS)
    jobs = JobStore(database)
    return jobs, await jobs.start_copy(PLAN, states, NOW)


@pytest.mark.parametrize(("states", "positions"), [(BOTH, [0, 2]), ([CopyState.READY], [0])])
async def test_a_job_has_the_rows_of_its_plan_that_are_wanted(
    database: Database, states: list[CopyState], positions: list[int]
) -> None:
    jobs, job = await started(database, states)
    assert (job.id, job.state, job.total) == ("p1", JobState.WAITING, len(positions))
    rows = await jobs.unfinished_rows("p1")
    assert [row.position for row in rows] == positions
    assert rows[0] == JobRow(0, JobRowState.WAITING, "p1:0", "https://s/0", RICH)
    assert await jobs.start_copy(PLAN, BOTH, NOW + LEASE) == job


async def test_a_job_is_of_one_process_until_its_lease_ends(database: Database) -> None:
    jobs, _ = await started(database)
    taken = await asyncio.gather(*(jobs.acquire(name, NOW, NOW + LEASE) for name in ("a", "b", "c")))
    (job,) = filter(None, taken)
    owner = "abc"[taken.index(job)]
    other = "b" if owner == "a" else "a"
    assert (job.state, job.started_at) == (JobState.RUNNING, NOW)
    assert not await jobs.renew("p1", other, NOW + DAY)
    await jobs.finish("p1", other, JobState.FAILED, "no", NOW)
    assert await jobs.renew("p1", owner, NOW + 2 * LEASE)
    assert await jobs.acquire(other, NOW + LEASE, NOW + DAY) is None
    assert await jobs.acquire(other, NOW + 2 * LEASE, NOW + DAY) == job
    assert not await jobs.renew("p1", owner, NOW + DAY)


async def test_a_released_job_is_free_at_once(database: Database) -> None:
    jobs, _ = await started(database)
    await jobs.acquire("a", NOW, NOW + LEASE)
    await jobs.release("p1", "a")
    assert await jobs.acquire("b", NOW, NOW + LEASE) is not None


@pytest.mark.parametrize("end", [JobState.FAILED, JobState.CANCELLED, JobState.DONE])
async def test_a_job_that_failed_or_was_cancelled_goes_on_when_it_is_started_again(
    database: Database, end: JobState
) -> None:
    jobs, _ = await started(database)
    await jobs.acquire("a", NOW, NOW + LEASE)
    if end is JobState.CANCELLED:
        await jobs.cancel("p1", NOW)
        assert not await jobs.renew("p1", "a", NOW + LEASE)
    await jobs.finish("p1", "a", end, "because", NOW)
    ended = await jobs.find("p1")
    assert ended is not None
    assert (ended.state, ended.finished_at) == (end, NOW)
    again = await jobs.start_copy(PLAN, BOTH, NOW)
    assert again.state is (JobState.DONE if end is JobState.DONE else JobState.WAITING)


async def test_a_job_that_has_ended_with_a_link_without_its_patch_goes_on(database: Database) -> None:
    jobs, _ = await started(database)
    await jobs.acquire("a", NOW, NOW + LEASE)
    first, second = await jobs.unfinished_rows("p1")
    lacking = replace(first, state=JobRowState.CREATED, short_url="https://t/0", handle="t0", error="no")
    assert await jobs.record("p1", [lacking, replace(second, state=JobRowState.DONE, handle="t1")])
    await jobs.finish("p1", "a", JobState.DONE, None, NOW)
    ended = await jobs.find("p1")
    assert ended is not None
    assert (ended.done, ended.failed) == (1, 1)
    assert [row.handle for row in await jobs.created_rows("p1")] == ["t0", "t1"]
    again = await jobs.resume("p1")
    assert again is not None
    assert again.state is JobState.WAITING
    assert await jobs.unfinished_rows("p1") == [lacking]
    assert await jobs.resume("unknown") is None


async def test_a_job_counts_its_rows(database: Database) -> None:
    jobs, _ = await started(database)
    first, second = await jobs.unfinished_rows("p1")
    done = replace(first, state=JobRowState.DONE, short_url="https://t/0", handle="t0")
    unclear = replace(second, state=JobRowState.AMBIGUOUS, error="unclear")
    assert not await jobs.record("p1", [done, unclear])
    job = await jobs.find("p1")
    assert job is not None
    assert (job.done, job.failed, job.total) == (1, 1, 2)
    assert await jobs.created_rows("p1") == [done]
    assert await jobs.unfinished_rows("p1") == [unclear]
    assert await jobs.rows("p1", 0, 5) == [unclear]


async def test_jobs_are_listed_newest_first(database: Database) -> None:
    jobs, plans = JobStore(database), CopyPlanStore(database)
    for name, at in (("a", NOW), ("b", NOW), ("c", NOW + LEASE)):
        plan = replace(PLAN, id=name)
        await plans.save(plan, ROWS)
        await jobs.start_copy(plan, BOTH, at)
    assert [job.id for job in await jobs.newest(None, 2)] == ["c", "b"]
    assert [job.id for job in await jobs.newest((NOW, "b"), 2)] == ["a"]


async def test_a_claim_is_replaced_only_by_a_caller_that_has_seen_it(database: Database) -> None:
    jobs, _ = await started(database)
    claims = JobClaims(database, "p1", {"n": 2})
    assert await claims.get("n") is None
    assert await claims.claim("n", None, b"one", 1)
    assert not await claims.claim("n", None, b"two", 1)
    assert [row.state for row in await jobs.unfinished_rows("p1")] == [JobRowState.WAITING, JobRowState.STARTED]
    await claims.settle("n", b"other", None, 1)
    assert await claims.get("n") == b"one"
    assert await claims.claim("n", b"one", b"two", 1)
    await claims.settle("n", b"two", None, 1)
    assert await claims.get("n") is None


class Broken(Database):
    """A database whose transactions fail."""

    def __init__(self) -> None:
        super().__init__(SecretStr("sqlite:///nowhere.db"), SystemClock())

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        raise CatalogUnavailableError("is full")
        yield

    write = read


async def test_a_claim_is_certain_or_an_error_and_an_outcome_that_is_lost_is_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    claims = JobClaims(Broken(), "p1", {"n": 2})
    with pytest.raises(StoreDownError, match="is full"):
        await claims.get("n")
    with pytest.raises(StoreDownError, match="is full"):
        await claims.claim("n", None, b"one", 1)
    await claims.settle("n", b"one", None, 1)
    assert "job p1: an outcome is not stored: the catalog's database is full" in caplog.text
