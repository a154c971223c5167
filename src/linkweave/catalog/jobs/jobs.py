"""A job: work on many rows that goes on in another process when its own ends."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from linkweave.models.changes import LinkPatch, NewLink


class JobState(Enum):
    """The state of a job. A job that FAILED or was CANCELLED goes on when it is started again."""

    WAITING = "WAITING"
    RUNNING = "RUNNING"
    DONE = "DONE"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


class JobRowState(Enum):
    """The state of a row. A vendor may have been called for a row that is STARTED. A CREATED link lacks its patch."""

    WAITING = "WAITING"
    STARTED = "STARTED"
    CREATED = "CREATED"
    DONE = "DONE"
    FAILED = "FAILED"
    AMBIGUOUS = "AMBIGUOUS"


@dataclass(frozen=True, slots=True)
class Job:
    """A copy from `source_account` to `target_account`. `client` started it.

    `done` rows were copied. `failed` rows were not, or it is unknown whether they were. `error` says why the job
    failed.
    """

    id: str
    client: str
    source_account: str
    target_account: str
    state: JobState
    done: int
    failed: int
    total: int
    error: str | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class JobRow:
    """One link to create, and the `patch` that it gets afterwards.

    `short_url` and `handle` are those of the link that was created. `error` is why it was not, or lacks its patch.
    """

    position: int
    state: JobRowState
    idempotency_key: str
    source: str
    target: NewLink
    patch: LinkPatch | None = None
    short_url: str | None = None
    handle: str | None = None
    error: str | None = None
