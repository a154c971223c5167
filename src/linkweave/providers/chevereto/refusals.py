"""Chevereto's error codes.

Every refusal is HTTP 400 with `{"status_code": 400, "error": {"message": …, "code": …}, "status_txt": …}`. The code is
Chevereto's own number, whatever HTTP status it looks like. The message is in the language of the site and may name its
folders. So it is read only where a code has two meanings.
"""

from types import MappingProxyType
from typing import Final

from linkweave.errors import (
    ConflictError,
    InvalidFileError,
    RateLimitedError,
    RejectedError,
    UnauthenticatedError,
    UnsupportedError,
)
from linkweave.providers.refusal_table import RefusalTable, code_at, meaning, status_decides
from linkweave.transport.refusal import Refusal

FLOOD_OR_EMPTY: Final = "130"
# INFERRED: the gateway never sends an empty source, nor base64 with GET. So a 130 in other words than these is taken
# for flood protection, whatever the language.
EMPTY_WORDS: Final = ("empty", "base64")

# FOUND in Chevereto's source and in reports about it. 100, 120, 130, 403 and 610 were seen on a real 4.2.0 server.
_TABLE: Final = RefusalTable(
    code_at("error", "code"),
    MappingProxyType(
        {
            "100": meaning(UnauthenticatedError, "does not know the API key"),
            "101": meaning(ConflictError, "has this file already"),
            "102": meaning(ConflictError, "has this file already"),
            "110": meaning(RejectedError, "does not know this version of the API"),
            "120": meaning(RejectedError, "does not know this action, or the base64 is invalid"),
            FLOOD_OR_EMPTY: meaning(RateLimitedError, "protects itself against too many uploads"),
            "200": meaning(RejectedError, "cannot store files at the moment"),
            "310": meaning(InvalidFileError, "says the file is too big"),
            "313": meaning(InvalidFileError, "says the file is too big"),
            "400": meaning(InvalidFileError, "refused the file: too big, no image, or at a URL that it does not fetch"),
            "401": meaning(UnauthenticatedError, "denied the request"),
            # Sites keep this for their administrators: for other keys, the API has no URL uploads.
            "403": meaning(UnsupportedError, "does not fetch files from URLs for this account"),
            "601": meaning(RejectedError, "received the file incompletely, or it is too big for the server"),
            "610": meaning(InvalidFileError, "cannot recognise the file"),
            "612": meaning(InvalidFileError, "does not accept files of this type"),
            "613": meaning(InvalidFileError, "cannot handle this image format"),
            "614": meaning(InvalidFileError, "has this image format turned off"),
            "620": meaning(RejectedError, "says the file is invalid"),
            "622": meaning(RejectedError, "says the URL of the image is invalid"),
        }
    ),
    unknown=meaning(RejectedError, "refused the upload"),
)
_EMPTY: Final = Refusal(RejectedError, "says there is nothing to upload", FLOOD_OR_EMPTY)


def classify(status: int, data: object) -> Refusal | None:
    """The refusal in an answer, whatever HTTP status it came with; HTTP 429 and 5xx say more than any code."""
    found = None if status_decides(status) else _TABLE(status, data)
    if found is not None and found.provider_code == FLOOD_OR_EMPTY and _says_empty(data):
        return _EMPTY
    return found


def _says_empty(data: object) -> bool:
    error = data.get("error") if isinstance(data, dict) else None
    message = error.get("message") if isinstance(error, dict) else None
    return isinstance(message, str) and any(word in message.casefold() for word in EMPTY_WORDS)
