"""A pause between attempts to use a database that failed, so that callers do not wait for it again and again."""

from typing import Final

from linkweave.catalog.outages import Outage
from linkweave.clock import Clock

FIRST_PAUSE_SECONDS: Final = 1.0
MAX_PAUSE_SECONDS: Final = 5.0


class OutagePause:
    """Remembers why the latest attempt failed, and until when there should be none."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._pause = 0.0
        self._until = 0.0
        self.outage: Outage | None = None
        """Why the latest attempt failed; None if it did not."""

    @property
    def current(self) -> Outage | None:
        """The outage, during the pause after it."""
        return self.outage if self._pause and self._clock.monotonic() < self._until else None

    def failed(self, outage: Outage) -> None:
        """An attempt has failed. There is a pause only after an outage that lasts."""
        self.outage = outage
        self._pause = min(self._pause * 2 or FIRST_PAUSE_SECONDS, MAX_PAUSE_SECONDS) if outage.lasts else 0.0
        self._until = self._clock.monotonic() + self._pause

    def succeeded(self) -> None:
        """An attempt has not failed."""
        self.outage, self._pause = None, 0.0
