"""ShortenWorld's refusals: an HTTP status, or HTTP 200 with a number other than 0 in `status.code` (DOC)."""

import re
from dataclasses import replace
from typing import Final

from linkweave.errors import (
    RejectedError,
    VendorError,
)
from linkweave.providers.refusal_table import harmless_words
from linkweave.providers.shortenworld.inferred import KINDS, MEANINGS
from linkweave.transport.refusal import Refusal

_HTTP_NOT_FOUND: Final = 404
_SERVER_ERROR: Final = 500
_NUMBER: Final = re.compile(r"-?[0-9]{1,9}")

_MAX_START: Final = 480
"""Maximum number of characters of a message that are searched for its meaning."""


def classify(status: int, data: object) -> Refusal | None:
    """The refusal in `status.code` and `status.message`. HTTP 5xx says more than any code."""
    if status >= _SERVER_ERROR:
        return None
    code, message = _status_of(data)
    shown = None if code is None else str(code)
    kind, field = KINDS.get(status), None
    if kind is None and code:
        kind = KINDS.get(code)
    if kind is None and code:
        kind, field = _meaning(message)
    if kind is not None:
        return Refusal(kind, _words(status, code, message), shown, field)
    if status == _HTTP_NOT_FOUND:
        # No path names a thing, so this is about the path itself, which is a guess in most cases.
        return Refusal(RejectedError, "answered HTTP 404: the path of this operation may have changed", "404")
    return None


def classify_without_words(status: int, data: object) -> Refusal | None:
    """As `classify`, without the vendor's words, for calls whose answer may repeat a password."""
    refusal = classify(status, data)
    return None if refusal is None else replace(refusal, message="refused, in words that may repeat the password")


def _status_of(data: object) -> tuple[int | None, str]:
    status = data.get("status") if isinstance(data, dict) else None
    if not isinstance(status, dict):
        return None, ""
    code, message = status.get("code"), status.get("message")
    if isinstance(code, str) and _NUMBER.fullmatch(code):
        code = int(code)
    known = code if isinstance(code, int) and not isinstance(code, bool) else None
    return known, message if isinstance(message, str) else ""


def _meaning(message: str) -> tuple[type[VendorError], str | None]:
    """The kind of refusal that `message` means, and the input field at fault."""
    start = message[:_MAX_START]
    found = next((meaning for meaning in MEANINGS if meaning.fits(start)), None)
    return (RejectedError, None) if found is None else (found.kind, found.field)


def _words(status: int, code: int | None, message: str) -> str:
    words = harmless_words(message)
    if words:
        return f'says "{words}"'
    return f"answered HTTP {status}" if code is None else f"answered HTTP {status} with code {code}"
