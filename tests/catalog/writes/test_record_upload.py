"""Uploads enter the catalog, without what would let anyone delete them."""

from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import select

from linkweave.catalog.database import Database
from linkweave.catalog.tables import UPLOADS
from linkweave.catalog.writes.record_upload import record_upload
from linkweave.models import Upload

AT = datetime(2026, 11, 20, 10, 30, tzinfo=UTC)
UPLOAD = Upload(
    "u1",
    "cat.png",
    "https://i.example/v",
    "https://i.example/s",
    "image/png",
    "png",
    7,
    nsfw=False,
    tags=("cat",),
    exif=(("Make", "Nikon"),),
    delete_url="https://i.example/delete/secret",
)


async def test_an_upload_is_stored_once_and_without_its_secret(database: Database) -> None:
    made = replace(UPLOAD, name="dog.png", created_at=datetime(2026, 11, 1, tzinfo=UTC))
    for upload in (UPLOAD, made):
        async with database.write() as connection:
            await record_upload(connection, "acct", upload, AT)
            columns = (UPLOADS.c.name, UPLOADS.c.uploaded_at, UPLOADS.c.size, UPLOADS.c.model)
            rows = (await connection.execute(select(*columns))).all()
        assert [tuple(row)[:3] for row in rows] == [(upload.name, upload.created_at or AT, 7)]
        assert rows[0].model["exif"] == [["Make", "Nikon"]]
        assert "secret" not in str(rows)
