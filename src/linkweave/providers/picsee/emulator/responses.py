"""PicSee's answers: successes, CSV tables and refusals."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

PLAN_NEEDED: Final = "PUB00201"
NO_SUCH_LINK: Final = "PUB00301"

# FOUND in a public client's table of messages. Which status has which code is INFERRED.
_CODES: Final = {400: "PUB00002", 404: "PUB00006", 429: "PUB00005"}


class RefusedError(Exception):
    """A refusal. Codes are FOUND; where none is known, `code` repeats the status (INFERRED).

    Which status goes with a code is INFERRED too.
    """

    def __init__(self, status: int, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code or _CODES.get(status, f"PUB00{status}")


def success(request: Request, data: object, posted: Mapping[str, object] | None = None) -> Response:
    """`data` with PicSee's `meta`, which echoes the query with the access token in it, and `posted` (FOUND)."""
    echo = {"url": request.url.path, "query": {**request.query_params, **(posted or {})}}
    return JSONResponse({"data": data, "meta": {"request": echo}})


def table(columns: Sequence[str], rows: Sequence[Mapping[str, object]]) -> Response:
    """`rows` as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([[row[column] for column in columns] for row in rows])
    return Response(text.getvalue(), media_type="text/csv")


def wants_csv(request: Request) -> bool:
    """Whether the query has `format=csv`.

    Raises:
        RefusedError: it has another format than csv and json.
    """
    wanted = request.query_params.get("format") or "json"
    if wanted not in {"json", "csv"}:
        raise RefusedError(400, "format must be json or csv")
    return wanted == "csv"


async def refuse(request: Request, error: Exception) -> Response:  # noqa: ARG001 - Starlette's signature
    """The error envelope (FOUND). Starlette's own exceptions are about paths that PicSee does not have."""
    refusal = error if isinstance(error, RefusedError) else RefusedError(404, "Not found")
    envelope = {"status": refusal.status, "code": refusal.code, "message": refusal.message}
    return JSONResponse({"error": envelope}, status_code=refusal.status)
