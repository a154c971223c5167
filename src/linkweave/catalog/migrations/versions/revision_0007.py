"""Subscribers, and the deliveries that wait for them."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_ROW_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_INSTANT = sa.BigInteger()


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "subscribers",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("client", sa.Text, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("events", sa.JSON, nullable=False),
        sa.Column("accounts", sa.JSON),
        sa.Column("filter", sa.JSON, nullable=False),
        sa.Column("fingerprint", sa.String(16), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("is_parked", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("lost", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("next_at", _INSTANT),
        sa.Column("failing_since", _INSTANT),
        sa.Column("error", sa.Text),
        sa.Column("last_delivered_at", _INSTANT),
        sa.Column("lease_owner", sa.String(64)),
        sa.Column("lease_ends_at", _INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_subscribers"),
    )
    op.create_index("ix_subscribers_client", "subscribers", ["client"])
    op.create_table(
        "deliveries",
        sa.Column("id", _ROW_ID, nullable=False, autoincrement=True),
        sa.Column("subscriber_id", sa.String(32), nullable=False),
        sa.Column("message_id", sa.String(64), nullable=False),
        sa.Column("topic", sa.String(8), nullable=False),
        sa.Column("event", sa.LargeBinary, nullable=False),
        sa.Column("stored_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscribers.id"], name="fk_deliveries_subscriber_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_deliveries_subscriber_id_id", "deliveries", ["subscriber_id", "id"])
