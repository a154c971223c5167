"""The jobs and plans that a caller may see.

Their answers are never stored: a job changes by itself, and of callers with equal rights only one has made a plan.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Final

from linkweave.catalog.jobs.copy_plans import CopyPlan
from linkweave.catalog.jobs.jobs import Job
from linkweave.context.cache_control import forbid_storing
from linkweave.gather.session import Session

if TYPE_CHECKING:
    # A gateway without a catalog starts without its database library.
    from linkweave.catalog.catalog import Catalog

_READ_AT_ONCE: Final = 200


def may_see(session: Session, accounts: Iterable[str]) -> bool:
    """Whether the caller may see all of these accounts."""
    return all(account in session.accounts for account in accounts)


async def find_job(session: Session, catalog: "Catalog", job_id: str) -> Job | None:
    """Returns the job with this id; None where there is none that the caller may see."""
    forbid_storing()
    job = await catalog.jobs.find(job_id)
    return job if job is not None and may_see(session, (job.source_account, job.target_account)) else None


async def find_plan(session: Session, catalog: "Catalog", plan_id: str) -> CopyPlan | None:
    """Returns the plan with this id; None where the caller has made none, or where it has expired."""
    forbid_storing()
    plan = await catalog.copy_plans.find(plan_id, catalog.clock.now())
    if plan is None or plan.client != session.client:
        return None
    return plan if may_see(session, (plan.source_account, plan.target_account)) else None


async def newest_jobs(
    session: Session, catalog: "Catalog", before: tuple[datetime, str] | None, limit: int
) -> list[Job]:
    """Returns at most `limit` jobs that the caller may see, newest first, after the job with this time and id."""
    forbid_storing()
    found: list[Job] = []
    while len(found) < limit:
        jobs = await catalog.jobs.newest(before, _READ_AT_ONCE)
        found += [job for job in jobs if may_see(session, (job.source_account, job.target_account))]
        if len(jobs) < _READ_AT_ONCE:
            break
        before = jobs[-1].created_at, jobs[-1].id
    return found[:limit]
