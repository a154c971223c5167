"""Short.io's refusals: by the HTTP status. Each endpoint writes the reason in its own way (DOC)."""

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
    RejectedError,
    UnauthenticatedError,
)
from linkweave.providers.refusal_table import code_text, explained, meaning, status_decides
from linkweave.providers.shortio.inferred import QUOTA_WORDS, TAKEN_WORDS
from linkweave.transport.refusal import Refusal

_OK: Final = range(200, 300)
_PAYMENT_REQUIRED: Final = 402

_BY_STATUS: Final[Mapping[int, Refusal]] = MappingProxyType(
    {
        400: meaning(RejectedError, "does not accept a value"),
        401: meaning(UnauthenticatedError, "does not know the API key"),
        _PAYMENT_REQUIRED: meaning(PlanRequiredError, "the plan does not have this"),
        403: meaning(ForbiddenError, "the API key may not use this domain"),
        404: meaning(NotFoundError, "no such link or domain"),
        409: meaning(ConflictError, "the slug is taken", "slug"),
    }
)
_QUOTA: Final = meaning(QuotaExhaustedError, "a quota of the plan is used up")
_REFUSED: Final = meaning(RejectedError, "refused the change")

# Of the inputs that a refusal may be about, the gateway's name.
_FIELDS: Final = MappingProxyType(
    {
        "path": "slug",
        "originalURL": "destination",
        "domain": "domain",
        "title": "title",
        "tags": "tags",
        "expiresAt": "expiry",
        "expiredURL": "expiry",
        "clicksLimit": "expiry",
        "password": "password",
        "iphoneURL": "device_targets",
        "androidURL": "device_targets",
        "splitURL": "variants",
        "splitPercent": "variants",
    }
)
# DOC. What a slug may be is not documented.
_ALLOWED: Final = MappingProxyType({"variants": "one, with 1 to 100 percent"})


def classify(status: int, data: object) -> Refusal | None:
    """The refusal in an answer. Short.io's words are not shown to callers."""
    if status_decides(status):
        return None
    body = data if isinstance(data, dict) else {}
    if status in _OK:
        return _by_body(body) if body.get("success") is False else None
    found = _BY_STATUS.get(status)
    return None if found is None else _detailed(found, body)


def classify_new_link(status: int, data: object) -> Refusal | None:
    """As `classify`, for new links: nothing but their domain can be missing."""
    found = classify(status, data)
    if found is None or found.kind is not NotFoundError:
        return found
    return replace(found, kind=RejectedError, message="the account does not have this domain", field="domain")


def item_refusal(item: Mapping[str, object]) -> Refusal:
    """The refusal of one item of a batch."""
    return _by_body(item)


def _by_body(body: Mapping[str, object]) -> Refusal:
    """A refusal without an HTTP status of its own: `statusCode` repeats it in some bodies (DOC)."""
    told = body.get("statusCode")
    found = _BY_STATUS.get(told) if isinstance(told, int) else None
    if found is None:
        found = _BY_STATUS[409] if any(each in _words(body) for each in TAKEN_WORDS) else _REFUSED
    return _detailed(found, body)


def _detailed(found: Refusal, body: Mapping[str, object]) -> Refusal:
    """The refusal with its code and the field that it is about."""
    name = body.get("field")
    field = _FIELDS.get(name, found.field) if isinstance(name, str) else found.field
    if found is _BY_STATUS[_PAYMENT_REQUIRED] and any(each in _words(body) for each in QUOTA_WORDS):
        found = _QUOTA
    return explained(replace(found, provider_code=code_text(body.get("code")), field=field), _ALLOWED)


def _words(body: Mapping[str, object]) -> str:
    """The message, in lower case: `message`, else `error` (DOC)."""
    words = body.get("message") or body.get("error")
    return words.lower() if isinstance(words, str) else ""
