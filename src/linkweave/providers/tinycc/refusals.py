"""The vendor's error codes. The code in `error` decides, whatever the HTTP status (DOC).

The vendor's messages are not shown. They are a third party's text, and the document gives each code a meaning. The
details of an item are shown where they are harmless words.
"""

from dataclasses import replace
from types import MappingProxyType
from typing import Final

from linkweave.errors import (
    ConflictError,
    ForbiddenError,
    NotFoundError,
    QuotaExhaustedError,
    RateLimitedError,
    RejectedError,
    UnauthenticatedError,
    UnavailableError,
)
from linkweave.providers.refusal_table import RefusalTable, code_at, harmless_words, meaning
from linkweave.transport.refusal import Refusal

# Codes and meanings: DOC, "Error Codes". The field is named where the meaning leaves no choice.
_TABLE: Final = RefusalTable(
    code_at("error", "code"),
    MappingProxyType(
        {
            "101": meaning(RejectedError, "unknown error"),
            "1102": meaning(UnauthenticatedError, "invalid username"),
            "1204": meaning(NotFoundError, "not a valid short URL hash"),
            "1206": meaning(
                RejectedError, "the destination is invalid; allowed: a URL of at most 2,048 characters", "destination"
            ),
            "1215": meaning(ConflictError, "the short URL is not correct or exists already", "slug"),
            "1216": meaning(RejectedError, "the destination is not allowed", "destination"),
            "1217": meaning(ForbiddenError, "access denied"),
            "1218": meaning(RejectedError, "the slug is not correct; allowed: at most 25 characters", "slug"),
            # A certain refusal, other than a server error, after which a write may have happened.
            "1219": meaning(RateLimitedError, "the target server is on cooldown"),
            "1220": meaning(QuotaExhaustedError, "the limit of URLs has been reached"),
            "1221": meaning(RejectedError, "more items than a batch may have"),
            "1300": meaning(UnauthenticatedError, "invalid API key"),
            "1301": meaning(NotFoundError, "invalid resource"),
            "1302": meaning(RejectedError, "method not supported"),
            "1303": meaning(QuotaExhaustedError, "the limit of API calls has been reached"),
            "1305": meaning(RejectedError, "missing input parameters"),
            "1306": meaning(NotFoundError, "URL not found"),
            "1307": meaning(RejectedError, "wrong number of input parameters"),
            "1308": meaning(RejectedError, "HTTP error"),
            "1309": meaning(NotFoundError, "tag not found"),
            "1310": meaning(RejectedError, "too much data"),
            "1311": meaning(RejectedError, "invalid or duplicate tag label"),
            "1312": meaning(RejectedError, "invalid date", "expiry"),
            "1313": meaning(NotFoundError, "domain not found", "domain"),
            "1314": meaning(RejectedError, "invalid webhook parameter"),
        }
    ),
    unknown=meaning(RejectedError, "refused with a code that its document does not list"),
    success=frozenset({"0"}),
)

# These two say only that something broke. With a server error, it is the vendor that broke.
_BREAKDOWNS: Final = MappingProxyType(
    {
        "101": Refusal(UnavailableError, "unknown error", "101"),
        "1308": Refusal(UnavailableError, "HTTP error", "1308"),
    }
)
_SERVER_ERROR: Final = 500
_OK: Final = 200


def classify(status: int, data: object) -> Refusal | None:
    """The refusal in an answer; None for a good answer, and where only the HTTP status tells."""
    found = _TABLE(status, data)
    if found is not None and status >= _SERVER_ERROR:
        return _BREAKDOWNS.get(found.provider_code or "", found)
    return found


def item_refusal(item: object) -> Refusal | None:
    """The refusal of one item of a batch, inside an answer that is good as a whole (DOC).

    Its `details` are shown: they alone tell what is wrong with the item.
    """
    refusal = _TABLE(_OK, item)
    error = item.get("error") if refusal is not None and isinstance(item, dict) else None
    details = error.get("details") if isinstance(error, dict) else None
    words = harmless_words(details) if isinstance(details, str) else ""
    return replace(refusal, message=f'{refusal.message}: "{words}"') if refusal is not None and words else refusal
