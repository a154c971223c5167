"""The media types of requests."""

from typing import Final

from cross_web import HTTPException
from starlette.datastructures import Headers
from starlette.types import Scope

from linkweave.edge.http.content_negotiation import JSON

MULTIPART: Final = "multipart/form-data"

_UTF8_NAMES: Final = frozenset({"utf-8", "utf8", "us-ascii"})


def media_type(content_type: str | None) -> str:
    """Returns the type without its parameters, in lower case."""
    return (content_type or "").partition(";")[0].strip().lower()


def is_form(scope: Scope) -> bool:
    """Whether a request is a multipart form, which may contain files."""
    return media_type(Headers(scope=scope).get("content-type")) == MULTIPART


def check_content(headers: Headers) -> None:
    """Check that a body can contain a GraphQL request.

    Raises:
        HTTPException: 415. The reason says what is accepted.
    """
    content_type = headers.get("content-type", "")
    kind = media_type(content_type)
    if kind not in {JSON, MULTIPART}:
        raise HTTPException(415, f"Send the request as {JSON}, or with files as {MULTIPART}.")
    if headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise HTTPException(415, "Send the request without Content-Encoding: it is not decompressed.")
    # In a form the parameter has no meaning: each of its parts has a type of its own.
    if kind == JSON and _charset(content_type) not in _UTF8_NAMES:
        raise HTTPException(415, "Send the request in UTF-8.")


def _charset(content_type: str) -> str:
    for parameter in content_type.split(";")[1:]:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip('"').lower()
    return "utf-8"
