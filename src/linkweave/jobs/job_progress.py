"""Follows a job, whichever process works on it."""

from collections.abc import Awaitable, Callable
from typing import Final, Self

from linkweave.catalog.jobs.jobs import Job, JobState
from linkweave.clock import Clock
from linkweave.errors import CatalogUnavailableError

POLL_SECONDS: Final = 1.0
"""Seconds between two looks at a job."""
_ENDED: Final = frozenset({JobState.DONE, JobState.FAILED, JobState.CANCELLED})


class JobProgress:
    """Yields `job` at once and after each change, until it has ended or is gone. `find` reads a job from the catalog.

    While the catalog cannot be read, nothing is told. Changes between two looks are told as one.
    """

    def __init__(self, job: Job, find: Callable[[str], Awaitable[Job | None]], clock: Clock) -> None:
        self._job = job
        self._find = find
        self._clock = clock
        self._was_told = False
        self._is_gone = False

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Job:
        while self._was_told and not self._is_gone and self._job.state not in _ENDED:
            await self._clock.sleep(POLL_SECONDS)
            await self._look()
        if self._was_told:
            raise StopAsyncIteration
        self._was_told = True
        return self._job

    async def _look(self) -> None:
        try:
            now = await self._find(self._job.id)
        except CatalogUnavailableError:
            return
        if now is None:
            self._is_gone = True
        elif now != self._job:
            self._job, self._was_told = now, False
