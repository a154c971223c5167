"""Bitly's refusals: `{"message": "INVALID_ARG_LONG_URL", "description": …}`. The message is the code (DOC).

HTTP 403 is a dead token, a link of somebody else, another group and, in older answers, too many calls (FOUND).
"""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from linkweave.errors import (
    ConflictError,
    ForbiddenError,
    NotFoundError,
    PlanRequiredError,
    QuotaExhaustedError,
    RateLimitedError,
    RejectedError,
    UnauthenticatedError,
)
from linkweave.providers.bitly.inferred import LIMIT_EXCEEDED, MONTHLY
from linkweave.providers.refusal_table import RefusalTable, code_at, explained, meaning
from linkweave.transport.refusal import Refusal

_SERVER_ERROR: Final = 500
_OK: Final = range(200, 300)
_UNDELETABLE: Final = "deletes only links that were never changed and have no custom back-half; archive this one"

_DEAD_TOKEN: Final = meaning(UnauthenticatedError, "does not accept the token")
_FOREIGN: Final = meaning(ForbiddenError, "does not accept the token, or not for this group or link")
_PLAN: Final = meaning(PlanRequiredError, "the plan does not include this")
_MISSING: Final = meaning(NotFoundError, "no such link or group")
_BLOCKED: Final = meaning(RejectedError, "cannot reach the destination, or blocks it", "destination")
_TAKEN: Final = meaning(ConflictError, "the slug is taken", "slug")
_USED_UP: Final = meaning(QuotaExhaustedError, "a quota of the month is used up")

# The inputs that a code may be about, under the gateway's names.
_FIELDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "LONG_URL": "destination",
        "DOMAIN": "domain",
        "TITLE": "title",
        "TAGS": "tags",
        "KEYWORD": "slug",
        "CUSTOM_BITLINK": "slug",
        "EXPIRATION_AT": "expiry",
    }
)
_ALLOWED: Final = MappingProxyType({"expiry": "5 minutes to one year ahead"})
"""DOC. What a back-half may be is not documented."""
_INVALID: Final = "INVALID_ARG_"
_LACKING: Final = "MISSING_ARG_"

_find_code = code_at("message")
_TABLE: Final = RefusalTable(
    _find_code,
    MappingProxyType(
        {
            "UNAUTHORIZED": _DEAD_TOKEN,
            "FORBIDDEN": _FOREIGN,
            "UPGRADE_REQUIRED": _PLAN,
            "NOT_FOUND": _MISSING,
            "GONE": _MISSING,
            "CONFLICT": _TAKEN,
            "KEYWORD_ALREADY_EXISTS": _TAKEN,
            "RATE_LIMIT_EXCEEDED": meaning(RateLimitedError, "too many calls"),
            "ALREADY_A_BITLY_LINK": meaning(RejectedError, "the destination is a short link of Bitly", "destination"),
            "EXPECTATION_FAILED": _BLOCKED,
            "DNS_CONFIGURATION_ERROR": _BLOCKED,
            "UNPROCESSABLE_ENTITY": meaning(RejectedError, "the request cannot be read"),
        }
    ),
    by_status=MappingProxyType({402: _PLAN, 403: _FOREIGN, 409: _TAKEN, 410: _MISSING, 417: _BLOCKED}),
)


def classify(status: int, data: object) -> Refusal | None:
    """The refusal: by its code, else by the status. A code of a used-up quota counts under any status."""
    if status in _OK or status >= _SERVER_ERROR:
        return None
    code = _find_code(data)
    if code is not None and MONTHLY in code and code.endswith(LIMIT_EXCEEDED):
        return replace(_USED_UP, provider_code=code)
    for start, words in ((_INVALID, "a value is invalid"), (_LACKING, "a value is missing")):
        if code is not None and code.startswith(start):
            return explained(Refusal(RejectedError, words, code, _FIELDS.get(code.removeprefix(start))), _ALLOWED)
    return _TABLE(status, data)


def classify_of_the_user(status: int, data: object) -> Refusal | None:
    """As `classify`, for calls that name nothing: what they are refused is the token."""
    return _but(_FOREIGN, _DEAD_TOKEN, classify(status, data))


def classify_of_a_link(status: int, data: object) -> Refusal | None:
    """As `classify`, for calls that name a link: it may be somebody else's."""
    return _but(_FOREIGN, meaning(NotFoundError, "no such link"), classify(status, data))


def classify_delete(status: int, data: object) -> Refusal | None:
    """As `classify`, for a delete. How Bitly refuses one is not documented."""
    refusal = classify(status, data)
    if refusal is None or refusal.kind not in {RejectedError, ForbiddenError, ConflictError}:
        return refusal
    return replace(refusal, kind=RejectedError, message=_UNDELETABLE, field=None)


def _but(known: Refusal, other: Refusal, refusal: Refusal | None) -> Refusal | None:
    if refusal is None or refusal.kind is not known.kind:
        return refusal
    return replace(other, provider_code=refusal.provider_code)
