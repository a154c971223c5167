"""One transaction at a time changes the links of an account."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection


async def lock_account(connection: AsyncConnection, account: str) -> None:
    """Waits for other transactions that change links of `account`, and holds them up until this one ends.

    Two processes that see a new link at the same time would both store it. SQLite has one writer anyway.
    """
    if connection.dialect.name == "postgresql":
        await connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(account, 0))))
