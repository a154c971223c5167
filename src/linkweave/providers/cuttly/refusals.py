"""Cutt.ly's many ways of saying no, in our words.

The Team API says it in English texts, which arrive as HTTP 4xx with JSON or plain text, and also as a bare JSON
string with HTTP 200 (FOUND). The text is therefore what identifies a refusal, and is its provider code.
"""

from collections.abc import Mapping
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
    VendorError,
)
from linkweave.providers.cuttly.inferred import (
    ERROR_CODE_KEY,
    ERROR_TEXT_KEY,
    REFUSED_INPUT_STATUS,
    REGULAR_WRAPPER,
)
from linkweave.transport.refusal import NotJson, Refusal

PLAN_LACKS_IT: Final = "Insufficient subscription level"

# DOC, except the last two, which an older edition of the document had (FOUND). An answer may go on after them.
TEXTS: Final[Mapping[str, type[VendorError]]] = MappingProxyType(
    {
        "Unauthorized": UnauthenticatedError,
        # The key is good, and paying makes it work again: not the same as a wrong key.
        "Subscription has expired": PlanRequiredError,
        PLAN_LACKS_IT: PlanRequiredError,
        "Incorrect action": RejectedError,
        "Url parameter is null": RejectedError,
        "Incorrect date format": RejectedError,
        "This domain is not owned by the team": RejectedError,
        "Provided link is already shortened": RejectedError,
        "Provided link is incorrect": RejectedError,
        "Provided alias contains illegal characters": RejectedError,
        "Provided alias is unavailable": ConflictError,
        "Unique time must be between 15 - 1440 minutes": RejectedError,
        "You do not own provided domain": RejectedError,
        "You do not own any domain": RejectedError,
    }
)

# The field of our input that a text is about, where it is about one.
FIELDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "This domain is not owned by the team": "domain",
        "You do not own provided domain": "domain",
        "Provided link is already shortened": "destination",
        "Provided link is incorrect": "destination",
        "Provided alias contains illegal characters": "slug",
        "Provided alias is unavailable": "slug",
        "Unique time must be between 15 - 1440 minutes": "unique_window_minutes",
    }
)

# FOUND, of the Regular API: what `status` says there when a link is shortened. 7 is a yes.
REGULAR_STATUSES: Final[Mapping[int, Refusal]] = MappingProxyType(
    {
        0: Refusal(RejectedError, "failed for a reason it does not tell", "0"),
        1: Refusal(RejectedError, "says the link is already shortened", "1", "destination"),
        2: Refusal(RejectedError, "says this is not a link", "2", "destination"),
        3: Refusal(ConflictError, "says the alias is taken", "3", "slug"),
        4: Refusal(UnauthenticatedError, "says the API key is invalid", "4"),
        5: Refusal(RejectedError, "says the link has invalid characters", "5", "destination"),
        6: Refusal(RejectedError, "says the destination's domain is blocked", "6", "destination"),
        8: Refusal(QuotaExhaustedError, "says the monthly limit of links is reached", "8"),
    }
)

# DOC: what `status` says when a link is edited. 1 is a yes.
EDIT_STATUSES: Final[Mapping[int, Refusal]] = MappingProxyType(
    {
        2: Refusal(RejectedError, "could not save this", "2"),
        3: Refusal(NotFoundError, "does not know this link", "3"),
        4: Refusal(RejectedError, "says this is no valid URL", "4"),
    }
)

# The numbers that `action=edit` uses as well, for other things: only who knows the action can read them.
_AMBIGUOUS: Final = frozenset({1, 2, 3, 4})
_INVALID_KEY: Final = 2
_TOO_MANY: Final = 429
_SERVER_ERROR: Final = 500
_CLIENT_ERROR: Final = 400
_LONGEST_NUMBER: Final = 15
_BY_CODE: Final[Mapping[int, type[VendorError]]] = MappingProxyType(
    {401: UnauthenticatedError, 403: ForbiddenError, _TOO_MANY: RateLimitedError}
)


def classify(status: int, data: object) -> Refusal | None:
    """Read a no that means the same whatever the action was; HTTP 429 and 5xx speak for themselves."""
    if status == _TOO_MANY or status >= _SERVER_ERROR:
        return None
    refusal = _by_text(data)
    if refusal is None and isinstance(data, dict):
        refusal = _by_shape(data)
    if refusal is None and status == REFUSED_INPUT_STATUS:
        return Refusal(RejectedError, "refused without saying why", str(status))
    return refusal


def regular_refusal(data: object) -> Refusal | None:
    """The refusal in a status of the Regular API, `{"url": {"status": 8}}` or `{"status": 8}`."""
    inner = unwrapped(data)
    if isinstance(inner, dict) and "shortLink" in inner:
        # FOUND: an answer with a short link in it is a yes, whatever its status.
        return None
    status = status_of(data)
    return None if status is None else REGULAR_STATUSES.get(status)


def status_of(data: object) -> int | None:
    """The number in `{"status": 1}` or `{"url": {"status": 1}}`; None where there is none."""
    inner = unwrapped(data)
    return number(inner.get("status")) if isinstance(inner, dict) else None


def unwrapped(data: object) -> object:
    """An answer about a link without what it may be wrapped in: the Regular API wraps it, the Team API does not."""
    return data.get(REGULAR_WRAPPER, data) if isinstance(data, dict) else data


def number(value: object) -> int | None:
    """A whole number that PHP tells as a number or as a string of digits."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= _LONGEST_NUMBER:
        return int(value)
    return None


def _by_text(data: object) -> Refusal | None:
    said = data.text if isinstance(data, NotJson) else data
    said = said.get(ERROR_TEXT_KEY) if isinstance(said, dict) else said
    if not isinstance(said, str):
        return None
    words = said.strip().casefold()
    for text, kind in TEXTS.items():
        if words.startswith(text.casefold()):
            return Refusal(kind, f'says "{text}"', text, FIELDS.get(text))
    return None


def _by_shape(data: Mapping[str, object]) -> Refusal | None:
    stats = data.get("stats")
    if data.get("auth") is False:
        return Refusal(UnauthenticatedError, "does not know the API key", "auth:false")
    if isinstance(stats, dict) and number(stats.get("status")) == _INVALID_KEY:
        return Refusal(UnauthenticatedError, "says the API key is invalid", str(_INVALID_KEY))
    if stats is None and status_of(data) not in _AMBIGUOUS and (refusal := regular_refusal(data)):
        return refusal
    code = number(data.get(ERROR_CODE_KEY))
    if code is not None and code >= _CLIENT_ERROR:
        return Refusal(_BY_CODE.get(code, RejectedError), "refused in words that the gateway does not know", str(code))
    return None
