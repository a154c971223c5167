"""The indexes by which a filter finds the links of a domain, a team or a campaign, and those with an external id."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create the indexes. In PostgreSQL, only external ids have one: `catalog/tables/` says why."""
    told = sa.text("external_id IS NOT NULL")
    op.create_index(
        "ix_links_of_external_id",
        "links",
        ["external_id"],
        sqlite_where=told,
        postgresql_where=told,
        postgresql_using="hash",
    )
    if op.get_bind().dialect.name == "sqlite":
        for column in ("domain_key", "team_id", "campaign_id"):
            told = sa.text(f"{column} IS NOT NULL")
            op.create_index(f"ix_links_of_{column}", "links", [column], sqlite_where=told)
