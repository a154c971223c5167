"""Keeps one account in step: chooses the next step, makes it within the account's limits, and stores what failed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Final

from linkweave.catalog.sync.budget import daily_budget
from linkweave.catalog.sync.due_links import read_due_at
from linkweave.catalog.sync.newest import Newest, lists_newest_first
from linkweave.catalog.sync.plan import Intervals, Standing, Step, next_step
from linkweave.catalog.sync.statistics import Statistics
from linkweave.catalog.sync.sync_rows import SyncRow
from linkweave.catalog.sync.syncing_account import SyncingAccount
from linkweave.catalog.sync.walk import Walk
from linkweave.context.cache_control import bypass_cache
from linkweave.context.call_context import use_background_priority
from linkweave.context.deadline import use_deadline
from linkweave.context.operation_context import OperationContext, use_operation
from linkweave.context.operation_record import OperationRecord
from linkweave.errors import LocalRateLimitError, VendorError
from linkweave.models import Quota
from linkweave.providers.base import Adapter
from linkweave.providers.read_capabilities import CanListLinks, CanReadStats, CanReportUsage

MAX_STEP_SECONDS: Final = 25.0
"""Maximum number of seconds that the calls of one step take. It is less than what a lease lasts at the start of one."""
IDLE_SECONDS: Final = 15.0
"""Maximum number of seconds between two looks at an account, which renew its lease or wait for that of another."""
USUAL_LISTS: Final = 4
"""Maximum number of lists of an account that are all read at the usual interval; more of them are read less often."""
FIRST_PAUSE_SECONDS: Final = 5.0
"""Seconds before the next step after a first failure. Each further failure doubles them."""
MAX_PAUSE_SECONDS: Final = 300.0


def can_be_synced(adapter: Adapter) -> bool:
    """Returns whether the catalog can learn anything of the account by itself."""
    return isinstance(adapter, CanListLinks | CanReadStats)


@dataclass(slots=True)
class AccountSync:
    """The steps of one account. It is looked at every `idle_seconds` at least."""

    syncing: SyncingAccount
    idle_seconds: float = IDLE_SECONDS
    _walk: Walk = field(init=False)
    _newest: Newest = field(init=False)
    _statistics: Statistics = field(init=False)
    _last_step: Step | None = None
    _budget_day: date | None = None
    _failures: int = 0

    def __post_init__(self) -> None:
        self._walk = Walk(self.syncing)
        self._newest = Newest(self.syncing)
        self._statistics = Statistics(self.syncing)

    async def step(self) -> float:
        """Makes the step that is due. Returns the seconds after which to call this again.

        Raises:
            CatalogUnavailableError: the database cannot be used.
            LeaseLostError: another process keeps the account in step by now.
        """
        row = await self.syncing.lease.hold(self.syncing.now())
        if row is None:
            return self.idle_seconds
        with self._in_background():
            try:
                await self._compute_budget(row)
                pause = await self._make_next(row)
            except VendorError as error:
                return await self._store_failure(row, error)
        self._failures = 0
        return pause

    async def close(self) -> None:
        """Lets another process go on at once.

        Raises:
            CatalogUnavailableError: the database cannot be used.
        """
        await self.syncing.lease.release()

    @contextmanager
    def _in_background(self) -> Iterator[None]:
        """Makes calls behind those of all callers, within the share of the limits, and counts them."""
        share = self.syncing.catalog.settings.share_of_rate
        self.syncing.calls = OperationRecord()
        with (
            use_operation(OperationContext(record=self.syncing.calls)),
            use_background_priority(share),
            bypass_cache(),
            use_deadline(MAX_STEP_SECONDS, self.syncing.catalog.clock),
        ):
            yield

    async def _make_next(self, row: SyncRow) -> float:
        now = self.syncing.now()
        following = next_step(await self._standing(row, now), self._intervals(row), now)
        if following.step is None or following.at > now:
            return min((following.at - now).total_seconds(), self.idle_seconds)
        self._last_step = following.step
        await self._make(following.step, row)
        self.syncing.observer.catalog_stepped(row.account, following.step.value, self.syncing.calls.calls, "ok")
        return 0

    async def _make(self, step: Step, row: SyncRow) -> None:
        adapter = self.syncing.account.adapter
        if step is Step.STATISTICS and isinstance(adapter, CanReadStats):
            await self._statistics.step(row, adapter)
        elif step is Step.NEWEST and isinstance(adapter, CanListLinks):
            await self._newest.step(row, adapter)
        elif isinstance(adapter, CanListLinks):
            if row.walk_position is None:
                self._newest.forget_plan()
            await self._walk.step(row, adapter)

    async def _standing(self, row: SyncRow, now: datetime) -> Standing:
        adapter, due = self.syncing.account.adapter, None
        if isinstance(adapter, CanReadStats):
            async with self.syncing.catalog.database.read() as connection:
                due = await read_due_at(connection, row.account, now, self.syncing.bounds)
        today = now.astimezone(UTC).date()
        return Standing(
            can_list=isinstance(adapter, CanListLinks),
            can_list_newest=lists_newest_first(adapter),
            calls_left=self.syncing.budget.left(today, row.calls_on(today)),
            newest_at=row.newest_at,
            walk_started_at=row.walk_started_at,
            is_walking=row.walk_position is not None,
            was_walked=row.last_full_walk_at is not None,
            statistics_due_at=due,
            last_step=self._last_step,
        )

    def _intervals(self, row: SyncRow) -> Intervals:
        settings, costs = self.syncing.catalog.settings, self.syncing.account.adapter.call_costs
        walk_calls = costs.to_list(row.last_full_walk_links or 0)
        lists = max(costs.lists, self._newest.lists)
        usual = Intervals(settings.newest_seconds * max(1, lists / USUAL_LISTS), settings.full_walk_seconds)
        return usual.within(self.syncing.budget, lists, walk_calls)

    async def _compute_budget(self, row: SyncRow) -> None:
        """Computes the budget once a day. A vendor whose plan is not known is asked what is left of it."""
        now = self.syncing.now()
        today = now.astimezone(UTC).date()
        if self._budget_day == today:
            return
        account, told = self.syncing.account, tuple[Quota, ...]()
        plans = account.provider.call_quotas(account.settings)
        if not plans and isinstance(account.adapter, CanReportUsage):
            told = await self._read_quotas(account.adapter)
        self.syncing.budget = daily_budget(self.syncing.catalog.settings.share_of_quota, plans, told, now)
        self._budget_day = today
        async with self.syncing.storing(row):
            pass

    async def _read_quotas(self, adapter: CanReportUsage) -> tuple[Quota, ...]:
        try:
            return (await adapter.usage()).quotas
        except VendorError:
            # Without its counters, the vendor's own refusals bound the calls.
            return ()

    async def _store_failure(self, row: SyncRow, error: VendorError) -> float:
        """Stores why the step failed. Returns the seconds before the next one. To wait for a rate is no failure."""
        if not isinstance(error, LocalRateLimitError):
            async with self.syncing.storing(row) as (_, values):
                values |= {"error": error.message, "error_at": self.syncing.now()}
        step = "BUDGET" if self._last_step is None else self._last_step.value
        self.syncing.observer.catalog_stepped(row.account, step, self.syncing.calls.calls, error.code.value)
        pause = FIRST_PAUSE_SECONDS * (1 << min(self._failures, 10))
        self._failures += 1
        return max(min(pause, MAX_PAUSE_SECONDS), min(error.retry_after or 0, MAX_PAUSE_SECONDS))
