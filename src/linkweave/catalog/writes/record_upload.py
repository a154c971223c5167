"""Puts uploads into the catalog."""

from dataclasses import fields
from datetime import datetime
from typing import Any, Final

import orjson
from sqlalchemy import bindparam, update
from sqlalchemy.ext.asyncio import AsyncConnection

from linkweave.catalog.storable_text import without_unstorable
from linkweave.catalog.tables import UPLOADS
from linkweave.catalog.writes.account_lock import lock_account
from linkweave.models import Upload

# Whoever has the address in this field can delete the file.
_LEFT_OUT: Final = "delete_url"
_UPDATE: Final = update(UPLOADS).where(
    UPLOADS.c.account == bindparam("of_account"), UPLOADS.c.upload_id == bindparam("of_id")
)


async def record_upload(connection: AsyncConnection, account: str, upload: Upload, at: datetime) -> None:
    """Stores an upload of `account`, in place of what is stored of it, without the address that deletes it.

    `at` is when it was uploaded, where its vendor does not tell.
    """
    await lock_account(connection, account)
    row = _row(without_unstorable(upload), at)
    identity = {"of_account": account, "of_id": row["upload_id"]}
    updated = await connection.execute(_UPDATE.values(row), identity)
    if not updated.rowcount:
        await connection.execute(UPLOADS.insert(), {"account": account, **row})


def _row(upload: Upload, at: datetime) -> dict[str, Any]:
    model = {field.name: getattr(upload, field.name) for field in fields(upload) if field.name != _LEFT_OUT}
    return {
        "upload_id": upload.id,
        "name": upload.name,
        "uploaded_at": upload.created_at or at,
        "size": upload.size,
        "mime_type": upload.mime_type,
        "model": orjson.Fragment(orjson.dumps(model)),
    }
