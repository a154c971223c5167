"""A vendor's no, in the gateway's words."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from linkweave.errors import (
    BadResponseError,
    ConflictError,
    ForbiddenError,
    NotFoundError,
    RateLimitedError,
    RejectedError,
    UnauthenticatedError,
    UnavailableError,
    VendorError,
)

_SERVER_ERROR: Final = 500
_OK: Final = range(200, 300)
_REDIRECTION: Final = range(300, 400)


@dataclass(frozen=True, slots=True)
class NotJson:
    """A body that is not JSON, as text, because some vendors answer in plain words."""

    text: str


@dataclass(frozen=True, slots=True)
class NoContent:
    """The content of an answer with HTTP 204, which has none."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an answer is not a good one.

    Attributes:
        kind: the error that the client will raise.
        message: safe to show.
        provider_code: the vendor's own code.
        field: the field of the input at fault, in snake case, where the vendor says so.
        unseen: whether the call certainly did not reach the vendor, so that a write was not made.
    """

    kind: type[VendorError]
    message: str
    provider_code: str | None = None
    field: str | None = None
    unseen: bool = False


# Reads a vendor's own way to refuse: (HTTP status, decoded body) → refusal. None for a good answer, and where the HTTP
# status alone tells.
Classify: TypeAlias = Callable[[int, object], Refusal | None]


def refusal_by_status(status: int) -> Refusal | None:
    """What an HTTP status alone says; None for a good answer."""
    if status in _OK:
        return None
    if status >= _SERVER_ERROR:
        return Refusal(UnavailableError, f"answered HTTP {status}")
    kinds: dict[int, type[VendorError]] = {
        401: UnauthenticatedError,
        403: ForbiddenError,
        404: NotFoundError,
        409: ConflictError,
        429: RateLimitedError,
    }
    default = BadResponseError if status in _REDIRECTION else RejectedError
    return Refusal(kinds.get(status, default), f"answered HTTP {status}")
