"""Files that were uploaded through the gateway."""

from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import BigInteger, Select, literal, select, tuple_, type_coerce
from sqlalchemy.ext.asyncio import AsyncConnection

from linkweave.catalog.reads.questions.uploads import KnownUpload, UploadPage, UploadQuestion
from linkweave.catalog.tables import UPLOADS
from linkweave.models import Upload

_UPLOAD: TypeAdapter[Upload] = TypeAdapter(Upload)


async def read_uploads(
    connection: AsyncConnection, question: UploadQuestion, first: int, after: tuple[int, int] | None
) -> UploadPage:
    """Returns the next `first` uploads after the position `after`, newest first."""
    rows = (await connection.execute(_query(question, first + 1, after))).all()
    uploads = tuple(
        KnownUpload(row.account, _UPLOAD.validate_python(row.model, strict=False), (row.at, row.id)) for row in rows
    )
    return UploadPage(uploads[:first], len(rows) > first)


def _query(question: UploadQuestion, first: int, after: tuple[int, int] | None) -> Select[Any]:
    row, at = UPLOADS.c, type_coerce(UPLOADS.c.uploaded_at, BigInteger)
    query = select(row.id, row.account, row.model, at.label("at")).where(row.account.in_(question.accounts))
    if question.search is not None:
        query = query.where(row.name.icontains(question.search, autoescape=True))
    if question.mime_type is not None:
        query = query.where(row.mime_type == question.mime_type)
    if question.uploaded_after is not None:
        query = query.where(row.uploaded_at >= question.uploaded_after)
    if question.uploaded_before is not None:
        query = query.where(row.uploaded_at < question.uploaded_before)
    if after is not None:
        query = query.where(tuple_(at, row.id) < tuple_(*(literal(each, BigInteger()) for each in after)))
    return query.order_by(at.desc(), row.id.desc()).limit(first)
