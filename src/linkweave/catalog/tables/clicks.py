"""Clicks of the days of links, and those that webhooks have told of."""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
)

from linkweave.catalog.column_types import Day, Instant
from linkweave.catalog.tables.metadata import METADATA, ROW_ID

CLICKS_DAILY: Final = Table(
    "clicks_daily",
    METADATA,
    Column("link_id", ROW_ID, ForeignKey("links.id", ondelete="CASCADE"), nullable=False),
    # Both days are the same, but for OBSERVED clicks between two readings that lie further apart.
    Column("first_day", Day, nullable=False),
    Column("last_day", Day, nullable=False),
    Column("clicks", BigInteger),
    Column("unique_clicks", BigInteger),
    # VENDOR or OBSERVED.
    Column("source", String(8), nullable=False),
    PrimaryKeyConstraint("link_id", "last_day", "first_day"),
    Index("ix_clicks_daily_last_day_link_id", "last_day", "link_id"),
    # SQLite then stores the days of a link side by side, and no row twice.
    sqlite_with_rowid=False,
)

TOLD_CLICKS: Final = Table(
    "told_clicks",
    METADATA,
    Column("link_id", ROW_ID, ForeignKey("links.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    # Clicks that webhooks have told of, and that no reading of the total has shown since.
    Column("clicks", Integer, nullable=False),
    Column("told_at", Instant, nullable=False),
)
