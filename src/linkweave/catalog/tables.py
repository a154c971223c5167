"""The tables of the catalog. A change here needs a migration.

Names that end in `_key` hold a value as it is compared: folded case, normalized address. The column beside them has the
value as the vendor wrote it.

An entry of a PostgreSQL B-tree has at most 2,704 bytes, and a URL may be longer. So indexes of long text are hashes, or
hold its first ORDERED_CHARACTERS.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import (
    DDL,
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    event,
    false,
    func,
    literal_column,
    text,
)
from sqlalchemy.schema import ExecutableDDLElement
from sqlalchemy.sql import ColumnElement

from linkweave.catalog.column_types import Day, Instant
from linkweave.catalog.search_index import CREATE_IN_POSTGRESQL, CREATE_IN_SQLITE, DROP_IN_SQLITE

METADATA: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

ORDERED_CHARACTERS: Final = 250
"""Maximum number of characters by which links are put into the order of a text."""

# None is stored as NULL, and not as the JSON value null.
_JSON: Final = JSON(none_as_null=True)
# SQLite numbers rows by itself only where the key is an INTEGER.
_ROW_ID: Final = BigInteger().with_variant(Integer, "sqlite")

# SQLite compares text by its code points. PostgreSQL does so with the collation C.
_ORDERED_TEXT: Final = Text().with_variant(Text(collation="C"), "postgresql")
_ORDERED_KEY: Final = String(64).with_variant(String(64, collation="C"), "postgresql")

_CURRENT: Final[Mapping[str, Any]] = MappingProxyType(
    {"sqlite_where": text("deleted_at IS NULL"), "postgresql_where": text("deleted_at IS NULL")}
)


def ordered_text(column: ColumnElement[Any]) -> ColumnElement[str]:
    """Returns the part of a text by which rows are put in order: the same expression as in its index."""
    return func.substr(column, literal_column("1"), literal_column(str(ORDERED_CHARACTERS)))


def _ddl(statement: str, dialect: str) -> ExecutableDDLElement:
    # A DDL formats its statement with the operator %.
    ddl: ExecutableDDLElement = DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call] # SQLAlchemy's own
    return ddl.execute_if(dialect=dialect)


LINKS: Final = Table(
    "links",
    METADATA,
    Column("id", _ROW_ID, primary_key=True, autoincrement=True),
    Column("account", _ORDERED_KEY, nullable=False),
    # With the account, the identity of a link: the vendor's own identifier.
    Column("handle", Text, nullable=False),
    Column("short_url", Text, nullable=False),
    Column("short_url_key", Text, nullable=False),
    Column("slug", Text, nullable=False),
    Column("destination", Text, nullable=False),
    # The destination as it is compared: lower-case scheme and host, no default port, no fragment.
    Column("destination_key", _ORDERED_TEXT, nullable=False),
    # The same without utm_… parameters.
    Column("destination_key_without_utm", _ORDERED_TEXT, nullable=False),
    Column("destination_host", Text, nullable=False),
    Column("slug_key", _ORDERED_TEXT, nullable=False),
    Column("domain", Text),
    # models.host_names.host_key of the domain.
    Column("domain_key", Text),
    Column("title", Text),
    Column("title_key", _ORDERED_TEXT),
    Column("note", Text),
    Column("created_at", Instant),
    Column("last_click_at", Instant),
    Column("expires_at", Instant),
    Column("external_id", Text),
    Column("archived", Boolean),
    Column("starred", Boolean),
    Column("team_id", Text),
    Column("campaign_id", Text),
    # Of the link, or else of its destination.
    Column("utm_source", Text),
    Column("utm_medium", Text),
    Column("utm_campaign", Text),
    Column("utm_term", Text),
    Column("utm_content", Text),
    # The clicks of the whole life, at `clicks_at`; null where none were told.
    Column("clicks", BigInteger),
    Column("unique_clicks", BigInteger),
    Column("clicks_at", Instant),
    # When the days of the link were last read. From `days_from` until then they are known without a gap.
    Column("days_at", Instant),
    Column("days_from", Day),
    # Who tells the days: VENDOR or OBSERVED. Null until they are known.
    Column("days_source", String(8)),
    Column("statistics_due_at", Instant),
    # search_text.search_key: all that a search looks at.
    Column("search_key", Text, nullable=False),
    # The whole of models.Link as JSON, without what the columns above change more often.
    Column("model", _JSON, nullable=False),
    # A digest of `model` and the columns: an equal one means that nothing changed.
    Column("digest", String(64), nullable=False),
    Column("first_seen_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    # The number of the full walk that last showed the link; the account counts them.
    Column("seen_in_walk", Integer, nullable=False, default=0, server_default="0"),
    # Set when the vendor no longer has the link. The row is kept for its history.
    Column("deleted_at", Instant),
    UniqueConstraint("account", "handle"),
    Index("ix_links_short_url_key", "short_url_key", postgresql_using="hash"),
    Index("ix_links_destination_key", "destination_key", postgresql_using="hash"),
    Index("ix_links_destination_key_without_utm", "destination_key_without_utm", postgresql_using="hash"),
    Index("ix_links_account_statistics_due_at", "account", "statistics_due_at"),
    # Each walk writes to each row what is in no index. PostgreSQL then leaves the indexes alone where a page has room.
    postgresql_with={"fillfactor": "80"},
)

# The indexes of the orders of a list. The account beside the value tells whose link it is without a look at its row.
for _name in ("created_at", "clicks", "unique_clicks", "last_click_at"):
    Index(f"ix_links_by_{_name}", LINKS.c[_name], LINKS.c.account, LINKS.c.id, **_CURRENT)
for _name in ("title_key", "slug_key", "destination_key"):
    Index(f"ix_links_by_{_name}", ordered_text(LINKS.c[_name]), LINKS.c.account, LINKS.c.id, **_CURRENT)

# A filter finds the links of a small domain, team or campaign in them. Links without the value are not there.
# PostgreSQL has none of them: it could hold long names only by their hash, and many links with the same hash are slow.
for _name in ("domain_key", "team_id", "campaign_id"):
    Index(f"ix_links_of_{_name}", LINKS.c[_name], sqlite_where=text(f"{_name} IS NOT NULL")).ddl_if(dialect="sqlite")
# Counts the links of an account, and tells how old the oldest reading of their clicks is.
Index("ix_links_clicks_read_at", LINKS.c.account, func.coalesce(LINKS.c.days_at, LINKS.c.clicks_at), **_CURRENT)
# Counts the deleted links.
_IS_DELETED: Final = text("deleted_at IS NOT NULL")
Index("ix_links_deleted", LINKS.c.account, sqlite_where=_IS_DELETED, postgresql_where=_IS_DELETED)
_HAS_EXTERNAL_ID: Final = text("external_id IS NOT NULL")
Index(
    "ix_links_of_external_id",
    LINKS.c.external_id,
    sqlite_where=_HAS_EXTERNAL_ID,
    postgresql_where=_HAS_EXTERNAL_ID,
    postgresql_using="hash",
)

for _statement in CREATE_IN_SQLITE:
    event.listen(LINKS, "after_create", _ddl(_statement, "sqlite"))
event.listen(LINKS, "after_create", _ddl(CREATE_IN_POSTGRESQL, "postgresql"))
event.listen(LINKS, "before_drop", _ddl(DROP_IN_SQLITE, "sqlite"))

LINK_TAGS: Final = Table(
    "link_tags",
    METADATA,
    Column("link_id", _ROW_ID, ForeignKey("links.id", ondelete="CASCADE"), nullable=False),
    Column("tag_key", _ORDERED_TEXT, nullable=False),
    Column("tag", Text, nullable=False),
    Column("position", Integer, nullable=False),
    PrimaryKeyConstraint("link_id", "tag_key"),
    Index("ix_link_tags_tag_key_link_id", "tag_key", "link_id"),
    sqlite_with_rowid=False,
)

CLICKS_DAILY: Final = Table(
    "clicks_daily",
    METADATA,
    Column("link_id", _ROW_ID, ForeignKey("links.id", ondelete="CASCADE"), nullable=False),
    # Both days are the same, but for OBSERVED clicks between two readings that lie further apart.
    Column("first_day", Day, nullable=False),
    Column("last_day", Day, nullable=False),
    Column("clicks", BigInteger),
    Column("unique_clicks", BigInteger),
    # VENDOR or OBSERVED.
    Column("source", String(8), nullable=False),
    PrimaryKeyConstraint("link_id", "last_day", "first_day"),
    Index("ix_clicks_daily_last_day_link_id", "last_day", "link_id"),
    # SQLite then stores the days of a link side by side, and no row twice.
    sqlite_with_rowid=False,
)

LINK_CHANGES: Final = Table(
    "link_changes",
    METADATA,
    Column("id", _ROW_ID, primary_key=True, autoincrement=True),
    Column("link_id", _ROW_ID, ForeignKey("links.id", ondelete="CASCADE"), nullable=False),
    # CREATED, UPDATED, DELETED or RESTORED.
    Column("kind", String(8), nullable=False),
    Column("at", Instant, nullable=False),
    # GATEWAY, SYNC, WEBHOOK or IMPORT.
    Column("seen_by", String(8), nullable=False),
    # The names of the changed fields, each with its values before and after: {"title": ["old", "new"]}.
    Column("fields", _JSON, nullable=False),
    Index("ix_link_changes_link_id_id", "link_id", "id"),
)

TOLD_CLICKS: Final = Table(
    "told_clicks",
    METADATA,
    Column("link_id", _ROW_ID, ForeignKey("links.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    # Clicks that webhooks have told of, and that no reading of the total has shown since.
    Column("clicks", Integer, nullable=False),
    Column("told_at", Instant, nullable=False),
)

ACCOUNT_SYNCS: Final = Table(
    "account_syncs",
    METADATA,
    Column("account", String(64), primary_key=True),
    # One process at a time keeps an account in step: it owns the row until `lease_ends_at`.
    Column("lease_owner", String(64)),
    Column("lease_ends_at", Instant),
    Column("walk", Integer, nullable=False, default=0, server_default="0"),
    # Where the running full walk goes on: the lane and the vendor's page token, as JSON. Null between two walks.
    Column("walk_position", _JSON),
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

UPLOADS: Final = Table(
    "uploads",
    METADATA,
    Column("id", _ROW_ID, primary_key=True, autoincrement=True),
    Column("account", String(64), nullable=False),
    Column("upload_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("uploaded_at", Instant, nullable=False),
    Column("size", BigInteger),
    Column("mime_type", Text),
    # The whole of models.Upload as JSON, without `delete_url`, which lets anyone delete the file.
    Column("model", _JSON, nullable=False),
    UniqueConstraint("account", "upload_id"),
    Index("ix_uploads_uploaded_at_id", "uploaded_at", "id"),
)

PLANS: Final = Table(
    "copy_plans",
    METADATA,
    Column("id", String(32), primary_key=True),
    # The caller who made it: nobody else may see or start it.
    Column("client", Text, nullable=False),
    Column("source_account", String(64), nullable=False),
    Column("target_account", String(64), nullable=False),
    Column("input", _JSON, nullable=False),
    Column("calls", Integer, nullable=False),
    Column("seconds", Integer),
    Column("made_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
)

PLAN_ROWS: Final = Table(
    "copy_plan_rows",
    METADATA,
    Column("plan_id", String(32), ForeignKey("copy_plans.id", ondelete="CASCADE"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("source_handle", Text, nullable=False),
    Column("source_short_url", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", Text),
    Column("lost_fields", _JSON, nullable=False),
    # The link to create, as JSON; null where the row stands in the way. Never a password.
    Column("target", _JSON),
    # What the link gets by an update after its create, as JSON; null where the create is enough. Never a password.
    Column("patch", _JSON),
    PrimaryKeyConstraint("plan_id", "position"),
)

JOBS: Final = Table(
    "jobs",
    METADATA,
    Column("id", String(32), primary_key=True),
    # COPY or IMPORT.
    Column("kind", String(8), nullable=False),
    Column("client", Text, nullable=False),
    # The accounts that it reads and writes, as a JSON list: whoever may not see one may not see the job.
    Column("accounts", _JSON, nullable=False),
    Column("input", _JSON, nullable=False),
    # WAITING, RUNNING, DONE, FAILED or CANCELLED.
    Column("state", String(9), nullable=False),
    Column("done", Integer, nullable=False, default=0, server_default="0"),
    Column("failed", Integer, nullable=False, default=0, server_default="0"),
    Column("total", Integer, nullable=False),
    Column("error", Text),
    Column("created_at", Instant, nullable=False),
    Column("started_at", Instant),
    Column("finished_at", Instant),
    Column("lease_owner", String(64)),
    Column("lease_ends_at", Instant),
    Index("ix_jobs_state_created_at", "state", "created_at"),
)

JOB_ROWS: Final = Table(
    "job_rows",
    METADATA,
    Column("job_id", String(32), ForeignKey("jobs.id", ondelete="CASCADE"), nullable=False),
    Column("position", Integer, nullable=False),
    # WAITING, STARTED (a vendor may have been called), CREATED (the patch is next), DONE, FAILED or AMBIGUOUS.
    Column("state", String(9), nullable=False),
    Column("idempotency_key", String(64), nullable=False),
    Column("source", Text, nullable=False),
    Column("target", _JSON),
    Column("patch", _JSON),
    # The record of the idempotency key, from before a vendor is called.
    Column("claim", LargeBinary),
    # What became of it: the link, or the error.
    Column("handle", Text),
    Column("short_url", Text),
    Column("error", Text),
    PrimaryKeyConstraint("job_id", "position"),
)

SUBSCRIBERS: Final = Table(
    "subscribers",
    METADATA,
    Column("id", String(32), primary_key=True),
    # The caller who made it: nobody else may see or change it.
    Column("client", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("events", _JSON, nullable=False),
    # Null for all that the caller may see.
    Column("accounts", _JSON),
    Column("filter", _JSON, nullable=False),
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
    Column("id", _ROW_ID, primary_key=True, autoincrement=True),
    Column("subscriber_id", String(32), ForeignKey("subscribers.id", ondelete="CASCADE"), nullable=False),
    Column("message_id", String(64), nullable=False),
    Column("topic", String(8), nullable=False),
    # events.encoding of the event; empty for a gap.
    Column("event", LargeBinary, nullable=False),
    Column("stored_at", Instant, nullable=False),
    Index("ix_deliveries_subscriber_id_id", "subscriber_id", "id"),
)
