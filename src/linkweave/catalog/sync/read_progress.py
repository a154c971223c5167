"""Reads how far the catalog is in step with accounts."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from linkweave.accounts import Account
from linkweave.catalog.database import Database
from linkweave.catalog.sync.account_progress import AccountProgress, SyncState
from linkweave.catalog.sync.sync_rows import SyncRow, read_sync_rows
from linkweave.catalog.tables import LINKS
from linkweave.providers.read_capabilities import CanListLinks


async def read_progress(database: Database, accounts: Sequence[Account], now: datetime) -> list[AccountProgress]:
    """Returns the progress of each account, in their order.

    Raises:
        CatalogUnavailableError: the database cannot be used.
    """
    keys = [account.key for account in accounts]
    async with database.read() as connection:
        rows, counts = await read_sync_rows(connection, keys), await _count_links(connection, keys)
    return [
        account_progress(
            rows.get(account.key, SyncRow(account.key)),
            *counts.get(account.key, (0, None)),
            can_list=isinstance(account.adapter, CanListLinks),
            now=now,
        )
        for account in accounts
    ]


def account_progress(
    row: SyncRow, links: int, statistics_as_of: datetime | None, *, can_list: bool, now: datetime
) -> AccountProgress:
    """Returns the progress that the row of an account shows."""
    today = now.astimezone(UTC).date()
    moments = (row.newest_at, row.statistics_at, row.last_full_walk_at)
    return AccountProgress(
        row.account,
        _state(row, can_list=can_list),
        links,
        last_full_sync=row.last_full_walk_at,
        last_sync=max((moment for moment in moments if moment is not None), default=None),
        statistics_as_of=statistics_as_of,
        progress=_progress(row),
        error=row.error,
        calls_today=row.calls_on(today),
        calls_limit=row.budget_limit if row.budget_day == today else None,
    )


def _state(row: SyncRow, *, can_list: bool) -> SyncState:
    if row.error is not None:
        return SyncState.FAILING
    if not can_list:
        return SyncState.NOT_LISTED
    if row.walk_position is not None:
        return SyncState.WALKING
    return SyncState.WAITING if row.last_full_walk_at is None else SyncState.IN_STEP


def _progress(row: SyncRow) -> float | None:
    if row.walk_position is None:
        return None if row.last_full_walk_at is None else 1.0
    # The length of a list that was never read to its end is not known.
    if not row.last_full_walk_links:
        return None
    return min(1.0, row.walk_links / row.last_full_walk_links)


async def _count_links(connection: AsyncConnection, keys: Sequence[str]) -> dict[str, tuple[int, datetime | None]]:
    columns = LINKS.c
    # The days of a link are read more often than its total, or not at all.
    read_at = func.min(func.coalesce(columns.days_at, columns.clicks_at), type_=columns.days_at.type)
    query = select(columns.account, func.count(), read_at).where(
        columns.account.in_(keys), columns.deleted_at.is_(None)
    )
    rows: Any = await connection.execute(query.group_by(columns.account))
    return {account: (links, moment) for account, links, moment in rows}
