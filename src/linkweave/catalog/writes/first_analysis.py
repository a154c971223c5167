"""Tells PostgreSQL what a new table is like, as soon as it has rows."""

from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

# Negative before the first analysis.
_ROWS: Final = text("SELECT reltuples FROM pg_class WHERE oid = 'links'::regclass")
_ANALYZE: Final = text("ANALYZE (SKIP_LOCKED) links")


async def analyze_once(connection: AsyncConnection) -> None:
    """Lets PostgreSQL analyze the table of links, unless it ever has.

    It does so itself a minute later. Until then, it would read all links of an account to look up one. MEASURED: walks.
    """
    if connection.dialect.name == "postgresql" and await connection.scalar(_ROWS) <= 0:
        await connection.execute(_ANALYZE)
