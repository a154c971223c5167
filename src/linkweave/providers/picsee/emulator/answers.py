"""How the pretended PicSee says yes and no."""

import csv
import io
from collections.abc import Mapping, Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

PLAN_NEEDED = "PUB00201"


class RefusedError(Exception):
    """A no. Only the codes that are FOUND are sent; `code` repeats the status where none is known (INFERRED)."""

    def __init__(self, status: int, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code or f"PUB00{status}"


def success(request: Request, data: object) -> Response:
    """`data` with PicSee's `meta`, which echoes the query with the access token in it (FOUND)."""
    echo = {"url": request.url.path, "query": dict(request.query_params)}
    return JSONResponse({"data": data, "meta": {"request": echo}})


def table(columns: Sequence[str], rows: Sequence[Mapping[str, object]]) -> Response:
    """`rows` as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([[row[column] for column in columns] for row in rows])
    return Response(text.getvalue(), media_type="text/csv")


def wants_csv(request: Request) -> bool:
    """Whether `format=csv` was asked for.

    Raises:
        RefusedError: another format was.
    """
    wanted = request.query_params.get("format") or "json"
    if wanted not in {"json", "csv"}:
        raise RefusedError(400, "format must be json or csv")
    return wanted == "csv"


async def refuse(request: Request, error: Exception) -> Response:  # noqa: ARG001 - Starlette's signature
    """The error envelope (FOUND). What Starlette itself raises is about paths that PicSee does not have."""
    refusal = error if isinstance(error, RefusedError) else RefusedError(404, "Not found")
    envelope = {"status": refusal.status, "code": refusal.code, "message": refusal.message}
    return JSONResponse({"error": envelope}, status_code=refusal.status)
