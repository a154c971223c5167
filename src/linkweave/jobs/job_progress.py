"""Follows a job, whichever process works on it."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Final

from linkweave.catalog.jobs.jobs import Job, JobState
from linkweave.clock import Clock
from linkweave.errors import CatalogUnavailableError

POLL_SECONDS: Final = 1.0
"""Seconds between two looks at a job."""
_ENDED: Final = frozenset({JobState.DONE, JobState.FAILED, JobState.CANCELLED})


async def job_progress(
    job: Job, find: Callable[[str], Awaitable[Job | None]], clock: Clock
) -> AsyncGenerator[Job, None]:
    """Yields `job` at once and after each change, until it has ended or is gone. `find` reads a job from the catalog.

    While the catalog cannot be read, nothing is told. Changes between two looks are told as one.
    """
    yield job
    while job.state not in _ENDED:
        await clock.sleep(POLL_SECONDS)
        try:
            now = await find(job.id)
        except CatalogUnavailableError:
            continue
        if now is None:
            return
        if now != job:
            job = now
            yield job
