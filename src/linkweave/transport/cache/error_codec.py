"""A vendor's error as bytes, for workers that wait for a call which another worker makes."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

import orjson

from linkweave.errors import VendorError


def _subclasses(parent: type[VendorError]) -> Iterator[type[VendorError]]:
    for child in parent.__subclasses__():
        yield child
        yield from _subclasses(child)


_ERRORS: Final[Mapping[str, type[VendorError]]] = MappingProxyType(
    {each.kind: each for each in _subclasses(VendorError) if each.kind is not None}
)


def encode_error(error: VendorError) -> bytes | None:
    """`error` as bytes; None for an error that only this worker may raise."""
    if error.kind is None:
        return None
    return orjson.dumps([error.kind, error.message, error.provider_code, error.retry_after, error.field])


def decode_error(raw: bytes, account: str, operation: str) -> VendorError | None:
    """The error that `raw` encodes, as an error of `operation`; None for bytes that encode none."""
    try:
        kind, message, provider_code, retry_after, field = orjson.loads(raw)
        error = _ERRORS[kind]
    except (ValueError, TypeError, KeyError):
        return None
    texts = isinstance(message, str) and isinstance(provider_code, str | None) and isinstance(field, str | None)
    if not texts or not isinstance(retry_after, float | int | None):
        return None
    return error(
        message,
        account=account,
        operation=operation,
        provider_code=provider_code,
        retry_after=retry_after,
        field=field,
    )
