"""PicSee's error codes, in `{"error": {"status", "code", "message"}}`.

Its messages are not shown, because they may quote the input.
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
    UnavailableError,
)
from linkweave.providers.picsee.refused_fields import refused_field
from linkweave.providers.refusal_table import RefusalTable, code_at, meaning
from linkweave.transport.refusal import Classify, Refusal, refusal_by_status

_CODE: Final = code_at("error", "code")
_CLIENT_ERRORS: Final = range(400, 500)

# FOUND in PicSee's own client and older documents.
_OFFICIAL: Final = {
    "PUB00201": meaning(PlanRequiredError, "this needs PicSee's advanced plan"),
    "PUB00503": meaning(ConflictError, "the slug is already taken", "slug"),
    "PUB00510": meaning(RejectedError, "the new destination belongs to another brand or origin", "destination"),
    "PUB00704": meaning(RejectedError, "the link has been in the trash for more than 30 days"),
    "PUB00706": meaning(RejectedError, "a starred link cannot be deleted"),
}
# FOUND in one public client's table of messages. Only codes that say more than a plain refusal are here.
_REPORTED: Final = {
    "PUB00001": meaning(UnavailableError, "had an unexpected error"),
    "PUB00005": meaning(RateLimitedError, "received too many calls"),
    "PUB00007": meaning(QuotaExhaustedError, "the plan's short links are used up"),
    "PUB00202": meaning(RejectedError, "the destination counts as invalid or unsafe at PicSee", "destination"),
    "PUB00301": meaning(NotFoundError, "PicSee has no such link"),
    "PUB00504": meaning(NotFoundError, "the link has been deleted"),
    "PUB00508": meaning(PlanRequiredError, "an expiry needs PicSee's add-on for it", "expiry"),
    "PUB00509": meaning(RejectedError, "an expiry must lie in the future", "expiry"),
    "PUB00511": meaning(ForbiddenError, "the link belongs to another account"),
    "PUB00512": meaning(RejectedError, "PicSee does not take this image", "preview"),
    "PUB00513": meaning(RejectedError, "the link cannot have more tags", "tags"),
    "PUB00701": meaning(NotFoundError, "PicSee has no such link"),
    "PUB01001": meaning(RejectedError, "PicSee does not take this web address", "destination"),
}
_TABLE: Final = RefusalTable(_CODE, MappingProxyType(_OFFICIAL | _REPORTED))


def classify(status: int, data: object) -> Refusal | None:
    """The refusal in an answer. An unknown code goes with the meaning of the HTTP status, and keeps its number."""
    found = _TABLE(status, data)
    if found is not None or status not in _CLIENT_ERRORS:
        return found
    usual = refusal_by_status(status)
    if usual is None:
        return None
    usual = replace(usual, provider_code=_CODE(data))
    at_fault = refused_field(data) if usual.kind is RejectedError else None
    if at_fault is None:
        return usual
    return replace(usual, message=f"PicSee does not take this; allowed: {at_fault.allowed}", field=at_fault.name)


def classify_by_input(names: Mapping[str, str]) -> Classify:
    """As `classify`, for an input that has other names for some fields."""

    def classify_renamed(status: int, data: object) -> Refusal | None:
        found = classify(status, data)
        if found is None or found.field is None:
            return found
        return replace(found, field=names.get(found.field, found.field))

    return classify_renamed


def drop_echo(data: object) -> object:
    """The answer without `meta`, which echoes the query with any token in it (FOUND)."""
    return {key: value for key, value in data.items() if key != "meta"} if isinstance(data, dict) else data
