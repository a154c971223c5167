"""Works on all jobs of the catalog, as long as the gateway runs."""

from collections.abc import Iterable

from linkweave.accounts import Account
from linkweave.catalog.catalog import Catalog
from linkweave.gather.dataloader import LoaderFactory
from linkweave.jobs.copying.copy_run import CopyTools, run_copy
from linkweave.jobs.job_runner import JobRunner
from linkweave.storage.interfaces import Store
from linkweave.storage.named_locks import NamedLocks


async def work_on_jobs(
    accounts: Iterable[Account], catalog: Catalog, make_loader: LoaderFactory, store: Store, locks: NamedLocks
) -> None:
    """Works on the jobs that no other process works on, until it is cancelled."""
    by_key = {account.key: account for account in accounts}
    tools = CopyTools(catalog.jobs, by_key, make_loader, store, locks, catalog.clock, catalog)
    runner = JobRunner(catalog.jobs, lambda job, stop: run_copy(job, tools, stop), catalog.clock, catalog.job_started)
    await runner.work()
