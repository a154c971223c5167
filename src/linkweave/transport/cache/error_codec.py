"""A vendor's failure as bytes, for those in other workers who wait for the same call."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import orjson

from linkweave.errors import (
    BadResponseError,
    ConflictError,
    ForbiddenError,
    LocalRateLimitError,
    NotFoundError,
    PlanRequiredError,
    QuotaExhaustedError,
    QuotaKnownExhaustedError,
    RateLimitedError,
    RejectedError,
    UnauthenticatedError,
    UnavailableError,
    UnsupportedError,
    VendorError,
    VendorTimeoutError,
)

_KINDS: Final[Mapping[str, type[VendorError]]] = MappingProxyType(
    {
        kind.__name__: kind
        for kind in (
            BadResponseError,
            ConflictError,
            ForbiddenError,
            LocalRateLimitError,
            NotFoundError,
            PlanRequiredError,
            QuotaExhaustedError,
            QuotaKnownExhaustedError,
            RateLimitedError,
            RejectedError,
            UnauthenticatedError,
            UnavailableError,
            UnsupportedError,
            VendorTimeoutError,
        )
    }
)


def encode_error(error: VendorError) -> bytes:
    """`error` as bytes."""
    return orjson.dumps([type(error).__name__, error.message, error.provider_code, error.retry_after, error.field])


def decode_error(raw: bytes, account: str, operation: str) -> VendorError | None:
    """The error that was encoded as `raw`, for who asked `operation`; None for anything else."""
    try:
        name, message, provider_code, retry_after, field = orjson.loads(raw)
        kind = _KINDS[name]
    except (ValueError, TypeError, KeyError):
        return None
    texts = isinstance(message, str) and isinstance(provider_code, str | None) and isinstance(field, str | None)
    if not texts or not isinstance(retry_after, float | int | None):
        return None
    return kind(
        message,
        account=account,
        operation=operation,
        provider_code=provider_code,
        retry_after=retry_after,
        field=field,
    )
