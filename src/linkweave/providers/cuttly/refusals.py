"""Cutt.ly's refusals.

The Team API refuses in English texts, which arrive as HTTP 4xx with JSON or plain text, and also as a bare JSON string
with HTTP 200 (FOUND). The text identifies a refusal, and is its provider code.
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
from linkweave.providers.cuttly.inferred import ERROR_CODE_KEY, ERROR_TEXT_KEY, REFUSED_INPUT_STATUS, REGULAR_WRAPPER
from linkweave.providers.refusal_table import status_decides
from linkweave.transport.refusal import NotJson, Refusal

PLAN_LACKS_IT: Final = "Insufficient subscription level"

# The kind of error of each text, and the field that it is about. An answer may go on after the text. The last two are
# FOUND: an older edition of the document had them. The others are DOC.
_TEXTS: Final[Mapping[str, tuple[type[VendorError], str | None]]] = MappingProxyType(
    {
        "Unauthorized": (UnauthenticatedError, None),
        # The key is right, and paying makes it work again.
        "Subscription has expired": (PlanRequiredError, None),
        PLAN_LACKS_IT: (PlanRequiredError, None),
        "Incorrect action": (RejectedError, None),
        "Url parameter is null": (RejectedError, None),
        "Incorrect date format": (RejectedError, None),
        "This domain is not owned by the team": (RejectedError, "domain"),
        "Provided link is already shortened": (RejectedError, "destination"),
        "Provided link is incorrect": (RejectedError, "destination"),
        "Provided alias contains illegal characters": (RejectedError, "slug"),
        "Provided alias is unavailable": (ConflictError, "slug"),
        "Unique time must be between 15 - 1440 minutes": (RejectedError, "unique_window_minutes"),
        "You do not own provided domain": (RejectedError, "domain"),
        "You do not own any domain": (RejectedError, None),
    }
)

# FOUND, of the Regular API: values of `status` when a link is shortened. 7 is a success.
_REGULAR_STATUSES: Final[Mapping[int, Refusal]] = MappingProxyType(
    {
        0: Refusal(RejectedError, "failed without a reason", "0"),
        1: Refusal(RejectedError, "says the link is already shortened", "1", "destination"),
        2: Refusal(RejectedError, "says this is not a link", "2", "destination"),
        3: Refusal(ConflictError, "says the alias is taken", "3", "slug"),
        4: Refusal(UnauthenticatedError, "says the API key is invalid", "4"),
        5: Refusal(RejectedError, "says the link has invalid characters", "5", "destination"),
        6: Refusal(RejectedError, "says the destination's domain is blocked", "6", "destination"),
        8: Refusal(QuotaExhaustedError, "says the monthly limit of links is reached", "8"),
    }
)

# DOC: values of `status` when a link is edited. 1 is a success.
EDIT_STATUSES: Final[Mapping[int, Refusal]] = MappingProxyType(
    {
        2: Refusal(RejectedError, "could not save this", "2"),
        3: Refusal(NotFoundError, "does not know this link", "3"),
        4: Refusal(RejectedError, "says this is no valid URL", "4"),
    }
)

# An edit uses these numbers with other meanings, so they depend on the action.
_AMBIGUOUS: Final = frozenset({1, 2, 3, 4})
_INVALID_KEY: Final = 2
_CLIENT_ERROR: Final = 400
_MAX_DIGITS: Final = 15
_BY_CODE: Final[Mapping[int, type[VendorError]]] = MappingProxyType(
    {401: UnauthenticatedError, 403: ForbiddenError, 429: RateLimitedError}
)


def classify(status: int, data: object) -> Refusal | None:
    """The refusal that an answer means whatever the action was; HTTP 429 and 5xx say more than any text."""
    if status_decides(status):
        return None
    refusal = _by_text(data)
    if refusal is None and isinstance(data, dict):
        refusal = _by_shape(data)
    if refusal is None and status == REFUSED_INPUT_STATUS:
        return Refusal(RejectedError, "refused without a reason", str(status))
    return refusal


def regular_refusal(data: object) -> Refusal | None:
    """The refusal in a status of the Regular API, `{"url": {"status": 8}}` or `{"status": 8}`."""
    inner = unwrapped(data)
    if isinstance(inner, dict) and "shortLink" in inner:
        # FOUND: an answer with a short link is a success, whatever its status.
        return None
    status = status_of(data)
    return None if status is None else _REGULAR_STATUSES.get(status)


def status_of(data: object) -> int | None:
    """The number in `{"status": 1}` or `{"url": {"status": 1}}`; None where there is none."""
    inner = unwrapped(data)
    return whole_number(inner.get("status")) if isinstance(inner, dict) else None


def unwrapped(data: object) -> object:
    """An answer about a link without its wrapper: the Regular API wraps it, the Team API does not."""
    return data.get(REGULAR_WRAPPER, data) if isinstance(data, dict) else data


def whole_number(value: object) -> int | None:
    """A whole number, which PHP sends as a number or as a string of digits; None for other values."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= _MAX_DIGITS:
        return int(value)
    return None


def _by_text(data: object) -> Refusal | None:
    text = data.text if isinstance(data, NotJson) else data
    text = text.get(ERROR_TEXT_KEY) if isinstance(text, dict) else text
    if not isinstance(text, str):
        return None
    words = text.strip().casefold()
    for known, (kind, input_field) in _TEXTS.items():
        if words.startswith(known.casefold()):
            return Refusal(kind, f'says "{known}"', known, input_field)
    return None


def _by_shape(data: Mapping[str, object]) -> Refusal | None:
    stats = data.get("stats")
    if data.get("auth") is False:
        return Refusal(UnauthenticatedError, "does not know the API key", "auth:false")
    if isinstance(stats, dict) and whole_number(stats.get("status")) == _INVALID_KEY:
        return Refusal(UnauthenticatedError, "says the API key is invalid", str(_INVALID_KEY))
    if stats is None and status_of(data) not in _AMBIGUOUS and (refusal := regular_refusal(data)):
        return refusal
    code = whole_number(data.get(ERROR_CODE_KEY))
    if code is not None and code >= _CLIENT_ERROR:
        return Refusal(
            _BY_CODE.get(code, RejectedError), "refused with a code that its document does not list", str(code)
        )
    return None
