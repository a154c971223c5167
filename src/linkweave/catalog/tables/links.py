"""Links, their tags, and what changed of them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import (
    DDL,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    event,
    func,
    text,
)
from sqlalchemy.schema import ExecutableDDLElement

from linkweave.catalog.column_types import Day, Instant
from linkweave.catalog.search_index import CREATE_IN_POSTGRESQL, CREATE_IN_SQLITE, DROP_IN_SQLITE
from linkweave.catalog.tables.metadata import JSON_VALUE, METADATA, ORDERED_KEY, ORDERED_TEXT, ROW_ID, ordered_text

_CURRENT: Final[Mapping[str, Any]] = MappingProxyType(
    {"sqlite_where": text("deleted_at IS NULL"), "postgresql_where": text("deleted_at IS NULL")}
)


def _ddl(statement: str, dialect: str) -> ExecutableDDLElement:
    # A DDL formats its statement with the operator %.
    ddl: ExecutableDDLElement = DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call] # SQLAlchemy's own
    return ddl.execute_if(dialect=dialect)


LINKS: Final = Table(
    "links",
    METADATA,
    Column("id", ROW_ID, primary_key=True, autoincrement=True),
    Column("account", ORDERED_KEY, nullable=False),
    # With the account, the identity of a link: the vendor's own identifier.
    Column("handle", Text, nullable=False),
    Column("short_url", Text, nullable=False),
    Column("short_url_key", Text, nullable=False),
    Column("slug", Text, nullable=False),
    Column("destination", Text, nullable=False),
    # The destination as it is compared: lower-case scheme and host, no default port, no fragment.
    Column("destination_key", ORDERED_TEXT, nullable=False),
    # The same without utm_… parameters.
    Column("destination_key_without_utm", ORDERED_TEXT, nullable=False),
    Column("destination_host", Text, nullable=False),
    Column("slug_key", ORDERED_TEXT, nullable=False),
    Column("domain", Text),
    # models.host_names.host_key of the domain.
    Column("domain_key", Text),
    Column("title", Text),
    Column("title_key", ORDERED_TEXT),
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
    Column("model", JSON_VALUE, nullable=False),
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
    Column("link_id", ROW_ID, ForeignKey("links.id", ondelete="CASCADE"), nullable=False),
    Column("tag_key", ORDERED_TEXT, nullable=False),
    Column("tag", Text, nullable=False),
    Column("position", Integer, nullable=False),
    PrimaryKeyConstraint("link_id", "tag_key"),
    Index("ix_link_tags_tag_key_link_id", "tag_key", "link_id"),
    sqlite_with_rowid=False,
)

LINK_CHANGES: Final = Table(
    "link_changes",
    METADATA,
    Column("id", ROW_ID, primary_key=True, autoincrement=True),
    Column("link_id", ROW_ID, ForeignKey("links.id", ondelete="CASCADE"), nullable=False),
    # CREATED, UPDATED, DELETED or RESTORED.
    Column("kind", String(8), nullable=False),
    Column("at", Instant, nullable=False),
    # GATEWAY, SYNC, WEBHOOK or IMPORT.
    Column("seen_by", String(8), nullable=False),
    # The names of the changed fields, each with its values before and after: {"title": ["old", "new"]}.
    Column("fields", JSON_VALUE, nullable=False),
    Index("ix_link_changes_link_id_id", "link_id", "id"),
)
