"""What the steps of one account share: its adapter, its database, its limits, and the calls that it has made."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from linkweave.accounts import Account
from linkweave.catalog.catalog import Catalog
from linkweave.catalog.history.due_times import Bounds
from linkweave.catalog.sync.budget import DailyBudget
from linkweave.catalog.sync.sync_rows import Lease, SyncRow
from linkweave.catalog.writes.changed_links import ChangedLink
from linkweave.catalog.writes.link_news import link_events, news_of
from linkweave.context.operation_record import OperationRecord
from linkweave.errors import ErrorCode, VendorError
from linkweave.events.events import ClickEvent
from linkweave.models import Link
from linkweave.models.link_changes import SeenBy
from linkweave.observability import NO_OBSERVER, Observer

# Errors of the whole account: another call would fail in the same way.
_OF_ACCOUNT: Final = frozenset(
    {
        ErrorCode.UNAUTHENTICATED,
        ErrorCode.QUOTA_EXHAUSTED,
        ErrorCode.RATE_LIMITED,
        ErrorCode.TIMEOUT,
        ErrorCode.UNAVAILABLE,
    }
)


def concerns_account(error: VendorError) -> bool:
    """Returns whether `error` concerns the whole account, so that the step must end."""
    return error.code in _OF_ACCOUNT


@dataclass(slots=True)
class SyncingAccount:
    """One account that is kept in step. `budget` is computed once a day, and `calls` is of the running step.

    `changes` and `clicks` are what the running transaction has seen.
    """

    account: Account
    catalog: Catalog
    lease: Lease
    observer: Observer = NO_OBSERVER
    budget: DailyBudget = field(default_factory=DailyBudget)
    calls: OperationRecord = field(default_factory=OperationRecord)
    changes: list[ChangedLink] = field(default_factory=list)
    clicks: list[ClickEvent] = field(default_factory=list)

    @property
    def key(self) -> str:
        """The account's key."""
        return self.account.key

    @property
    def zone(self) -> tzinfo:
        """The zone in which the vendor counts days."""
        return ZoneInfo(self.account.adapter.time_zone or "UTC")

    @property
    def bounds(self) -> Bounds:
        """The fewest and the most seconds between two readings of a link's statistics."""
        settings = self.catalog.settings
        return Bounds(settings.statistics_min_seconds, settings.statistics_max_seconds)

    def now(self) -> datetime:
        """The current time."""
        return self.catalog.clock.now()

    def calls_left(self, row: SyncRow) -> float:
        """Returns the number of calls that the budget of the day leaves after those of the running step."""
        today = self.now().astimezone(UTC).date()
        return self.budget.left(today, row.calls_on(today) + self.calls.calls)

    def budget_values(self, row: SyncRow) -> dict[str, Any]:
        """Returns the columns of `row` that count calls, with those of the running step."""
        today = self.now().astimezone(UTC).date()
        calls = row.calls_on(today) + self.calls.calls
        return {"budget_day": today, "budget_calls": calls, "budget_limit": self.budget.limit(today)}

    def saw(self, changes: Iterable[ChangedLink]) -> None:
        """Publishes `changes` once they are stored."""
        self.changes += changes

    def saw_clicks(self, link: Link, count: int) -> None:
        """Publishes that `link` was clicked `count` times more, once that is stored."""
        if count > 0:
            self.clicks.append(ClickEvent(self.key, link.handle, self.now(), SeenBy.SYNC, count, link))

    @asynccontextmanager
    async def storing(self, row: SyncRow) -> AsyncIterator[tuple[AsyncConnection, dict[str, Any]]]:
        """Surrounds what a step stores: statements, and new values of the account's row. Both are committed together.

        Raises:
            LeaseLostError: another process keeps the account in step by now. Nothing is stored.
            CatalogUnavailableError: the database cannot be used.
        """
        self.changes, self.clicks = [], []
        async with self.lease.writing, self.catalog.database.write() as connection:
            values: dict[str, Any] = {}
            yield connection, values
            settled = {"error": None, "error_at": None, **self.budget_values(row)}
            await self.lease.save(connection, self.now(), {**settled, **values})
        # Before the first full walk has ended, the catalog does not know which links are new.
        news = self.changes if row.last_full_walk_at is not None else news_of(self.changes)
        if news or self.clicks:
            self.catalog.publish([*link_events(news), *self.clicks])
