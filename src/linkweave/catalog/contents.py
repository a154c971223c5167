"""What is in the catalog, for the person who runs it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from linkweave.catalog.database import Database
from linkweave.catalog.reads.link_counts import count_by_account
from linkweave.catalog.tables import ACCOUNT_SYNCS


@dataclass(frozen=True, slots=True)
class AccountContents:
    """What is known of one account.

    Attributes:
        links: number of links, without those that were deleted.
        deleted: number of deleted links, which are kept for their history.
        walked_at: when the latest full walk ended; None before the first has.
        walking_links: number of links that the running full walk has seen; None between two walks.
        calls_today: vendor calls that keep the account in step, made today.
        error: why the latest step failed; None if it did not.
    """

    account: str
    links: int = 0
    deleted: int = 0
    walked_at: datetime | None = None
    walking_links: int | None = None
    calls_today: int = 0
    error: str | None = None


async def read_contents(database: Database) -> list[AccountContents]:
    """Returns what is known of each account, by key.

    Raises:
        CatalogUnavailableError: the database cannot be used.
    """
    async with database.read() as connection:
        counts = await count_by_account(connection)
        syncs = {row["account"]: row for row in (await connection.execute(select(ACCOUNT_SYNCS))).mappings()}
    return [_contents(key, *counts.get(key, (0, 0)), syncs.get(key)) for key in sorted({*counts, *syncs})]


def _contents(account: str, links: int, deleted: int, sync: Any) -> AccountContents:
    if sync is None:
        return AccountContents(account, links, deleted)
    walking = None if sync["walk_position"] is None else sync["walk_links"]
    return AccountContents(
        account, links, deleted, sync["last_full_walk_at"], walking, sync["budget_calls"], sync["error"]
    )
