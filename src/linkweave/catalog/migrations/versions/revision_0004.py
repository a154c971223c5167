"""The clicks that webhooks have told of."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_ROW_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "told_clicks",
        sa.Column("link_id", _ROW_ID, nullable=False, autoincrement=False),
        sa.Column("clicks", sa.Integer, nullable=False),
        sa.Column("told_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("link_id", name="pk_told_clicks"),
        sa.ForeignKeyConstraint(["link_id"], ["links.id"], name="fk_told_clicks_link_id", ondelete="CASCADE"),
    )
