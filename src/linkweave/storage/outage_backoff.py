"""A server that is down is left alone for a while, so that nobody waits for it again and again."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from linkweave.clock import Clock

FIRST_PAUSE_SECONDS: Final = 1.0
LONGEST_PAUSE_SECONDS: Final = 5.0
COMPLAINT_SECONDS: Final = 60.0

_LOG: Final = logging.getLogger("linkweave.storage")


class StoreDownError(Exception):
    """The server did not do as asked, or is not asked because it was down a moment ago. Holds no secret.

    `by_server` is False where it was this process that was too slow: that says nothing of the server.
    """

    def __init__(self, message: str, *, by_server: bool = True) -> None:
        super().__init__(message)
        self.by_server = by_server


class ServerBackoff:
    """Knows whether `server`, named for logs as host and port, is down, and lets one caller at a time look again."""

    def __init__(self, server: str, clock: Clock) -> None:
        self._server = server
        self._clock = clock
        self._pause = 0.0
        self._until = 0.0
        self._trying = False
        self._complained: float | None = None

    @property
    def lasts(self) -> bool:
        """Whether the server was down when it was last asked."""
        return self._pause > 0

    @property
    def next_check_in(self) -> float:
        """Seconds until the server may be asked again; 0 while it is up."""
        return max(0.0, self._until - self._clock.monotonic()) if self.lasts else 0.0

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Inside, the server is asked; a StoreDownError that leaves is its failure.

        Raises:
            StoreDownError: at once, while the server is to be left alone.
        """
        look = self.lasts
        if look and (self._trying or self._clock.monotonic() < self._until):
            raise StoreDownError(f"{self._server} is down")
        self._trying = self._trying or look
        try:
            yield
        except StoreDownError as error:
            # What was sent before the server was known to be down says nothing new.
            if error.by_server and look is self.lasts:
                self._begin(str(error))
            raise
        else:
            if look:
                self._end()
        finally:
            self._trying = self._trying and not look

    def complain(self, words: str) -> None:
        """Log that the server refuses what is asked, but not every time."""
        now = self._clock.monotonic()
        if self._complained is None or now - self._complained > COMPLAINT_SECONDS:
            self._complained = now
            _LOG.warning("storage: %s refuses: %s", self._server, words)

    def _begin(self, why: str) -> None:
        if not self.lasts:
            _LOG.warning("storage: %s; going on without what workers share", why)
        self._pause = min(self._pause * 2 or FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS)
        self._until = self._clock.monotonic() + self._pause

    def _end(self) -> None:
        self._pause = 0.0
        _LOG.warning("storage: %s is back", self._server)
