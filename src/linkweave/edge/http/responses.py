"""How answers leave: their media type and status, and the form of those that say that a request is not executed."""

from collections.abc import Mapping
from typing import Final

import orjson
from starlette.responses import Response

from linkweave.edge.http.content_negotiation import JSON
from linkweave.errors import ErrorCode

_SERVER_ERROR: Final = 500
# What is written for one caller's Accept is not for another's.
_VARY: Final = {"Vary": "Accept"}


def json_answer(
    content: object, status: int, media_type: str = JSON, headers: Mapping[str, str] | None = None
) -> Response:
    """`content` as JSON, which is UTF-8 and says so."""
    return Response(orjson.dumps(content), status, {**_VARY, **(headers or {})}, f"{media_type}; charset=utf-8")


def refusal(
    status: int,
    message: str,
    *,
    code: ErrorCode | None = None,
    media_type: str = JSON,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """`message` under `status`; unless it is said, the code is INTERNAL from 500 on, and INVALID_INPUT below."""
    code = code or (ErrorCode.INTERNAL if status >= _SERVER_ERROR else ErrorCode.INVALID_INPUT)
    error = {"message": message, "extensions": {"code": code.value}}
    return json_answer({"errors": [error]}, status, media_type, headers)
