"""Who goes first: calls that somebody waits for, or calls that only keep the cache warm."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

_BEHIND: Final[ContextVar[bool]] = ContextVar("behind", default=False)


@contextmanager
def behind() -> Iterator[None]:
    """Nobody waits for the calls made inside, or in tasks started inside: they leave only when no caller is in line."""
    token = _BEHIND.set(True)
    try:
        yield
    finally:
        _BEHIND.reset(token)


def is_behind() -> bool:
    """Whether nobody waits for the call at hand."""
    return _BEHIND.get()
