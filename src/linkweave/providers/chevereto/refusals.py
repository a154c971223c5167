"""Chevereto's error codes.

Every refusal is HTTP 400 with `{"status_code": 400, "error": {"message": …, "code": …}, "status_txt": …}`. The code is
Chevereto's own number, whatever HTTP status it looks like. The message is in the language of the site and may name its
folders. So it is read only where a code has two meanings.
"""

from collections.abc import Iterable
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from linkweave.errors import (
    ConflictError,
    ForbiddenError,
    InvalidFileError,
    RateLimitedError,
    RejectedError,
    UnauthenticatedError,
    UnavailableError,
    UnsupportedError,
)
from linkweave.providers.chevereto.inferred import EMPTY_WORDS
from linkweave.providers.refusal_table import RefusalTable, code_at, meaning, status_decides
from linkweave.transport.refusal import NotJson, Refusal

FLOOD_OR_EMPTY: Final = "130"
WIDTH_OR_SOURCE: Final = "610"
_TOO_LARGE: Final = 413
_CRASHED: Final = 500

# FOUND in Chevereto's source and in reports about it. 100, 101, 120, 130, 400, 401, 403, 601, 610 and 22007 were seen
# on a real 4.2.0 server.
_TABLE: Final = RefusalTable(
    code_at("error", "code"),
    MappingProxyType(
        {
            "100": meaning(UnauthenticatedError, "does not know the API key"),
            "101": meaning(ConflictError, "has this file already"),
            "102": meaning(ConflictError, "has this file already"),
            "103": meaning(ConflictError, "has this file already"),
            "104": meaning(RejectedError, "has no space left for the file"),
            "110": meaning(RejectedError, "does not know this version of the API"),
            "120": meaning(RejectedError, "does not know this action, or the base64 is invalid"),
            FLOOD_OR_EMPTY: meaning(RateLimitedError, "protects itself against too many uploads"),
            "200": meaning(RejectedError, "cannot store files at the moment"),
            "310": meaning(InvalidFileError, "says the file is too big"),
            "313": meaning(InvalidFileError, "says the file is too big"),
            "400": meaning(InvalidFileError, "refused the file: too big, no image, or at a URL that it does not fetch"),
            # Seen with a valid key where uploads are off, and where the site is private or in maintenance.
            "401": meaning(ForbiddenError, "denied the upload, though it knows the key: uploads may be turned off"),
            # Sites keep this for their administrators: for other keys, the API has no URL uploads.
            "403": meaning(UnsupportedError, "does not fetch files from URLs for this account"),
            "601": meaning(InvalidFileError, "says the file is too big for the server, or arrived incompletely"),
            WIDTH_OR_SOURCE: meaning(InvalidFileError, "cannot recognise the file"),
            "612": meaning(InvalidFileError, "does not accept files of this type"),
            "613": meaning(InvalidFileError, "cannot handle this image format"),
            "614": meaning(InvalidFileError, "has this image format turned off"),
            "620": meaning(RejectedError, "says the file is invalid"),
            "622": meaning(RejectedError, "says the URL of the image is invalid"),
            # The SQLSTATE of a category that is no number. Its message has the names of the site's tables.
            "22007": meaning(RejectedError, "does not take this category", "category"),
        }
    ),
    unknown=meaning(RejectedError, "refused the upload"),
    # The web server in front of Chevereto sends it as HTML.
    by_status=MappingProxyType({_TOO_LARGE: meaning(InvalidFileError, "says the file is too big for its web server")}),
)
# The gateway never sends an empty source. PHP drops the whole form where it is over its limit (`post_max_size`).
_EMPTY: Final = Refusal(InvalidFileError, "received nothing: the file is too big for the server", FLOOD_OR_EMPTY)
# Seen where the file is over PHP's limit (`upload_max_filesize`) and the key is not an administrator's.
_CRASH: Final = Refusal(UnavailableError, "answered HTTP 500 in HTML: the file is probably too big for the server")


def classify(status: int, data: object) -> Refusal | None:
    """The refusal in an answer, whatever HTTP status it came with; HTTP 429 and 5xx say more than any code."""
    if status == _CRASHED and isinstance(data, NotJson):
        return _CRASH
    found = None if status_decides(status) else _TABLE(status, data)
    if found is not None and found.provider_code == FLOOD_OR_EMPTY and _says(data, EMPTY_WORDS):
        return _EMPTY
    if found is not None and found.provider_code == WIDTH_OR_SOURCE and _says(data, ("width",)):
        return replace(found, message="has a smaller picture than the wanted width", field="width")
    return found


def _says(data: object, words: Iterable[str]) -> bool:
    error = data.get("error") if isinstance(data, dict) else None
    message = error.get("message") if isinstance(error, dict) else None
    return isinstance(message, str) and any(word in message.casefold() for word in words)
