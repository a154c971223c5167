"""The formats of an answer."""

import json
from collections.abc import Mapping
from html import escape

from starlette.responses import Response


def formatted(content: object, fields: Mapping[str, str], status: int = 200) -> Response:
    """`content` in the format that the request names: XML where it names none, and text where it is unknown.

    Content that is None is a crash of PHP: an empty answer.
    """
    if content is None:
        return Response(b"", status)
    match fields.get("format", "xml"):
        case "json":
            return Response(_json(content), status, media_type="application/json")
        case "jsonp":
            callback = fields.get("callback", "")
            content = {**content, "callback": callback} if isinstance(content, dict) else content
            return Response(f"{callback}({_json(content)})", status, media_type="text/javascript")
        case "xml":
            text = f'<?xml version="1.0" encoding="UTF-8"?>\n<root>{_xml(content)}</root>'
            return Response(text, status, media_type="application/xml")
        case _:
            simple = content.get("shorturl") or content.get("version") or "" if isinstance(content, dict) else ""
            return Response(str(simple), status, media_type="text/plain")


def _json(content: object) -> str:
    """JSON as PHP writes it: slashes are escaped."""
    return json.dumps(content, separators=(",", ":")).replace("/", "\\/")


def _xml(content: object) -> str:
    if isinstance(content, dict):
        return "".join(f"<{name}>{_xml(value)}</{name}>" for name, value in content.items())
    return escape(str(content), quote=False)
