"""Works on a copy until every row has ended: a batch at a time, and no row twice."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Final

from linkweave.accounts import Account
from linkweave.catalog.catalog import Catalog
from linkweave.catalog.jobs.job_claims import JobClaims
from linkweave.catalog.jobs.job_store import JobStore
from linkweave.catalog.jobs.jobs import Job, JobRow, JobRowState, JobState
from linkweave.clock import Clock
from linkweave.context.call_context import use_background_priority
from linkweave.context.deadline import use_deadline
from linkweave.errors import CatalogUnavailableError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.dataloader import LoaderFactory
from linkweave.gather.lookup.existing_links import normalise_destination
from linkweave.gather.writing.batches import MAX_CONCURRENT_CALLS
from linkweave.gather.writing.create_links import CreateCommand, create_links
from linkweave.gather.writing.idempotency import Idempotency, KeyedCommand, record_name
from linkweave.gather.writing.recent_links import RecentLinks
from linkweave.jobs.copying.row_results import RowResult, key_not_stored, row_result
from linkweave.jobs.copying.row_updates import update_result, update_rows
from linkweave.jobs.run_end import RunEnd
from linkweave.jobs.waiting import wait_for
from linkweave.providers.write_capabilities import CanCreateLinksTogether
from linkweave.storage.interfaces import Store
from linkweave.storage.named_locks import NamedLocks

# Seconds that a batch may take. After a process was killed, the rows that it had started are unclear for as long.
BATCH_SECONDS: Final = 60.0
# Maximum number of links in one call. A vendor that takes more is not sent more: all of them are unclear together.
MAX_BATCH: Final = 100


@dataclass(frozen=True, slots=True)
class CopyTools:
    """What copies are made with. `accounts` are the open accounts by their keys. New links go into `catalog`."""

    jobs: JobStore
    accounts: Mapping[str, Account]
    make_loader: LoaderFactory
    store: Store
    locks: NamedLocks
    clock: Clock
    catalog: Catalog | None = None


async def run_copy(job: Job, tools: CopyTools, stop: asyncio.Event) -> RunEnd | None:
    """Returns how `job` ended; None where `stop` was set before.

    Raises:
        CatalogUnavailableError: the database cannot be used, so no row may be started.
    """
    account = tools.accounts.get(job.target_account)
    if account is None:
        return RunEnd(JobState.FAILED, f"{job.target_account} is no longer an account of this gateway")
    run = await _load(job, tools, account)
    while run.pending and not stop.is_set():
        rows = run.next_batch()
        if not rows:
            await wait_for(stop, run.seconds_to_next(), tools.clock)
            continue
        end = await run.try_rows(rows)
        if end is not None:
            return end
    return None if run.pending else RunEnd(JobState.DONE)


@dataclass(slots=True)
class _Pending:
    """A row that has not ended: the number of attempts in this run, and when the next one may start."""

    row: JobRow
    attempts: int = 0
    not_before: float = 0.0

    @property
    def place(self) -> str | int:
        """Equal for rows that must follow one another: only their destination tells their links apart."""
        target = self.row.target
        return self.row.position if target.slug is not None else normalise_destination(target.destination)


@dataclass(slots=True)
class _Run:
    job: Job
    tools: CopyTools
    account: Account
    pending: dict[int, _Pending]
    # The links that this job is known to have created, by their destinations.
    created: defaultdict[str, set[str]]

    @property
    def batch_size(self) -> int:
        """The number of rows that are tried together."""
        adapter = self.account.adapter
        if isinstance(adapter, CanCreateLinksTogether):
            return min(adapter.create_batch_size, MAX_BATCH)
        return MAX_CONCURRENT_CALLS

    def next_batch(self) -> list[_Pending]:
        """Returns the rows that may be tried now, in their order."""
        now = self.tools.clock.monotonic()
        ready = (pending for pending in self._next_rows() if pending.not_before <= now)
        return list(islice(ready, self.batch_size))

    def seconds_to_next(self) -> float:
        """Returns the seconds until a row may be tried."""
        nearest = min(pending.not_before for pending in self._next_rows())
        return max(0.0, nearest - self.tools.clock.monotonic())

    def _next_rows(self) -> Iterable[_Pending]:
        """Returns the rows that wait for no other row."""
        firsts: dict[str | int, _Pending] = {}
        for pending in self.pending.values():
            firsts.setdefault(pending.place, pending)
        return firsts.values()

    async def try_rows(self, batch: Sequence[_Pending]) -> RunEnd | None:
        """Tries the next step of each row of `batch`, and stores its result. Returns the end of the job, if it is.

        Raises:
            CatalogUnavailableError: the database cannot be used.
        """
        for pending in batch:
            pending.attempts += 1
        new = [each for each in batch if each.row.state is not JobRowState.CREATED]
        old = [each for each in batch if each.row.state is JobRowState.CREATED]
        results = [*await self._create(new), *await self._update(old)]
        batch = [*new, *old]
        runs = await self.tools.jobs.record(self.job.id, [result.row for result in results])
        for pending, result in zip(batch, results, strict=True):
            self._note(pending, result)
        if not runs:
            return RunEnd(JobState.CANCELLED)
        reasons = (result.ends_job for result in results if result.ends_job is not None)
        return next((RunEnd(JobState.FAILED, reason) for reason in reasons), None)

    async def _create(self, batch: Sequence[_Pending]) -> list[RowResult]:
        """Tries to create the links of `batch`.

        Raises:
            CatalogUnavailableError: the claims of its rows cannot be stored, so no link was created.
        """
        tools, client, loaders = self.tools, self.job.client, self._loaders()
        names = {record_name(client, each.row.idempotency_key): each.row.position for each in batch}
        claims = JobClaims(tools.jobs.database, self.job.id, names)
        idempotency = Idempotency(claims, tools.locks, tools.clock)
        commands = [self._command(loaders, each.row) for each in batch]
        create = partial(create_links, recent=RecentLinks(tools.store, tools.clock))
        with use_background_priority(), use_deadline(BATCH_SECONDS, tools.clock):
            created = await idempotency.create(client, commands, {loaders.key: loaders}, create)
        if any(map(key_not_stored, created)):
            raise CatalogUnavailableError("cannot store the rows of a job")
        return [row_result(each.row, one, each.attempts) for each, one in zip(batch, created, strict=True)]

    async def _update(self, batch: Sequence[_Pending]) -> list[RowResult]:
        """Tries to update the links of `batch`, which exist."""
        with use_background_priority(), use_deadline(BATCH_SECONDS, self.tools.clock):
            updates = await update_rows(self._loaders(), [each.row for each in batch])
        return [update_result(update, each.attempts) for each, update in zip(batch, updates, strict=True)]

    def _loaders(self) -> AccountLoaders:
        return AccountLoaders(self.account, self.tools.make_loader, self.tools.catalog)

    def _command(self, loaders: AccountLoaders, row: JobRow) -> KeyedCommand:
        others = frozenset(self.created[normalise_destination(row.target.destination)])
        return KeyedCommand(CreateCommand((loaders,), row.target), row.idempotency_key, others)

    def _note(self, pending: _Pending, result: RowResult) -> None:
        if result.row.state is not pending.row.state:
            # The attempts at a create are none at its update.
            pending.attempts = 0 if result.row.state is JobRowState.CREATED else pending.attempts
        pending.row = result.row
        if result.again_in is not None:
            pending.not_before = self.tools.clock.monotonic() + result.again_in
        elif result.ends_job is None:
            del self.pending[pending.row.position]
        if result.row.handle is not None:
            self.created[normalise_destination(pending.row.target.destination)].add(result.row.handle)


async def _load(job: Job, tools: CopyTools, account: Account) -> _Run:
    """Returns the work on `job` that is left."""
    created: defaultdict[str, set[str]] = defaultdict(set)
    for row in await tools.jobs.created_rows(job.id):
        if row.handle is not None:
            created[normalise_destination(row.target.destination)].add(row.handle)
    pending = {row.position: _Pending(row) for row in await tools.jobs.unfinished_rows(job.id)}
    return _Run(job, tools, account, pending, created)
