"""Plans of copies and the jobs that follow them."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated, Final, Self, cast

import strawberry

from linkweave.catalog.jobs.copy_plans import CopyOptions, CopyState
from linkweave.catalog.jobs.jobs import Job as StoredJob
from linkweave.errors import InvalidInputError, LinkweaveError
from linkweave.gather.session import Session, catalog_of
from linkweave.jobs.copying.plan_copy import PlanRequest, plan_copy
from linkweave.jobs.job_progress import JobProgress
from linkweave.jobs.visible_jobs import find_job, find_plan, may_see, newest_jobs
from linkweave.schema.context import Context, Info
from linkweave.schema.execution.subscriptions import EventMaker
from linkweave.schema.global_ids import decode_id
from linkweave.schema.inputs.copying import PlanCopyInput, StartCopyInput
from linkweave.schema.inputs.filters import filters_by_account
from linkweave.schema.inputs.parsing import find_account, strip_non_blank
from linkweave.schema.operations.failures import failure_of
from linkweave.schema.types.copy_plan import CopyPlan
from linkweave.schema.types.job import Job, JobConnection, JobEdge
from linkweave.schema.types.pagination import After, First, build_page, page_size
from linkweave.schema.types.payloads import UserError, user_errors

if TYPE_CHECKING:
    # A gateway without a catalog starts without its database library.
    from linkweave.catalog.catalog import Catalog

_DEFAULT_JOBS: Final = 20
_JOBS: Final = "jobs"
JobId = Annotated[strawberry.ID, strawberry.argument(description="The ID of the job.")]


@strawberry.type(description="The plan of a copy.")
class PlanCopyPayload:
    plan: CopyPlan | None = strawberry.field(description="The plan. Null if it could not be made.")
    errors: list[UserError] = strawberry.field(description="The errors. Empty if everything succeeded.")


@strawberry.type(description="The job of a copy.")
class JobPayload:
    job: Job | None = strawberry.field(description="The job. Null if the operation failed.")
    errors: list[UserError] = strawberry.field(description="The errors. Empty if everything succeeded.")


@strawberry.type(description="Mutations that copy links between accounts.")
class CopyMutations:
    @strawberry.mutation(
        description=(
            "Finds out what a copy of links to another account would do. Writes nothing at a provider. Needs the "
            "catalog."
        )
    )
    async def plan_copy(
        self,
        info: Info,
        input: Annotated[PlanCopyInput, strawberry.argument(description="The copy to make a plan of.")],  # noqa: A002 - the contract's name
    ) -> PlanCopyPayload:
        session = info.context.session
        try:
            plan = await plan_copy(_request(session, input), catalog_of(session, "planCopy"))
        except LinkweaveError as error:
            return PlanCopyPayload(plan=None, errors=user_errors([failure_of(session, error)]))
        return PlanCopyPayload(plan=CopyPlan.of(plan, info), errors=[])

    @strawberry.mutation(
        description=(
            "Starts the copy of a plan, and returns its job. The same plan always has the same job. A job that failed, "
            "was cancelled, or left rows `CREATED` or `AMBIGUOUS` goes on. Needs the catalog."
        )
    )
    async def start_copy(
        self,
        info: Info,
        input: Annotated[StartCopyInput, strawberry.argument(description="The copy to start.")],  # noqa: A002 - the contract's name
    ) -> JobPayload:
        session = info.context.session
        states = [CopyState.READY, *([CopyState.READY_WITH_LOSS] if input.allow_loss else [])]
        try:
            catalog = catalog_of(session, "startCopy")
            plan = await find_plan(session, catalog, _own_part(input.plan, "plan", "CopyPlan"))
            if plan is None:
                raise InvalidInputError("plan", "has expired, or is not a plan of yours; make a new one with planCopy")
            job = await catalog.jobs.start_copy(plan, states, session.clock.now())
        except LinkweaveError as error:
            return JobPayload(job=None, errors=user_errors([failure_of(session, error)]))
        catalog.job_started.set()
        return JobPayload(job=Job.of(job, info.context), errors=[])

    @strawberry.mutation(
        description=(
            "Stops a job. The links that were copied stay, and the calls that are under way end first. `resumeJob` "
            "goes on. Needs the catalog."
        )
    )
    async def cancel_job(self, info: Info, job: JobId) -> JobPayload:
        now = info.context.session.clock.now()
        return await _change_job(info, job, "cancelJob", lambda catalog, job_id: catalog.jobs.cancel(job_id, now))

    @strawberry.mutation(
        description=(
            "Goes on with a job that failed, was cancelled, or left rows `CREATED` or `AMBIGUOUS`, also after its plan "
            "has expired. Another job is returned as it is. Needs the catalog."
        )
    )
    async def resume_job(self, info: Info, job: JobId) -> JobPayload:
        return await _change_job(info, job, "resumeJob", lambda catalog, job_id: catalog.jobs.resume(job_id))


@strawberry.type(description="Queries of jobs.")
class JobQueries:
    @strawberry.field(
        description="The job with this ID. Null if there is none, or if the caller must not see it. Needs the catalog."
    )
    async def job(self, info: Info, id: JobId) -> Job | None:  # noqa: A002 - the contract's name
        session = info.context.session
        found = await find_job(session, catalog_of(session, "job"), _own_part(id, "id", "Job"))
        return None if found is None else Job.of(found, info.context)

    @strawberry.field(description="The jobs that the caller may see, newest first. Needs the catalog.")
    async def jobs(self, info: Info, first: First = _DEFAULT_JOBS, after: After = None) -> JobConnection:
        session, size = info.context.session, page_size(first, _DEFAULT_JOBS)
        start = None if after is None else cast("tuple[str, str]", session.cursors.open(_JOBS, after))
        before = None if start is None else (datetime.fromisoformat(start[0]), start[1])
        found = await newest_jobs(session, catalog_of(session, "jobs"), before, size + 1)
        items = [
            (session.cursors.seal(_JOBS, [job.created_at.isoformat(), job.id]), Job.of(job, info.context))
            for job in found[:size]
        ]
        built = build_page(JobEdge, items, has_next=len(found) > size, after=after)
        return JobConnection(edges=built.edges, nodes=built.nodes, page_info=built.info)


@strawberry.type(description="Subscriptions to jobs.")
class JobSubscriptions:
    @strawberry.subscription(
        description=(
            "The job with this ID at once, and then after each change. It ends when the job has ended. The gateway "
            "looks once a second, whichever process works on the job. Needs the catalog."
        )
    )
    async def job(self, info: Info, id: JobId) -> AsyncGenerator[Job, None]:  # noqa: A002 - the contract's name
        session = info.context.session
        catalog = catalog_of(session, "job")
        found = await find_job(session, catalog, _own_part(id, "id", "Job"))
        if found is None:
            raise InvalidInputError("id", "is not a job that you can see")

        progress = JobProgress(found, catalog.jobs.find, catalog.clock)
        return cast("AsyncGenerator[Job, None]", _JobEvents(progress))


class _JobEvents:
    """The changes of a job."""

    __slots__ = ("_progress",)

    def __init__(self, progress: JobProgress) -> None:
        self._progress = progress

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> EventMaker:
        return partial(_job_for, await anext(self._progress))

    def close(self) -> None:
        """There is nothing to end."""


def _job_for(job: StoredJob, context: Context) -> Job | None:
    is_visible = may_see(context.session, (job.source_account, job.target_account))
    return Job.of(job, context) if is_visible else None


async def _change_job(
    info: Info, job: str, name: str, change: "Callable[[Catalog, str], Awaitable[StoredJob | None]]"
) -> JobPayload:
    """Returns the job after `change`, which the field `name` makes."""
    session = info.context.session
    try:
        catalog = catalog_of(session, name)
        found = await find_job(session, catalog, _own_part(job, "job", "Job"))
        if found is None:
            raise InvalidInputError("job", "is not a job that you can see")
        changed = await change(catalog, found.id)
    except LinkweaveError as error:
        return JobPayload(job=None, errors=user_errors([failure_of(session, error)], ()))
    catalog.job_started.set()
    return JobPayload(job=None if changed is None else Job.of(changed, info.context), errors=[])


async def find_job_node(info: Info, job_id: str) -> Job | None:
    """Returns the job of a node ID."""
    session = info.context.session
    found = await find_job(session, catalog_of(session, "node"), job_id)
    return None if found is None else Job.of(found, info.context)


async def find_plan_node(info: Info, plan_id: str) -> CopyPlan | None:
    """Returns the plan of a node ID."""
    session = info.context.session
    found = await find_plan(session, catalog_of(session, "node"), plan_id)
    return None if found is None else CopyPlan.of(found, info)


def _request(session: Session, given: PlanCopyInput) -> PlanRequest:
    """Returns what a plan is asked for.

    Raises:
        InvalidInputError: an account is unknown, or the filter or the domain is wrong.
    """
    source, target = find_account(session, "from", given.source), find_account(session, "to", given.target)
    filters = {loaders.key: wanted for loaders, wanted in filters_by_account(session, given.filter)}
    if source.key not in filters:
        raise InvalidInputError("filter.accounts", f"must have {source.key}, or be left out: from names the account")
    options = CopyOptions(given.slug, given.on_conflict, strip_non_blank(given.domain, "domain"))
    return PlanRequest(session.client, source, target, filters[source.key], options)


def _own_part(node_id: str, field: str, kind: str) -> str:
    return decode_id(node_id, field, kind).parts[1]
