"""The update that follows the create of a copy."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the patch to the rows of plans and jobs."""
    for table in ("copy_plan_rows", "job_rows"):
        op.add_column(table, sa.Column("patch", sa.JSON(), nullable=True))
