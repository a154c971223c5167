"""Shlink's refusals: problem details (RFC 9457) whose `type` is the code. The details are not shown."""

from dataclasses import replace
from types import MappingProxyType
from typing import Final

from linkweave.errors import ConflictError, ForbiddenError, NotFoundError, RejectedError, UnauthenticatedError
from linkweave.providers.refusal_table import RefusalTable, code_text, explained, meaning
from linkweave.providers.shlink.inferred import INPUT_FIELDS
from linkweave.transport.refusal import Refusal

_PREFIX: Final = "https://shlink.io/api/error/"
_INVALID_DATA: Final = "invalid-data"
# DOC. What a slug may be is not documented.
_ALLOWED: Final = MappingProxyType({"expiry": "a day from today on, and 1 click or more"})


def find_code(data: object) -> str | None:
    """The last part of `type`."""
    kind = data.get("type") if isinstance(data, dict) else None
    return code_text(kind.removeprefix(_PREFIX)) if isinstance(kind, str) and kind.startswith(_PREFIX) else None


# DOC, all of them.
_TABLE: Final = RefusalTable(
    find_code,
    MappingProxyType(
        {
            "missing-authentication": meaning(UnauthenticatedError, "got no API key"),
            "invalid-api-key": meaning(UnauthenticatedError, "does not know the API key"),
            "short-url-not-found": meaning(NotFoundError, "no such link"),
            "tag-not-found": meaning(NotFoundError, "no such tag"),
            "domain-not-found": meaning(NotFoundError, "no such domain", "domain"),
            "non-unique-slug": meaning(ConflictError, "the slug is taken", "slug"),
            _INVALID_DATA: meaning(RejectedError, "a value is invalid"),
            "invalid-short-url-deletion": meaning(RejectedError, "the link has too many visits to be deleted"),
            "forbidden-tag-operation": meaning(ForbiddenError, "does not allow this key to change tags"),
            "tag-conflict": meaning(ConflictError, "a tag of this name exists already"),
        }
    ),
)


def classify(status: int, data: object) -> Refusal | None:
    """The refusal in an answer. Of invalid data, the field is named where it is one."""
    refusal = _TABLE(status, data)
    if refusal is None or refusal.provider_code != _INVALID_DATA or not isinstance(data, dict):
        return refusal
    names = data.get("invalidElements")
    fields = {INPUT_FIELDS.get(name) for name in names if isinstance(name, str)} if isinstance(names, list) else set()
    return explained(replace(refusal, field=fields.pop()), _ALLOWED) if len(fields) == 1 else refusal
