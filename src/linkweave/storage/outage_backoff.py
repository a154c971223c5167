"""A pause between attempts to reach a server that is down, so that callers do not wait for it again and again."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from linkweave.clock import Clock

FIRST_PAUSE_SECONDS: Final = 1.0
MAX_PAUSE_SECONDS: Final = 5.0
# Seconds after which a refusal is logged again.
LOG_AGAIN_SECONDS: Final = 60.0

_LOG: Final = logging.getLogger("linkweave.storage")


class StoreDownError(Exception):
    """The server did not do what it was asked to, or was not asked because it is down. Holds no secret.

    `by_server` is False where this process was too slow, which says nothing about the server.
    """

    def __init__(self, message: str, *, by_server: bool = True) -> None:
        super().__init__(message)
        self.by_server = by_server


class ServerBackoff:
    """Knows whether `server` is down, and lets one caller at a time try again. Logs name it as host and port."""

    def __init__(self, server: str, clock: Clock) -> None:
        self._server = server
        self._clock = clock
        self._pause = 0.0
        self._until = 0.0
        self._checking = False
        self._logged_at: float | None = None

    @property
    def is_down(self) -> bool:
        """Whether the server was down at the latest attempt."""
        return self._pause > 0

    @property
    def next_check_in(self) -> float:
        """Seconds until the next attempt; 0 while the server is up."""
        return max(0.0, self._until - self._clock.monotonic()) if self.is_down else 0.0

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Surrounds a command to the server. A StoreDownError inside marks the server as down.

        Raises:
            StoreDownError: at once, during a pause.
        """
        is_check = self.is_down
        if is_check and (self._checking or self._clock.monotonic() < self._until):
            raise StoreDownError(f"{self._server} is down")
        self._checking = self._checking or is_check
        try:
            yield
        except StoreDownError as error:
            # The failure of a command that was sent before the server was known to be down is not a new one.
            if error.by_server and is_check is self.is_down:
                self._mark_down(str(error))
            raise
        else:
            if is_check:
                self._mark_up()
        finally:
            self._checking = self._checking and not is_check

    def log_refusal(self, reason: str) -> None:
        """Logs that the server refuses commands, at most once in LOG_AGAIN_SECONDS."""
        now = self._clock.monotonic()
        if self._logged_at is None or now - self._logged_at > LOG_AGAIN_SECONDS:
            self._logged_at = now
            _LOG.warning("storage: %s refuses: %s", self._server, reason)

    def _mark_down(self, reason: str) -> None:
        if not self.is_down:
            _LOG.warning("storage: %s; going on without what workers share", reason)
        self._pause = min(self._pause * 2 or FIRST_PAUSE_SECONDS, MAX_PAUSE_SECONDS)
        self._until = self._clock.monotonic() + self._pause

    def _mark_up(self) -> None:
        self._pause = 0.0
        _LOG.warning("storage: %s is back", self._server)
