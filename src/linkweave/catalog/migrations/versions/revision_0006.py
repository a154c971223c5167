"""The index of deleted links, which counts them."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create the index."""
    deleted = sa.text("deleted_at IS NOT NULL")
    op.create_index("ix_links_deleted", "links", ["account"], sqlite_where=deleted, postgresql_where=deleted)
