"""How far accounts are in step."""

from typing import Final

from sqlalchemy import (
    Column,
    Integer,
    String,
    Table,
    Text,
)

from linkweave.catalog.column_types import Day, Instant
from linkweave.catalog.tables.metadata import JSON_VALUE, METADATA

ACCOUNT_SYNCS: Final = Table(
    "account_syncs",
    METADATA,
    Column("account", String(64), primary_key=True),
    # One process at a time keeps an account in step: it owns the row until `lease_ends_at`.
    Column("lease_owner", String(64)),
    Column("lease_ends_at", Instant),
    Column("walk", Integer, nullable=False, default=0, server_default="0"),
    # Where the running full walk goes on: the lane and the vendor's page token, as JSON. Null between two walks.
    Column("walk_position", JSON_VALUE),
    Column("walk_started_at", Instant),
    Column("walk_links", Integer, nullable=False, default=0, server_default="0"),
    Column("last_full_walk_at", Instant),
    Column("last_full_walk_links", Integer),
    Column("newest_at", Instant),
    Column("statistics_at", Instant),
    # What the syncer has called today, for the daily budget.
    Column("budget_day", Day),
    Column("budget_calls", Integer, nullable=False, default=0, server_default="0"),
    # The number of calls that it may make today. Null where the account has no limit.
    Column("budget_limit", Integer),
    # The error that stopped the latest step, in words for the caller.
    Column("error", Text),
    Column("error_at", Instant),
)
