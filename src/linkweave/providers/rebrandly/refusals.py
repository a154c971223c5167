"""Rebrandly's refusals by code. A refused value is HTTP 403, as is a missing right: the code alone tells (DOC)."""

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
)
from linkweave.providers.rebrandly.inferred import LIMIT_CODE
from linkweave.providers.refusal_table import RefusalTable, code_text, explained, meaning, status_decides
from linkweave.transport.refusal import Refusal

_OK: Final = range(200, 300)

# Of the inputs that a refusal may be about, the gateway's name.
_FIELDS: Final = MappingProxyType(
    {
        "slashtag": "slug",
        "destination": "destination",
        "title": "title",
        "description": "note",
        "favourite": "starred",
        "domain": "domain",
        "domain.id": "domain",
        "domain.fullName": "domain",
    }
)
# DOC.
_ALLOWED: Final = MappingProxyType(
    {
        "slug": "1 to 40 letters, digits, - and _; with some plans also emoji",
        "destination": "a URL of at most 2,048 characters",
        "title": "3 to 255 characters",
        "note": "3 to 2,000 characters",
    }
)
_VALUES: Final = MappingProxyType(
    {
        "InvalidFormat": "a value has a form that is not allowed",
        "RequiredField": "a value is missing",
        "InvalidLength": "a value has a length that is not allowed",
        "InvalidMinLength": "a value is too short",
        "InvalidMaxLength": "a value is too long",
        "OutOfRange": "a value is out of range",
        "PatternMismatch": "a value has a form that is not allowed",
        "PrefixMismatch": "a value begins with characters that are not allowed",
        "InvalidCharacter": "a value has characters that are not allowed",
        "InvalidEmailAddress": "a value is not an e-mail address",
        "MustBeLowerCase": "a value must be in lower case",
        "MustBeUpperCase": "a value must be in upper case",
        "BadRequest": "the request cannot be read",
    }
)


def _problem(data: object) -> dict[str, object]:
    """The part of an answer that has the code: the answer, or the first of its `errors` (FOUND)."""
    if not isinstance(data, dict):
        return {}
    inner = data.get("errors")
    first = inner[0] if isinstance(inner, list) and inner and isinstance(inner[0], dict) else {}
    return data if code_text(data.get("code")) is not None and "property" in data else {**data, **first}


def _code(data: object) -> str | None:
    return code_text(_problem(data).get("code"))


_TABLE: Final = RefusalTable(
    _code,
    MappingProxyType(
        {
            **{code: meaning(RejectedError, words) for code, words in _VALUES.items()},
            "AlreadyExists": meaning(ConflictError, "the name is taken"),
            "NotFound": meaning(NotFoundError, "no such thing in the workspace"),
            "Unauthorized": meaning(UnauthenticatedError, "does not know the API key, or not for this workspace"),
            LIMIT_CODE: meaning(QuotaExhaustedError, "a quota of the plan is used up"),
        }
    ),
    by_status=MappingProxyType({403: meaning(ForbiddenError, "the plan or the user's rights do not allow this")}),
)


def classify(status: int, data: object) -> Refusal | None:
    """The refusal, with the input field that it is about."""
    refusal = None if status in _OK or status_decides(status) else _TABLE(status, data)
    if refusal is None or refusal.kind not in {RejectedError, ConflictError}:
        return refusal
    field = _field(data)
    taken_slug = refusal.kind is ConflictError and field == "slug"
    if taken_slug:
        return replace(refusal, message="the slug is taken", field=field)
    return explained(replace(refusal, field=field), _ALLOWED)


def classify_new_link(status: int, data: object) -> Refusal | None:
    """As `classify`, for a new link: nothing but its domain can be missing."""
    refusal = classify(status, data)
    if refusal is None or refusal.kind is not NotFoundError or _field(data) != "domain":
        return refusal
    return replace(refusal, kind=RejectedError, message="the workspace does not have this domain", field="domain")


def _field(data: object) -> str | None:
    name = _problem(data).get("property")
    return _FIELDS.get(name) if isinstance(name, str) else None
