"""The first tables."""

from alembic import op

from linkweave.catalog.tables import METADATA

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create all tables. Until the first release, they are what `tables.py` says; then this becomes a copy of it."""
    METADATA.create_all(op.get_bind())
