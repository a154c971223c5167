"""The garbage collector: set as in a server, and its time."""

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from linkweave.runtime.garbage_collector import set_garbage_collector


@contextmanager
def as_in_a_server() -> Iterator[None]:
    """In the block, the collector works as in `linkweave serve`, and ignores what was there before."""
    thresholds = gc.get_threshold()
    set_garbage_collector()
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
        gc.unfreeze()


@dataclass(slots=True)
class Collector:
    """The time of the garbage collector. It is a callback of the module gc."""

    seconds: float = 0.0
    longest: float = 0.0
    _started: float = 0.0

    def __call__(self, phase: str, _: dict[str, int]) -> None:
        """Count a pause."""
        now = time.process_time()
        if phase == "start":
            self._started = now
            return
        self.seconds += now - self._started
        self.longest = max(self.longest, now - self._started)

    def words(self, count: int) -> str:
        """Its time in each of `count` requests, and its longest pause."""
        each = self.seconds / count * 1000
        return f"of which the collector {each:.2f} ms (longest pause {self.longest * 1000:.1f} ms)"

    @contextmanager
    def counting(self) -> Iterator[None]:
        """Count what happens in the block."""
        gc.callbacks.append(self)
        try:
            yield
        finally:
            gc.callbacks.remove(self)
