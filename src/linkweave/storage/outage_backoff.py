"""A pause between attempts to use a server that is down, so that callers do not wait for it again and again."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from linkweave.clock import Clock
from linkweave.storage.outages import Outage, StoreDownError

FIRST_PAUSE_SECONDS: Final = 1.0
MAX_PAUSE_SECONDS: Final = 5.0
# Seconds after which a refusal is logged again.
LOG_AGAIN_SECONDS: Final = 60.0

_LOG: Final = logging.getLogger("linkweave.storage")


class ServerBackoff:
    """Knows whether `server` is down, and lets one caller at a time try again. Logs name it as host and port.

    A server that refuses what Linkweave needs is down too. `report` gets each change of state: the reason, or None.
    """

    def __init__(self, server: str, clock: Clock, report: Callable[[str | None], None] = lambda _reason: None) -> None:
        self._server = server
        self._clock = clock
        self._report = report
        self._outage: Outage | None = None
        self._pause = 0.0
        self._until = 0.0
        self._checking = False
        self._logged_at: float | None = None

    @property
    def outage(self) -> Outage | None:
        """Why the server was down at the latest attempt; None if it was not."""
        return self._outage

    @property
    def is_down(self) -> bool:
        """Whether the server was down at the latest attempt."""
        return self._outage is not None

    @property
    def next_check_in(self) -> float:
        """Seconds until the next attempt; 0 while the server is up."""
        return max(0.0, self._until - self._clock.monotonic()) if self.is_down else 0.0

    @contextmanager
    def attempt(self) -> Iterator[bool]:
        """Surrounds a command to the server. A StoreDownError inside marks the server as down.

        Yields whether the attempt is to find out if the server can be used again.

        Raises:
            StoreDownError: at once, during a pause.
        """
        is_check = self.is_down
        if is_check and (self._checking or self._clock.monotonic() < self._until):
            message = f"{self._server} is down"
            raise StoreDownError(message, self._outage, retry_after=self.next_check_in or FIRST_PAUSE_SECONDS)
        self._checking = self._checking or is_check
        try:
            yield is_check
        except StoreDownError as error:
            # The failure of a command that was sent before the server was known to be down is not a new one.
            if error.by_server and is_check is self.is_down:
                self._mark_down(error)
            raise
        else:
            if is_check:
                self._mark_up()
        finally:
            self._checking = self._checking and not is_check

    def log_refusal(self, reason: str) -> None:
        """Logs that the server refuses a command, at most once in LOG_AGAIN_SECONDS."""
        now = self._clock.monotonic()
        if self._logged_at is None or now - self._logged_at > LOG_AGAIN_SECONDS:
            self._logged_at = now
            _LOG.warning("storage: %s %s", self._server, reason)

    def _mark_down(self, error: StoreDownError) -> None:
        if self._outage != error.outage:
            self._report(error.outage.reason)
            _LOG.warning("storage: %s; going on without what workers share", error)
        self._outage = error.outage
        self._pause = min(self._pause * 2 or FIRST_PAUSE_SECONDS, MAX_PAUSE_SECONDS)
        self._until = self._clock.monotonic() + self._pause

    def _mark_up(self) -> None:
        self._outage, self._pause = None, 0.0
        self._report(None)
        _LOG.warning("storage: %s is back", self._server)
