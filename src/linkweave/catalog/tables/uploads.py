"""Uploads."""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from linkweave.catalog.column_types import Instant
from linkweave.catalog.tables.metadata import JSON_VALUE, METADATA, ROW_ID

UPLOADS: Final = Table(
    "uploads",
    METADATA,
    Column("id", ROW_ID, primary_key=True, autoincrement=True),
    Column("account", String(64), nullable=False),
    Column("upload_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("uploaded_at", Instant, nullable=False),
    Column("size", BigInteger),
    Column("mime_type", Text),
    # The whole of models.Upload as JSON, without `delete_url`, which lets anyone delete the file.
    Column("model", JSON_VALUE, nullable=False),
    UniqueConstraint("account", "upload_id"),
    Index("ix_uploads_uploaded_at_id", "uploaded_at", "id"),
)
