"""How the work on a job ended."""

from dataclasses import dataclass

from linkweave.catalog.jobs.jobs import JobState


@dataclass(frozen=True, slots=True)
class RunEnd:
    """The last state of a job, and why it failed."""

    state: JobState
    error: str | None = None
