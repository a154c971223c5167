"""Values that may be known by the time somebody waits for them: then no task is needed."""

from collections.abc import Awaitable, Callable, Generator
from typing import Any, Final, Generic, TypeVar

T = TypeVar("T")

NOT_KNOWN: Final = object()


class LateValue(Awaitable[T], Generic[T]):
    """A value that `now` returns once it is known; before, it returns NOT_KNOWN. `later` waits for the value."""

    __slots__ = ("_later", "now")

    def __init__(self, now: Callable[[], object], later: Callable[[], Awaitable[T]]) -> None:
        self.now = now
        self._later = later

    def __await__(self) -> Generator[Any, Any, T]:
        """Waits for the value."""
        return self._later().__await__()
