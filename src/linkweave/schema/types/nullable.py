"""Values that are null because a provider does not support them."""

from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

from linkweave.errors import UnsupportedError

T = TypeVar("T")
R = TypeVar("R")


async def none_if_unsupported(answer: Awaitable[T]) -> T | None:
    """Returns `answer`, or None where the provider's API does not support the call."""
    try:
        return await answer
    except UnsupportedError:
        return None


def map_or_none(convert: Callable[[T], R], items: Iterable[T] | None) -> list[R] | None:
    """Converts each of `items`; None stays None."""
    return None if items is None else [convert(item) for item in items]
