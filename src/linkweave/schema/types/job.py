"""A job and its rows."""

from datetime import datetime

import strawberry

from linkweave.catalog.jobs.jobs import Job as StoredJob
from linkweave.catalog.jobs.jobs import JobRow as StoredRow
from linkweave.catalog.jobs.jobs import JobRowState, JobState
from linkweave.gather.session import catalog_of
from linkweave.schema.context import Context, Info
from linkweave.schema.global_ids import encode_id
from linkweave.schema.scalars import URL
from linkweave.schema.types.account import Account
from linkweave.schema.types.node import Node
from linkweave.schema.types.pagination import After, First, PageInfo, build_page, page_size

_DEFAULT_ROWS = 50


@strawberry.type(description="One link of a job.")
class JobRow:
    source: URL = strawberry.field(description="The short URL of the link to copy.")
    state: JobRowState = strawberry.field(description="The state of this link.")
    short_url: URL | None = strawberry.field(description="The short URL of the copy. Null if there is none yet.")
    error: str | None = strawberry.field(description="Why there is no copy, or what it lacks, for people.")

    @classmethod
    def of(cls, row: StoredRow) -> "JobRow":
        short_url = None if row.short_url is None else URL(row.short_url)
        return cls(source=URL(row.source), state=row.state, short_url=short_url, error=row.error)


@strawberry.type(description="A row of a job, with its cursor.")
class JobRowEdge:
    cursor: str = strawberry.field(description="The cursor of this row. Pass it as `after` to continue behind it.")
    node: JobRow = strawberry.field(description="The row.")


@strawberry.type(description="A page of the rows of a job.")
class JobRowConnection:
    edges: list[JobRowEdge] = strawberry.field(description="The rows, each with its cursor.")
    nodes: list[JobRow] = strawberry.field(description="The rows.")
    page_info: PageInfo = strawberry.field(description="Information about this page.")


@strawberry.type(
    description=(
        "A copy that runs in the gateway. It goes on when the gateway is started again, and creates no link twice. "
        "Every client that may see both accounts may see it."
    )
)
class Job(Node):
    job: strawberry.Private[StoredJob]
    state: JobState = strawberry.field(description="The state of the job.")
    source_account: Account = strawberry.field(name="from", description="The account that the links are read from.")
    target_account: Account = strawberry.field(name="to", description="The account that the copies are created at.")
    done: int = strawberry.field(description="The number of links that were copied.")
    failed: int = strawberry.field(
        description=(
            "The number of links that were not copied, that lack a field, or of which it is not known whether they "
            "were copied."
        )
    )
    total: int = strawberry.field(description="The number of links to copy.")
    error: str | None = strawberry.field(description="Why the job failed. Null if it did not.")
    created_at: datetime = strawberry.field(description="When the job was created.")
    started_at: datetime | None = strawberry.field(description="When the gateway began to work on it.")
    finished_at: datetime | None = strawberry.field(description="When it ended.")

    @classmethod
    def of(cls, job: StoredJob, context: Context) -> "Job":
        accounts = context.session.accounts
        return cls(
            id=encode_id("Job", job.target_account, job.id),
            job=job,
            state=job.state,
            source_account=Account.of(accounts[job.source_account]),
            target_account=Account.of(accounts[job.target_account]),
            done=job.done,
            failed=job.failed,
            total=job.total,
            error=job.error,
            created_at=job.created_at,
            started_at=job.started_at,
            finished_at=job.finished_at,
        )

    @strawberry.field(description="The links of the job, in the order of the plan.")
    async def rows(self, info: Info, first: First = _DEFAULT_ROWS, after: After = None) -> JobRowConnection:
        session, size = info.context.session, page_size(first, _DEFAULT_ROWS)
        key = f"job {self.job.id}"
        start = -1 if after is None else int(str(session.cursors.open(key, after)))
        found = await catalog_of(session, "rows").jobs.rows(self.job.id, start, size + 1)
        items = [(session.cursors.seal(key, row.position), JobRow.of(row)) for row in found[:size]]
        built = build_page(JobRowEdge, items, has_next=len(found) > size, after=after)
        return JobRowConnection(edges=built.edges, nodes=built.nodes, page_info=built.info)


@strawberry.type(description="A job in a list, with its cursor.")
class JobEdge:
    cursor: str = strawberry.field(description="The cursor of this job. Pass it as `after` to continue behind it.")
    node: Job = strawberry.field(description="The job.")


@strawberry.type(description="A page of jobs.")
class JobConnection:
    edges: list[JobEdge] = strawberry.field(description="The jobs, each with its cursor.")
    nodes: list[Job] = strawberry.field(description="The jobs.")
    page_info: PageInfo = strawberry.field(description="Information about this page.")
