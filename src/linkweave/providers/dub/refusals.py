"""Dub's refusals: `{"error": {"code": "not_found", "message": …}}`. Its messages are not shown to callers."""

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
    UnavailableError,
)
from linkweave.providers.dub.inferred import PLAN_WORDS, QUOTA_WORDS
from linkweave.providers.refusal_table import RefusalTable, code_at, explained, meaning, status_decides
from linkweave.transport.refusal import Refusal

UNAUTHORIZED: Final = "unauthorized"

# DOC and FOUND.
_TABLE: Final = RefusalTable(
    code_at("error", "code"),
    {
        "bad_request": meaning(RejectedError, "does not accept the request"),
        UNAUTHORIZED: meaning(UnauthenticatedError, "does not know the token"),
        "forbidden": meaning(ForbiddenError, "does not allow this"),
        "exceeded_limit": meaning(QuotaExhaustedError, "a limit of the plan is used up"),
        "not_found": meaning(NotFoundError, "no such thing"),
        "conflict": meaning(ConflictError, "it exists already"),
        "unprocessable_entity": meaning(RejectedError, "does not accept a value"),
        "rate_limit_exceeded": meaning(RateLimitedError, "too many calls"),
        "internal_server_error": meaning(UnavailableError, "has an internal error"),
    },
)

# FOUND: beginnings of messages, in lower case, that name the field at fault.
_FIELDS: Final = (
    ("duplicate key", "slug"),
    ("invalid key", "slug"),
    ("invalid destination url", "destination"),
    ("missing destination url", "destination"),
)

# DOC for the lengths, FOUND for the characters.
_ALLOWED: Final = MappingProxyType(
    {
        "slug": "at most 190 letters, digits, - . / and _, which is not the first",
        "destination": "a URL of at most 32,000 characters",
    }
)

_FOREIGN_DOMAIN: Final = "domain does not belong"


def classify(status: int, data: object) -> Refusal | None:
    """The refusal in an answer. 429 and server errors count by their status."""
    if status_decides(status):
        return None
    found = _TABLE(status, data)
    return None if found is None else _by_words(found, data)


def classify_of_a_link(status: int, data: object) -> Refusal | None:
    """As `classify`, where the call names a link: 401 may also mean that another workspace has it (FOUND)."""
    found = classify(status, data)
    if found is not None and found.provider_code == UNAUTHORIZED:
        return replace(found, kind=NotFoundError, message="no such link")
    return found


def item_refusal(item: object) -> Refusal:
    """The refusal of one item of a batch, which has `code` and `error`."""
    data = item if isinstance(item, dict) else {}
    error = {"code": data.get("code"), "message": data.get("error")}
    return classify(200, {"error": error}) or Refusal(RejectedError, "refused the link")


def _by_words(found: Refusal, data: object) -> Refusal:
    """The refusal with what its message alone tells: a plan, a quota, or a field."""
    error = data.get("error") if isinstance(data, dict) else None
    message = error.get("message") if isinstance(error, dict) else None
    words = message.lower() if isinstance(message, str) else ""
    if found.kind is ForbiddenError and any(each in words for each in QUOTA_WORDS):
        return replace(found, kind=QuotaExhaustedError, message="a quota of the plan is used up")
    if found.kind is ForbiddenError and any(each in words for each in PLAN_WORDS):
        return replace(found, kind=PlanRequiredError, message="the plan does not have this")
    if found.kind is ForbiddenError and words.startswith(_FOREIGN_DOMAIN):
        return replace(found, kind=RejectedError, message="the workspace does not have this domain", field="domain")
    field = next((name for start, name in _FIELDS if words.startswith(start)), None)
    return found if field is None else explained(replace(found, field=field), _ALLOWED)
