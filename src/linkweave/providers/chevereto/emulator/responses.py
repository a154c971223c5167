"""Responses in the three formats of the document."""

import json
from collections.abc import Mapping
from typing import Any

from starlette.responses import PlainTextResponse, Response

from linkweave.providers.chevereto.emulator.uploads import Upload


def accepted(upload: Upload, kind: str | None) -> Response:
    """The response to a file that was stored."""
    if kind == "txt":
        return PlainTextResponse(upload.url if upload.approved else "")
    if kind == "redirect":
        return Response(b"", 302, {"location": upload.path_viewer}, "text/html")
    success = {"message": "file uploaded", "code": 200}
    return _php_json({"status_code": 200, "success": success, "image": upload.to_json(), "status_txt": "OK"}, 200)


def refused(code: int | str, message: str, kind: str | None) -> Response:
    """The response to a refused file: HTTP 400 with any code."""
    if kind in {"txt", "redirect"}:
        # These formats have no place for an error: its text comes with HTTP 200 (FOUND).
        return PlainTextResponse(message)
    error = {"message": message, "code": code}
    return _php_json({"status_code": 400, "error": error, "status_txt": "Bad Request"}, 400)


def _php_json(data: Mapping[str, Any], status: int) -> Response:
    """`data` as PHP's json_encode writes it, slashes escaped."""
    body = json.dumps(data, separators=(",", ":")).replace("/", "\\/")
    return Response(body, status, media_type="application/json; charset=UTF-8")
