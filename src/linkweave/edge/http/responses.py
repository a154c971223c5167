"""Responses: their media type and headers, and the form of one that says why a request was not executed."""

from collections.abc import Mapping
from typing import Final

import orjson
from starlette.responses import Response

from linkweave.edge.http.content_encoding import MIN_BYTES
from linkweave.edge.http.content_negotiation import EVENT_STREAM, JSON
from linkweave.errors import ErrorCode

# A message that quotes a value of the caller keeps so many characters of its beginning, and as many of its end.
_QUOTED_CHARACTERS: Final = 200
_SERVER_ERROR: Final = 500
# An answer in the media type of one caller's Accept header is not for another's.
_VARY: Final = {"Vary": "Accept"}
_VARY_COMPRESSED: Final = {"Vary": "Accept, Accept-Encoding"}


def json_response(
    content: object, status: int, media_type: str = JSON, headers: Mapping[str, str] | None = None
) -> Response:
    """Returns `content` as JSON in UTF-8. A refusal is JSON too for a client that accepts nothing but a stream."""
    media_type = JSON if media_type == EVENT_STREAM else media_type
    body = orjson.dumps(content)
    vary = _VARY if len(body) < MIN_BYTES else _VARY_COMPRESSED
    return Response(body, status, {**vary, **(headers or {})}, f"{media_type}; charset=utf-8")


def shortened(message: str) -> str:
    """Returns `message` without its middle if it is longer than 400 characters: the end often holds the reason."""
    if len(message) <= 2 * _QUOTED_CHARACTERS:
        return message
    return f"{message[:_QUOTED_CHARACTERS]} … {message[-_QUOTED_CHARACTERS:]}"


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
    error = {"message": shortened(message), "extensions": {"code": code.value}}
    return json_response({"errors": [error]}, status, media_type, headers)
