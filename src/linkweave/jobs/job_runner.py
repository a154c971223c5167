"""Works on the jobs of the database that no other process works on, as long as the gateway runs."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any, Final, TypeAlias

from linkweave.catalog.jobs.job_store import JobStore
from linkweave.catalog.jobs.jobs import Job, JobState
from linkweave.clock import Clock
from linkweave.errors import CatalogUnavailableError
from linkweave.jobs.run_end import RunEnd
from linkweave.jobs.waiting import wait_for

_LOG: Final = logging.getLogger("linkweave.jobs")
# Seconds after which another process goes on with a job whose process was killed, and between two renewals.
LEASE_SECONDS: Final = 30.0
RENEW_SECONDS: Final = 5.0
# Seconds between two looks for jobs that another process started, or left.
POLL_SECONDS: Final = 5.0
# Maximum number of jobs at once.
MAX_RUNNING: Final = 4
# Seconds in which the rows at hand may end when the gateway is stopped.
CLOSE_SECONDS: Final = 3.0
_INTERNAL: Final = "an unexpected error, which is in the gateway's log; start the job again to go on"

# Works on a job until it ends, or until the event is set.
RunJob: TypeAlias = Callable[[Job, asyncio.Event], Awaitable[RunEnd | None]]


class JobRunner:
    """Works on jobs with `run`. It looks for them at once when `started` is set: one was started in this process."""

    def __init__(self, jobs: JobStore, run: RunJob, clock: Clock, started: asyncio.Event) -> None:
        self._jobs = jobs
        self._run = run
        self._clock = clock
        # The name of this runner in the database.
        self._owner = token_hex(16)
        self._started = started
        self._stop = asyncio.Event()

    async def work(self) -> None:
        """Works on jobs until it is cancelled. It then leaves them to other processes."""
        running: set[asyncio.Task[None]] = set()
        try:
            while True:
                self._started.clear()
                while len(running) < MAX_RUNNING and (job := await self._acquire()) is not None:
                    task = asyncio.create_task(self._work_on(job))
                    running.add(task)
                    task.add_done_callback(running.discard)
                    task.add_done_callback(lambda _: self._started.set())
                await wait_for(self._started, POLL_SECONDS, self._clock)
        finally:
            self._stop.set()
            if running:
                await asyncio.wait(running, timeout=CLOSE_SECONDS)
            await _cancel(running)

    async def _acquire(self) -> Job | None:
        now = self._clock.now()
        try:
            return await self._jobs.acquire(self._owner, now, _later(now, LEASE_SECONDS))
        except CatalogUnavailableError:
            # The database itself logs it.
            return None

    async def _work_on(self, job: Job) -> None:
        _LOG.info("job %s: started", job.id)
        stop = asyncio.Event()
        work = asyncio.ensure_future(self._run(job, stop))
        keeping = asyncio.create_task(self._keep(job, stop))
        try:
            end = await work
        except CatalogUnavailableError as error:
            # The lease expires, and a process that can use the database goes on.
            _LOG.warning("job %s: left, because %s", job.id, error)
            return
        except Exception:  # noqa: BLE001 - the job ends, and the runner goes on
            _LOG.exception("job %s: failed", job.id)
            end = RunEnd(JobState.FAILED, _INTERNAL)
        finally:
            await _cancel({keeping, work})
        await self._end(job, end)

    async def _keep(self, job: Job, stop: asyncio.Event) -> None:
        """Keeps the lease of a job. Sets `stop` when the job is cancelled or lost, or when the gateway stops."""
        while not stop.is_set():
            await wait_for(self._stop, RENEW_SECONDS, self._clock)
            if self._stop.is_set() or not await self._renew(job):
                stop.set()

    async def _renew(self, job: Job) -> bool:
        try:
            return await self._jobs.renew(job.id, self._owner, _later(self._clock.now(), LEASE_SECONDS))
        except CatalogUnavailableError:
            return False

    async def _end(self, job: Job, end: RunEnd | None) -> None:
        try:
            if end is None:
                await self._jobs.release(job.id, self._owner)
                return
            await self._jobs.finish(job.id, self._owner, end.state, end.error, self._clock.now())
        except CatalogUnavailableError as error:
            _LOG.warning("job %s: its end is not stored: %s", job.id, error)
            return
        _LOG.info("job %s: %s", job.id, end.state.value)


async def _cancel(tasks: Collection[asyncio.Future[Any]]) -> None:
    """Cancels tasks and waits for their ends: the database is closed after them."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _later(at: datetime, seconds: float) -> datetime:
    return at + timedelta(seconds=seconds)
