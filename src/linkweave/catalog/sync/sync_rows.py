"""The state of each account's sync in the database, and the lease by which one process at a time keeps it in step."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import or_, select, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from linkweave.catalog.database import Database
from linkweave.catalog.tables import ACCOUNT_SYNCS

LEASE: Final = timedelta(seconds=60)
"""How long a process that dies keeps others from an account."""
RENEW: Final = timedelta(seconds=30)
"""How long a lease must still last to be used without renewing it."""


class LeaseLostError(Exception):
    """Another process keeps the account in step by now, so that nothing of this step was stored."""


@dataclass(frozen=True, slots=True)
class SyncRow:
    """A row of ACCOUNT_SYNCS, whose columns have the same names."""

    account: str
    lease_owner: str | None = None
    lease_ends_at: datetime | None = None
    walk: int = 0
    walk_position: Mapping[str, Any] | None = None
    walk_started_at: datetime | None = None
    walk_links: int = 0
    last_full_walk_at: datetime | None = None
    last_full_walk_links: int | None = None
    newest_at: datetime | None = None
    statistics_at: datetime | None = None
    budget_day: date | None = None
    budget_calls: int = 0
    budget_limit: int | None = None
    error: str | None = None
    error_at: datetime | None = None

    def calls_on(self, day: date) -> int:
        """Returns the number of calls that were made on `day`."""
        return self.budget_calls if self.budget_day == day else 0

    def is_free(self, owner: str, now: datetime) -> bool:
        """Whether `owner` may take the lease: it has ended, or it ends later than any lease that begins now."""
        ends = self.lease_ends_at
        return self.lease_owner in {None, owner} or ends is None or not now < ends <= now + 2 * LEASE


_COLUMNS: Final = tuple(ACCOUNT_SYNCS.c[name] for name in SyncRow.__dataclass_fields__)


async def read_sync_rows(connection: AsyncConnection, accounts: Sequence[str]) -> dict[str, SyncRow]:
    """Returns the row of each of `accounts` that has one."""
    rows = await connection.execute(select(*_COLUMNS).where(ACCOUNT_SYNCS.c.account.in_(accounts)))
    return {row.account: SyncRow(*row) for row in rows}


@dataclass(frozen=True, slots=True)
class Lease:
    """The right of `owner` to keep `account` in step. `writing` is locked while a transaction writes."""

    database: Database
    account: str
    owner: str
    writing: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)

    async def hold(self, now: datetime) -> SyncRow | None:
        """Takes the lease or renews it, and returns the row; None while another process has it.

        Raises:
            CatalogUnavailableError: the database cannot be used.
        """
        async with self.database.read() as connection:
            row = (await read_sync_rows(connection, [self.account])).get(self.account)
        if row is not None and not row.is_free(self.owner, now):
            return None
        ends = None if row is None or row.lease_owner != self.owner else row.lease_ends_at
        if row is not None and ends is not None and now + RENEW < ends <= now + LEASE:
            return row
        return await self._take(now)

    async def save(self, connection: AsyncConnection, now: datetime, values: Mapping[str, Any]) -> None:
        """Stores `values`, and renews the lease, in the transaction of `connection`.

        Raises:
            LeaseLostError: another process has the lease.
        """
        own = (ACCOUNT_SYNCS.c.account == self.account, ACCOUNT_SYNCS.c.lease_owner == self.owner)
        renewed = {**values, "lease_ends_at": now + LEASE}
        if (await connection.execute(update(ACCOUNT_SYNCS).where(*own).values(renewed))).rowcount != 1:
            raise LeaseLostError

    async def release(self) -> None:
        """Lets another process take the lease at once.

        Raises:
            CatalogUnavailableError: the database cannot be used.
        """
        own = (ACCOUNT_SYNCS.c.account == self.account, ACCOUNT_SYNCS.c.lease_owner == self.owner)
        async with self.writing, self.database.write() as connection:
            await connection.execute(update(ACCOUNT_SYNCS).where(*own).values(lease_owner=None, lease_ends_at=None))

    async def _take(self, now: datetime) -> SyncRow | None:
        table = ACCOUNT_SYNCS.c
        ended = or_(table.lease_ends_at <= now, table.lease_ends_at > now + 2 * LEASE)
        free = or_(table.lease_owner.is_(None), table.lease_owner == self.owner, table.lease_ends_at.is_(None), ended)
        insert = insert_postgresql if self.database.is_postgresql else insert_sqlite
        async with self.writing, self.database.write() as connection:
            new = insert(ACCOUNT_SYNCS).values(account=self.account).on_conflict_do_nothing()
            await connection.execute(new)
            taken = {"lease_owner": self.owner, "lease_ends_at": now + LEASE}
            statement = update(ACCOUNT_SYNCS).where(table.account == self.account, free).values(taken)
            if (await connection.execute(statement)).rowcount != 1:
                return None
            return (await read_sync_rows(connection, [self.account]))[self.account]
