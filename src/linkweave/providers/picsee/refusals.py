"""PicSee's own error codes in our words."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from linkweave.errors import ConflictError, PlanRequiredError, RejectedError, VendorError
from linkweave.transport.client import Refusal

# FOUND in PicSee's own client and older documents; no other codes are known.
_CODES: Final[Mapping[str, tuple[type[VendorError], str]]] = MappingProxyType(
    {
        "PUB00201": (PlanRequiredError, "this needs PicSee's advanced plan"),
        "PUB00503": (ConflictError, "the slug is already taken"),
        "PUB00510": (RejectedError, "the new destination belongs to another brand or origin"),
        "PUB00704": (RejectedError, "the link has been in the trash for more than 30 days"),
        "PUB00706": (RejectedError, "a starred link cannot be deleted"),
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
    if code in _CODES:
        kind, message = _CODES[code]
        return Refusal(kind, message, code)
    if status in _CLIENT_ERRORS and status not in _TELLING:
        return Refusal(RejectedError, "PicSee refused this", code)
    return None


def _code(data: object) -> str | None:
    error = data.get("error") if isinstance(data, dict) else None
    code = error.get("code") if isinstance(error, dict) else None
    return code if isinstance(code, str) and _PRESENTABLE.fullmatch(code) else None
