"""PicSee's own error codes in our words."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

from linkweave.errors import (
    ConflictError,
    ForbiddenError,
    NotFoundError,
    PlanRequiredError,
    QuotaExhaustedError,
    RateLimitedError,
    RejectedError,
    UnavailableError,
    VendorError,
)
from linkweave.transport.refusal import Refusal

# The kind of error, the message to show, and the field at fault.
_Meaning: TypeAlias = tuple[type[VendorError], str, str | None]

# FOUND in PicSee's own client and older documents.
_OFFICIAL: Final[Mapping[str, _Meaning]] = MappingProxyType(
    {
        "PUB00201": (PlanRequiredError, "this needs PicSee's advanced plan", None),
        "PUB00503": (ConflictError, "the slug is already taken", "slug"),
        "PUB00510": (RejectedError, "the new destination belongs to another brand or origin", "destination"),
        "PUB00704": (RejectedError, "the link has been in the trash for more than 30 days", None),
        "PUB00706": (RejectedError, "a starred link cannot be deleted", None),
    }
)
# FOUND in one public client's table of messages. Only codes that say more than a plain refusal are here.
_REPORTED: Final[Mapping[str, _Meaning]] = MappingProxyType(
    {
        "PUB00001": (UnavailableError, "had an unexpected error", None),
        "PUB00005": (RateLimitedError, "was asked too often", None),
        "PUB00007": (QuotaExhaustedError, "the plan's short links are used up", None),
        "PUB00202": (RejectedError, "the destination counts as invalid or unsafe at PicSee", "destination"),
        "PUB00301": (NotFoundError, "PicSee has no such link", None),
        "PUB00504": (NotFoundError, "the link has been deleted", None),
        "PUB00508": (PlanRequiredError, "an expiry needs PicSee's add-on for it", "expiry"),
        "PUB00509": (RejectedError, "an expiry must lie in the future", "expiry"),
        "PUB00511": (ForbiddenError, "the link belongs to somebody else", None),
        "PUB00512": (RejectedError, "PicSee does not take this image", "preview"),
        "PUB00513": (RejectedError, "the link cannot have more tags", None),
        "PUB00701": (NotFoundError, "PicSee has no such link", None),
    }
)
# These statuses say more than a code that nobody knows; transport maps them.
_TELLING: Final = frozenset({401, 403, 404, 409, 429})
_CLIENT_ERRORS: Final = range(400, 500)
_PRESENTABLE = re.compile(r"[A-Za-z0-9_.-]{1,32}")


def classify(status: int, data: object) -> Refusal | None:
    """The refusal in `{"error": {"status", "code", "message"}}`; its message is not shown, as it may quote us."""
    code = _code(data)
    if code is None:
        return None
    known = _OFFICIAL.get(code) or _REPORTED.get(code)
    if known is not None:
        kind, message, field = known
        return Refusal(kind, message, code, field)
    if status in _CLIENT_ERRORS and status not in _TELLING:
        return Refusal(RejectedError, "PicSee refused this", code)
    return None


def drop_echo(data: object) -> object:
    """The answer without `meta`, which echoes the query with any token in it (FOUND)."""
    return {key: value for key, value in data.items() if key != "meta"} if isinstance(data, dict) else data


def _code(data: object) -> str | None:
    error = data.get("error") if isinstance(data, dict) else None
    code = error.get("code") if isinstance(error, dict) else None
    return code if isinstance(code, str) and _PRESENTABLE.fullmatch(code) else None
