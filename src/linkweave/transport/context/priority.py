"""Who goes first: calls that somebody waits for, or calls that only keep the cache warm."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Final


@dataclass(slots=True, eq=False)
class Priority:
    """Whether nobody waits for a call. That may change while it stands in a line, which then hears of it."""

    background: bool = False
    _lines: list[Callable[[], None]] = field(default_factory=list)

    def promote(self) -> None:
        """From now on, somebody waits."""
        if self.background:
            self.background = False
            for told in tuple(self._lines):
                told()

    @contextmanager
    def on_promotion(self, line: Callable[[], None]) -> Iterator[None]:
        """Inside, `line` is called when somebody begins to wait."""
        self._lines.append(line)
        try:
            yield
        finally:
            self._lines.remove(line)


_PRIORITY: Final[ContextVar[Priority | None]] = ContextVar("priority", default=None)


@contextmanager
def use_priority(priority: Priority) -> Iterator[None]:
    """The calls made inside, or in tasks started inside, have `priority`."""
    token = _PRIORITY.set(priority)
    try:
        yield
    finally:
        _PRIORITY.reset(token)


@contextmanager
def background() -> Iterator[None]:
    """Nobody waits for the calls made inside, or in tasks started inside: they leave only when no caller is in line."""
    with use_priority(Priority(background=True)):
        yield


def priority() -> Priority:
    """That of the call at hand."""
    return _PRIORITY.get() or Priority()


def is_background() -> bool:
    """Whether nobody waits for the call at hand."""
    return priority().background
