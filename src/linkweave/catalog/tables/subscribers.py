"""Subscribers, and the messages to them."""

from typing import Final

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    false,
)

from linkweave.catalog.column_types import Instant
from linkweave.catalog.tables.metadata import JSON_VALUE, METADATA, ROW_ID

SUBSCRIBERS: Final = Table(
    "subscribers",
    METADATA,
    Column("id", String(32), primary_key=True),
    # The caller who made it: nobody else may see or change it.
    Column("client", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("events", JSON_VALUE, nullable=False),
    # Null for all that the caller may see.
    Column("accounts", JSON_VALUE),
    Column("filter", JSON_VALUE, nullable=False),
    # Of the secret that messages are signed with. The secret itself is not stored.
    Column("fingerprint", String(16), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("is_parked", Boolean, nullable=False, default=False, server_default=false()),
    # Events were not stored, because too many waited.
    Column("lost", Boolean, nullable=False, default=False, server_default=false()),
    # Attempts of the oldest delivery.
    Column("attempts", Integer, nullable=False, default=0, server_default="0"),
    Column("next_at", Instant),
    Column("failing_since", Instant),
    Column("error", Text),
    Column("last_delivered_at", Instant),
    # One process at a time delivers to it.
    Column("lease_owner", String(64)),
    Column("lease_ends_at", Instant),
    Index("ix_subscribers_client", "client"),
)

DELIVERIES: Final = Table(
    "deliveries",
    METADATA,
    Column("id", ROW_ID, primary_key=True, autoincrement=True),
    Column("subscriber_id", String(32), ForeignKey("subscribers.id", ondelete="CASCADE"), nullable=False),
    Column("message_id", String(64), nullable=False),
    Column("topic", String(8), nullable=False),
    # events.encoding of the event; empty for a gap.
    Column("event", LargeBinary, nullable=False),
    Column("stored_at", Instant, nullable=False),
    Index("ix_deliveries_subscriber_id_id", "subscriber_id", "id"),
)
