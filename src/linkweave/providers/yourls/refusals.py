"""How a YOURLS site refuses: by `code`, else by `errorCode` or `statusCode`, whatever HTTP status it comes with.

Version 1.8 answers a taken slug or URL with HTTP 200 (FOUND). The site's messages are not shown: one may be the
database's own.
"""

from types import MappingProxyType
from typing import Final

from linkweave.errors import ConflictError, NotFoundError, RejectedError, UnauthenticatedError, UnavailableError
from linkweave.providers.refusal_table import RefusalTable, code_text, meaning, status_decides
from linkweave.transport.refusal import Refusal, refusal_by_status

URL_EXISTS: Final = "error:url"

_SLUG_TAKEN: Final = (
    "the slug is taken, reserved, or has no character that the site uses: small letters and digits; "
    "capitals, - and _ where its settings have them"
)


def find_code(data: object) -> str | None:
    """The code of an answer. Codes are "" in a good answer, and numbers are text since 1.10 (FOUND)."""
    if not isinstance(data, dict):
        return None
    named = (code_text(data.get(key)) for key in ("code", "errorCode", "statusCode"))
    return next((code for code in named if code is not None), None)


# FOUND, all of them.
_TABLE: Final = RefusalTable(
    find_code,
    MappingProxyType(
        {
            "error:keyword": meaning(ConflictError, _SLUG_TAKEN, "slug"),
            URL_EXISTS: meaning(ConflictError, "has a link to this destination already", "destination"),
            "error:nourl": meaning(RejectedError, "the destination is missing or malformed", "destination"),
            "error:noloop": meaning(RejectedError, "the destination is a short URL of the site", "destination"),
            "error:db": meaning(UnavailableError, "its database failed"),
            "error:concurrency": meaning(UnavailableError, "its database failed"),
            "400": meaning(RejectedError, "does not know this call"),
            "403": meaning(UnauthenticatedError, "does not know the credentials"),
            "404": meaning(NotFoundError, "no such link"),
        }
    ),
    unknown=meaning(RejectedError, "refused with a code that is not documented"),
    success=frozenset({"200"}),
    by_status=MappingProxyType({403: meaning(UnauthenticatedError, "does not know the credentials")}),
)


def classify(status: int, data: object) -> Refusal | None:
    """The refusal in an answer; HTTP 429 and 5xx say more than any code."""
    return None if status_decides(status) else _TABLE(status, data)


def classify_new_link(status: int, data: object) -> Refusal | None:
    """As `classify`; that the destination has a link is no refusal where the answer has this link."""
    refusal = classify(status, data)
    if refusal is not None and refusal.provider_code == URL_EXISTS and isinstance(data, dict) and data.get("shorturl"):
        return None
    return refusal or refusal_by_status(status)
