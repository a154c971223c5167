"""Which call is sent first: calls with waiters go ahead of calls in the background."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class Priority:
    """Whether a call is in the background, that is, without waiters. A call in line may be promoted.

    Calls in the background take at most `share_of_rate` of a vendor's limit.
    """

    background: bool = False
    share_of_rate: float = 1.0
    _listeners: list[Callable[[], None]] = field(default_factory=list)

    def promote(self) -> None:
        """Takes the call out of the background: it has a waiter now."""
        if self.background:
            self.background = False
            for listener in tuple(self._listeners):
                listener()

    @contextmanager
    def on_promotion(self, listener: Callable[[], None]) -> Iterator[None]:
        """Inside the block, `listener` is called when the call is promoted."""
        self._listeners.append(listener)
        try:
            yield
        finally:
            self._listeners.remove(listener)
