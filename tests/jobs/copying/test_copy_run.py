import asyncio
from dataclasses import replace
from typing import cast

from strawberry.dataloader import DataLoader

from harness.emulators import NOW, ManualClock
from linkweave.catalog.jobs.job_store import JobStore
from linkweave.catalog.jobs.jobs import Job, JobState
from linkweave.jobs.copying.copy_run import CopyTools, run_copy
from linkweave.jobs.run_end import RunEnd
from linkweave.storage.leases import MemoryLeases
from linkweave.storage.memory_store import MemoryStore
from linkweave.storage.named_locks import NamedLocks

JOB = Job("j", "me", "from", "to", JobState.RUNNING, 0, 0, 1, None, NOW, NOW, None)


async def test_a_job_whose_target_is_no_longer_configured_fails_and_says_so() -> None:
    store = MemoryStore(ManualClock())
    # Without the account, the rows are not read.
    jobs = cast("JobStore", None)
    tools = CopyTools(jobs, {}, DataLoader, store, NamedLocks(MemoryLeases(store)), ManualClock())
    end = await run_copy(replace(JOB, target_account="gone"), tools, asyncio.Event())
    assert end == RunEnd(JobState.FAILED, "gone is no longer an account of this gateway")
