"""Plans of copies, and jobs."""

from typing import Final

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

from linkweave.catalog.column_types import Instant
from linkweave.catalog.tables.metadata import JSON_VALUE, METADATA

PLANS: Final = Table(
    "copy_plans",
    METADATA,
    Column("id", String(32), primary_key=True),
    # The caller who made it: nobody else may see or start it.
    Column("client", Text, nullable=False),
    Column("source_account", String(64), nullable=False),
    Column("target_account", String(64), nullable=False),
    Column("input", JSON_VALUE, nullable=False),
    Column("calls", Integer, nullable=False),
    Column("seconds", Integer),
    Column("made_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
)

PLAN_ROWS: Final = Table(
    "copy_plan_rows",
    METADATA,
    Column("plan_id", String(32), ForeignKey("copy_plans.id", ondelete="CASCADE"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("source_handle", Text, nullable=False),
    Column("source_short_url", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", Text),
    Column("lost_fields", JSON_VALUE, nullable=False),
    # The link to create, as JSON; null where the row stands in the way. Never a password.
    Column("target", JSON_VALUE),
    # What the link gets by an update after its create, as JSON; null where the create is enough. Never a password.
    Column("patch", JSON_VALUE),
    PrimaryKeyConstraint("plan_id", "position"),
)

JOBS: Final = Table(
    "jobs",
    METADATA,
    Column("id", String(32), primary_key=True),
    # COPY or IMPORT.
    Column("kind", String(8), nullable=False),
    Column("client", Text, nullable=False),
    # The accounts that it reads and writes, as a JSON list: whoever may not see one may not see the job.
    Column("accounts", JSON_VALUE, nullable=False),
    Column("input", JSON_VALUE, nullable=False),
    # WAITING, RUNNING, DONE, FAILED or CANCELLED.
    Column("state", String(9), nullable=False),
    Column("done", Integer, nullable=False, default=0, server_default="0"),
    Column("failed", Integer, nullable=False, default=0, server_default="0"),
    Column("total", Integer, nullable=False),
    Column("error", Text),
    Column("created_at", Instant, nullable=False),
    Column("started_at", Instant),
    Column("finished_at", Instant),
    Column("lease_owner", String(64)),
    Column("lease_ends_at", Instant),
    Index("ix_jobs_state_created_at", "state", "created_at"),
)

JOB_ROWS: Final = Table(
    "job_rows",
    METADATA,
    Column("job_id", String(32), ForeignKey("jobs.id", ondelete="CASCADE"), nullable=False),
    Column("position", Integer, nullable=False),
    # WAITING, STARTED (a vendor may have been called), CREATED (the patch is next), DONE, FAILED or AMBIGUOUS.
    Column("state", String(9), nullable=False),
    Column("idempotency_key", String(64), nullable=False),
    Column("source", Text, nullable=False),
    Column("target", JSON_VALUE),
    Column("patch", JSON_VALUE),
    # The record of the idempotency key, from before a vendor is called.
    Column("claim", LargeBinary),
    # What became of it: the link, or the error.
    Column("handle", Text),
    Column("short_url", Text),
    Column("error", Text),
    PrimaryKeyConstraint("job_id", "position"),
)
