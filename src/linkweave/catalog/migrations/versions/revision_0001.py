"""The first tables."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_INSTANT = sa.BigInteger()
_DAY = sa.Integer()
_KEY = sa.String(64)
_ORDERED_KEY = _KEY.with_variant(sa.String(64, collation="C"), "postgresql")
_ORDERED_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_CURRENT: dict[str, Any] = dict.fromkeys(("sqlite_where", "postgresql_where"), sa.text("deleted_at IS NULL"))


def upgrade() -> None:
    """Create all tables."""
    _create_links()
    _index_links()
    _create_tags_and_days()
    _create_changes_and_uploads()
    _create_account_syncs()
    _create_copy_plans()
    _create_jobs()


def _create_links() -> None:
    op.create_table(
        "links",
        sa.Column("id", _ROW_ID, autoincrement=True, nullable=False),
        sa.Column("account", _ORDERED_KEY, nullable=False),
        *_required(sa.Text(), "handle", "short_url", "short_url_key", "slug", "destination"),
        *_required(_ORDERED_TEXT, "destination_key", "destination_key_without_utm"),
        *_required(sa.Text(), "destination_host"),
        *_required(_ORDERED_TEXT, "slug_key"),
        *_nullable(sa.Text(), "domain", "domain_key", "title"),
        *_nullable(_ORDERED_TEXT, "title_key"),
        *_nullable(sa.Text(), "note"),
        *_nullable(_INSTANT, "created_at", "last_click_at", "expires_at"),
        *_nullable(sa.Text(), "external_id"),
        *_nullable(sa.Boolean(), "archived", "starred"),
        *_nullable(sa.Text(), "team_id", "campaign_id"),
        *_nullable(sa.Text(), "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content"),
        *_nullable(sa.BigInteger(), "clicks", "unique_clicks"),
        *_nullable(_INSTANT, "clicks_at", "days_at"),
        *_nullable(_DAY, "days_from"),
        *_nullable(sa.String(8), "days_source"),
        *_nullable(_INSTANT, "statistics_due_at"),
        *_required(sa.Text(), "search_key"),
        *_required(sa.JSON(), "model"),
        *_required(_KEY, "digest"),
        *_required(_INSTANT, "first_seen_at", "seen_at"),
        _counter("seen_in_walk"),
        *_nullable(_INSTANT, "deleted_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_links")),
        sa.UniqueConstraint("account", "handle", name=op.f("uq_links_account_handle")),
        postgresql_with={"fillfactor": "80"},
    )


def _index_links() -> None:
    for name in ("short_url_key", "destination_key", "destination_key_without_utm"):
        op.create_index(f"ix_links_{name}", "links", [name], postgresql_using="hash")
    op.create_index("ix_links_account_statistics_due_at", "links", ["account", "statistics_due_at"])
    for name in ("created_at", "clicks", "unique_clicks", "last_click_at"):
        op.create_index(f"ix_links_by_{name}", "links", [name, "account", "id"], **_CURRENT)
    for name in ("title_key", "slug_key", "destination_key"):
        beginning = sa.func.substr(sa.column(name), sa.literal_column("1"), sa.literal_column("250"))
        op.create_index(f"ix_links_by_{name}", "links", [beginning, "account", "id"], **_CURRENT)


def _create_tags_and_days() -> None:
    op.create_table(
        "link_tags",
        *_required(_ROW_ID, "link_id"),
        *_required(_ORDERED_TEXT, "tag_key"),
        *_required(sa.Text(), "tag"),
        *_required(sa.Integer(), "position"),
        _part_of("link_tags", "link_id", "links"),
        sa.PrimaryKeyConstraint("link_id", "tag_key", name=op.f("pk_link_tags")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_link_tags_tag_key_link_id", "link_tags", ["tag_key", "link_id"])
    op.create_table(
        "clicks_daily",
        *_required(_ROW_ID, "link_id"),
        *_required(_DAY, "first_day", "last_day"),
        *_nullable(sa.BigInteger(), "clicks", "unique_clicks"),
        *_required(sa.String(8), "source"),
        _part_of("clicks_daily", "link_id", "links"),
        sa.PrimaryKeyConstraint("link_id", "last_day", "first_day", name=op.f("pk_clicks_daily")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_clicks_daily_last_day_link_id", "clicks_daily", ["last_day", "link_id"])


def _create_changes_and_uploads() -> None:
    op.create_table(
        "link_changes",
        sa.Column("id", _ROW_ID, autoincrement=True, nullable=False),
        *_required(_ROW_ID, "link_id"),
        *_required(sa.String(8), "kind"),
        *_required(_INSTANT, "at"),
        *_required(sa.String(8), "seen_by"),
        *_required(sa.JSON(), "fields"),
        _part_of("link_changes", "link_id", "links"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_changes")),
    )
    op.create_index("ix_link_changes_link_id_id", "link_changes", ["link_id", "id"])
    op.create_table(
        "uploads",
        sa.Column("id", _ROW_ID, autoincrement=True, nullable=False),
        *_required(_KEY, "account"),
        *_required(sa.Text(), "upload_id", "name"),
        *_required(_INSTANT, "uploaded_at"),
        *_nullable(sa.BigInteger(), "size"),
        *_nullable(sa.Text(), "mime_type"),
        *_required(sa.JSON(), "model"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads")),
        sa.UniqueConstraint("account", "upload_id", name=op.f("uq_uploads_account_upload_id")),
    )
    op.create_index("ix_uploads_uploaded_at_id", "uploads", ["uploaded_at", "id"])


def _create_account_syncs() -> None:
    op.create_table(
        "account_syncs",
        *_required(_KEY, "account"),
        *_nullable(_KEY, "lease_owner"),
        *_nullable(_INSTANT, "lease_ends_at"),
        _counter("walk"),
        *_nullable(sa.JSON(), "walk_position"),
        *_nullable(_INSTANT, "walk_started_at"),
        _counter("walk_links"),
        *_nullable(_INSTANT, "last_full_walk_at"),
        *_nullable(sa.Integer(), "last_full_walk_links"),
        *_nullable(_INSTANT, "newest_at", "statistics_at"),
        *_nullable(_DAY, "budget_day"),
        _counter("budget_calls"),
        *_nullable(sa.Integer(), "budget_limit"),
        *_nullable(sa.Text(), "error"),
        *_nullable(_INSTANT, "error_at"),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_account_syncs")),
    )


def _create_copy_plans() -> None:
    op.create_table(
        "copy_plans",
        *_required(sa.String(32), "id"),
        *_required(sa.Text(), "client"),
        *_required(_KEY, "source_account", "target_account"),
        *_required(sa.JSON(), "input"),
        *_required(sa.Integer(), "calls"),
        *_nullable(sa.Integer(), "seconds"),
        *_required(_INSTANT, "made_at", "expires_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_copy_plans")),
    )
    op.create_table(
        "copy_plan_rows",
        *_required(sa.String(32), "plan_id"),
        *_required(sa.Integer(), "position"),
        *_required(sa.Text(), "source_handle", "source_short_url"),
        *_required(sa.String(16), "state"),
        *_nullable(sa.Text(), "reason"),
        *_required(sa.JSON(), "lost_fields"),
        *_nullable(sa.JSON(), "target"),
        _part_of("copy_plan_rows", "plan_id", "copy_plans"),
        sa.PrimaryKeyConstraint("plan_id", "position", name=op.f("pk_copy_plan_rows")),
    )


def _create_jobs() -> None:
    op.create_table(
        "jobs",
        *_required(sa.String(32), "id"),
        *_required(sa.String(8), "kind"),
        *_required(sa.Text(), "client"),
        *_required(sa.JSON(), "accounts", "input"),
        *_required(sa.String(9), "state"),
        _counter("done"),
        _counter("failed"),
        *_required(sa.Integer(), "total"),
        *_nullable(sa.Text(), "error"),
        *_required(_INSTANT, "created_at"),
        *_nullable(_INSTANT, "started_at", "finished_at"),
        *_nullable(_KEY, "lease_owner"),
        *_nullable(_INSTANT, "lease_ends_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
    )
    op.create_index("ix_jobs_state_created_at", "jobs", ["state", "created_at"])
    op.create_table(
        "job_rows",
        *_required(sa.String(32), "job_id"),
        *_required(sa.Integer(), "position"),
        *_required(sa.String(9), "state"),
        *_required(_KEY, "idempotency_key"),
        *_required(sa.Text(), "source"),
        *_nullable(sa.JSON(), "target"),
        *_nullable(sa.LargeBinary(), "claim"),
        *_nullable(sa.Text(), "handle", "short_url", "error"),
        _part_of("job_rows", "job_id", "jobs"),
        sa.PrimaryKeyConstraint("job_id", "position", name=op.f("pk_job_rows")),
    )


def _required(type_: sa.types.TypeEngine[Any], *names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, type_, nullable=False) for name in names]


def _nullable(type_: sa.types.TypeEngine[Any], *names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, type_, nullable=True) for name in names]


def _counter(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), server_default="0", nullable=False)


def _part_of(table: str, column: str, whole: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{whole}.id"], name=name, ondelete="CASCADE")
