"""Chevereto's error codes in our words.

Every refusal is HTTP 400 with `{"status_code": 400, "error": {"message": …, "code": …}, "status_txt": …}`. The
code is Chevereto's own number, whatever HTTP status it looks like. The message is in the language of the site and
may name its files and folders: it is read where a code has two meanings, and never passed on.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from linkweave.errors import (
    ConflictError,
    InvalidFileError,
    RateLimitedError,
    RejectedError,
    UnauthenticatedError,
    UnsupportedError,
    VendorError,
)
from linkweave.transport.refusal import Refusal

# FOUND in Chevereto's source and in reports about it. 100, 120, 130, 403 and 610 were seen on a real 4.2.0 server.
CODES: Final[Mapping[int, tuple[type[VendorError], str]]] = MappingProxyType(
    {
        100: (UnauthenticatedError, "does not know the API key"),
        101: (ConflictError, "has this file already"),
        102: (ConflictError, "has this file already"),
        110: (RejectedError, "does not know this version of the API"),
        120: (RejectedError, "does not know this action, or the base64 is invalid"),
        200: (RejectedError, "cannot store files at the moment"),
        310: (InvalidFileError, "says the file is too big"),
        313: (InvalidFileError, "says the file is too big"),
        400: (InvalidFileError, "refused the file: too big, no image it accepts, or at a URL it does not fetch"),
        401: (UnauthenticatedError, "denied the request"),
        # Sites keep this for their administrators: for others, the API has no URL uploads.
        403: (UnsupportedError, "does not fetch files from URLs for this account"),
        601: (RejectedError, "received the file incompletely, or it is too big for the server"),
        610: (InvalidFileError, "cannot tell what the file is"),
        612: (InvalidFileError, "does not accept files of this type"),
        613: (InvalidFileError, "cannot handle this image format"),
        614: (InvalidFileError, "has this image format turned off"),
        620: (RejectedError, "says the file is invalid"),
        622: (RejectedError, "says the URL of the image is invalid"),
    }
)

FLOOD_OR_EMPTY: Final = 130
# INFERRED: the gateway never sends an empty source, nor base64 with GET. A 130 in words that are not these is
# therefore taken for flood protection, whatever language it is in.
EMPTY_WORDS: Final = ("empty", "base64")

_TOO_MANY: Final = 429
_SERVER_ERROR: Final = 500


def classify(status: int, data: object) -> Refusal | None:
    """Read the error in an answer, whatever HTTP status it came with; 429 and 5xx speak for themselves."""
    error = data.get("error") if isinstance(data, dict) else None
    if not isinstance(error, dict) or status == _TOO_MANY or status >= _SERVER_ERROR:
        return None
    code = error.get("code")
    if not isinstance(code, int) or isinstance(code, bool):
        return None
    if code == FLOOD_OR_EMPTY:
        return _flood_or_empty(error.get("message"))
    kind, message = CODES.get(code, (RejectedError, "refused the upload"))
    return Refusal(kind, message, str(code))


def _flood_or_empty(message: object) -> Refusal:
    if isinstance(message, str) and any(word in message.casefold() for word in EMPTY_WORDS):
        return Refusal(RejectedError, "says there is nothing to upload", str(FLOOD_OR_EMPTY))
    return Refusal(RateLimitedError, "protects itself against too many uploads", str(FLOOD_OR_EMPTY))
