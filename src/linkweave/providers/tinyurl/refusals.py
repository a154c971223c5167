"""TinyURL's refusals: `{"data": [], "code": 5, "errors": ["Alias is not available."]}`. The words are not shown."""

import re
from collections.abc import Iterable
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from linkweave.errors import (
    ConflictError,
    ForbiddenError,
    NotFoundError,
    QuotaExhaustedError,
    RejectedError,
    UnauthenticatedError,
    UnavailableError,
    VendorError,
)
from linkweave.providers.refusal_table import RefusalTable, code_at, explained, meaning, status_decides
from linkweave.providers.tinyurl.inferred import FIELD_WORDS, MISSING_WORDS, QUOTA_WORDS
from linkweave.transport.refusal import Refusal

_DENIED: Final = meaning(ForbiddenError, "the token lacks the permission for this, or the plan does not have it")
_REFUSED: Final = meaning(RejectedError, "does not accept a value")
_MISSING: Final = meaning(NotFoundError, "no such link")
_TAKEN: Final = re.compile(r"alias is not available", re.IGNORECASE)

# DOC for the lengths, FOUND for the characters.
_ALLOWED: Final = MappingProxyType(
    {"slug": "5 to 30 letters, digits, - and _ on a domain of TinyURL; one is enough on a domain of your own"}
)

# DOC. A missing permission is HTTP 405, and not 403.
_TABLE: Final = RefusalTable(
    code_at("code"),
    {
        "1": meaning(UnauthenticatedError, "does not know the token"),
        "2": meaning(RejectedError, "does not have this"),
        "3": meaning(ForbiddenError, "does not allow this"),
        "4": _DENIED,
        "5": _REFUSED,
        "6": _MISSING,
        "7": meaning(UnavailableError, "has an internal error"),
    },
    unknown=meaning(RejectedError, "refused the request"),
    success=frozenset({"0"}),
    by_status=MappingProxyType({405: _DENIED, 422: _REFUSED}),
)
# A quota has no code of its own.
_BY_WORDS: Final[frozenset[type[VendorError]]] = frozenset({ForbiddenError, RejectedError})


def classify(status: int, data: object) -> Refusal | None:
    """The refusal in an answer. 429 and server errors count by their status."""
    found = None if status_decides(status) else _TABLE(status, data)
    if found is None or found.kind not in _BY_WORDS:
        return found
    errors = data.get("errors") if isinstance(data, dict) else None
    return _by_words(found, [each for each in errors if isinstance(each, str)] if isinstance(errors, list) else [])


def classify_of_a_link(status: int, data: object) -> Refusal | None:
    """As `classify`, where the call has nothing but the name of a link: then that is what a 422 refuses."""
    found = classify(status, data)
    return _MISSING if found is not None and found.kind is RejectedError else found


def refusal_of_item(comment: str | None) -> Refusal:
    """The refusal of one item of a bulk job, of which only words tell the reason."""
    words = comment or ""
    return _MISSING if MISSING_WORDS.search(words) else _by_words(_REFUSED, [words])


def _by_words(found: Refusal, errors: Iterable[str]) -> Refusal:
    for words in errors:
        if _TAKEN.search(words):
            return replace(found, kind=ConflictError, message="the slug is taken", field="slug")
        if QUOTA_WORDS.search(words) and not _too_long(words):
            return replace(found, kind=QuotaExhaustedError, message="a quota of the plan is used up")
        field = next((name for pattern, name in FIELD_WORDS if pattern.search(words)), None)
        if field is not None and found.kind is RejectedError:
            return explained(replace(found, field=field), _ALLOWED)
    return found


def _too_long(words: str) -> bool:
    """Whether a limit is meant that is one of characters."""
    return "character" in words.lower()
