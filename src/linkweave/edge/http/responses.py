"""Responses: their media type and headers, and the form of one that says why a request was not executed."""

from collections.abc import Mapping
from typing import Final

import orjson
from starlette.responses import Response

from linkweave.edge.http.content_negotiation import JSON
from linkweave.errors import ErrorCode

_SERVER_ERROR: Final = 500
# An answer in the media type of one caller's Accept header is not for another's.
_VARY: Final = {"Vary": "Accept"}


def json_response(
    content: object, status: int, media_type: str = JSON, headers: Mapping[str, str] | None = None
) -> Response:
    """Returns `content` as JSON in UTF-8."""
    return Response(orjson.dumps(content), status, {**_VARY, **(headers or {})}, f"{media_type}; charset=utf-8")


def error_response(
    status: int,
    message: str,
    *,
    code: ErrorCode | None = None,
    media_type: str = JSON,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Returns one error. Without a `code` it is INTERNAL for a status from 500 on, and INVALID_INPUT below."""
    code = code or (ErrorCode.INTERNAL if status >= _SERVER_ERROR else ErrorCode.INVALID_INPUT)
    error = {"message": message, "extensions": {"code": code.value}}
    return json_response({"errors": [error]}, status, media_type, headers)
