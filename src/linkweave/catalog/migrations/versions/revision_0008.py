"""The index by which the progress of an account is read."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Create the index."""
    current = sa.text("deleted_at IS NULL")
    op.create_index(
        "ix_links_clicks_read_at",
        "links",
        ["account", sa.func.coalesce(sa.column("days_at"), sa.column("clicks_at"))],
        sqlite_where=current,
        postgresql_where=current,
    )
