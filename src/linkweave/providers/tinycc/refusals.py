"""The vendor's way of saying no: the code in `error` decides, whatever the HTTP status (DOC).

Its own messages are not repeated: they are text of a third party, and the document gives each code a meaning.
"""

from collections.abc import Mapping
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
    VendorError,
)
from linkweave.transport.refusal import Refusal

# Codes and meanings: DOC, "Error Codes". Kinds: the table *Failures* of the gateway.
_REFUSALS: Final[Mapping[int, tuple[type[VendorError], str]]] = MappingProxyType(
    {
        101: (RejectedError, "unknown error"),
        1102: (UnauthenticatedError, "invalid username"),
        1204: (NotFoundError, "not a valid short URL hash"),
        1206: (RejectedError, "the destination is invalid"),
        1215: (ConflictError, "the short URL is not correct or exists already"),
        1216: (RejectedError, "the destination is not allowed"),
        1217: (ForbiddenError, "access denied"),
        1218: (RejectedError, "the short URL is not correct"),
        # A refusal for certain: of a server that is down nobody knows what it did.
        1219: (RateLimitedError, "the target server is on cooldown"),
        1220: (QuotaExhaustedError, "the limit of URLs has been reached"),
        1221: (RejectedError, "more items than a batch may have"),
        1300: (UnauthenticatedError, "invalid API key"),
        1301: (NotFoundError, "invalid resource"),
        1302: (RejectedError, "method not supported"),
        1303: (QuotaExhaustedError, "the limit of API calls has been reached"),
        1305: (RejectedError, "missing input parameters"),
        1306: (NotFoundError, "URL not found"),
        1307: (RejectedError, "wrong number of input parameters"),
        1308: (RejectedError, "HTTP error"),
        1309: (NotFoundError, "tag not found"),
        1310: (RejectedError, "too much data"),
        1311: (RejectedError, "invalid or duplicate tag label"),
        1312: (RejectedError, "invalid date"),
        1313: (NotFoundError, "domain not found"),
        1314: (RejectedError, "invalid webhook parameter"),
    },
)
# What of an input a code is about, where the vendor's meaning leaves no choice.
_FIELDS: Final[Mapping[int, str]] = MappingProxyType(
    {
        1206: "destination",
        1215: "slug",
        1216: "destination",
        1218: "slug",
        1312: "expiry",
        1313: "domain",
    },
)
_UNKNOWN: Final = (RejectedError, "refused with a code that its document does not list")

# These two say nothing but that something broke: with a server error, it is the vendor that is broken.
_BREAKDOWNS: Final = frozenset({101, 1308})
_SERVER_ERROR: Final = 500
_OK: Final = 200
_MAX_DIGITS: Final = 9


def classify(status: int, data: object) -> Refusal | None:
    """The refusal in an answer; None for a yes, and where only the HTTP status tells."""
    code = _code(data)
    if not code:
        return None
    kind, meaning = _REFUSALS.get(code, _UNKNOWN)
    if code in _BREAKDOWNS and status >= _SERVER_ERROR:
        kind = UnavailableError
    return Refusal(kind, meaning, str(code), _FIELDS.get(code))


def item_error(item: Mapping[str, object], account: str, operation: str) -> VendorError | None:
    """The refusal of one item of a batch, which has its own inside an answer that says yes (DOC)."""
    refusal = classify(_OK, item)
    if refusal is None:
        return None
    return refusal.kind(
        f"{account}: {refusal.message} ({operation})",
        account=account,
        operation=operation,
        provider_code=refusal.provider_code,
        field=refusal.field,
    )


def no_such_link(account: str, operation: str) -> NotFoundError:
    """A link that the vendor does not have, or that no vendor could: then it is not asked."""
    return NotFoundError(f"{account}: no such link ({operation})", account=account, operation=operation)


def _code(data: object) -> int | None:
    error = data.get("error") if isinstance(data, dict) else None
    code = error.get("code") if isinstance(error, dict) else None
    if isinstance(code, str) and code.isascii() and code.isdecimal() and len(code) <= _MAX_DIGITS:
        return int(code)
    return code if isinstance(code, int) and not isinstance(code, bool) else None
