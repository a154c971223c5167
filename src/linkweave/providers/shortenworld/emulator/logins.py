"""Users, their tokens, and the throttling of failed logins."""

import hashlib
from dataclasses import dataclass
from typing import Final

from linkweave.clock import Clock
from linkweave.providers.shortenworld.emulator.responses import Body, RefusedError

SANDBOX_USERNAME: Final = "sandbox-shortenworld"
FREE_USERNAME: Final = "sandbox-shortenworld-free"
SANDBOX_KEY: Final = "sandbox-shortenworld-key"

# DOC: "valid in 01 hour", "valid in 07 days".
ACCESS_SECONDS: Final = 3600
REFRESH_SECONDS: Final = 7 * 24 * 3600

# INFERRED: the document knows "Login too many failed" (429) and "Your account is locked" (403), but no numbers.
THROTTLED_AFTER: Final = 5
LOCKED_AFTER: Final = 10
FAILURES_COUNT_FOR_SECONDS: Final = 900


@dataclass(frozen=True)
class Grant:
    """A pair of tokens and the end of each."""

    username: str
    access: str
    refresh: str
    access_until: float
    refresh_until: float


class Logins:
    """The tokens of each user. A counter makes their texts: the same in every run, and never twice."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._keys = {SANDBOX_USERNAME: SANDBOX_KEY, FREE_USERNAME: SANDBOX_KEY}
        self._grants: list[Grant] = []
        self._failures: dict[str, list[float]] = {}
        self._locked: set[str] = set()
        self._counter = 0

    def log_in(self, username: str, key: str) -> Body:
        """Gives a user new tokens.

        Raises:
            RefusedError: 401, or 429 and 403 after too many failures.
        """
        failures = self._recent_failures(username)
        if len(failures) >= LOCKED_AFTER:
            self._locked.add(username)
        if username in self._locked:
            raise RefusedError(403, "Your account is locked", http=403)
        if len(failures) >= THROTTLED_AFTER:
            failures.append(self._clock.monotonic())
            raise RefusedError(429, "Login too many failed", http=429)
        if self._keys.get(username) != key:
            failures.append(self._clock.monotonic())
            raise RefusedError(401, "Unauthorized", http=401)
        failures.clear()
        return self._grant(username)

    def refresh(self, token: str) -> Body:
        """Gives new tokens for a refresh token. INFERRED: the old pair ends.

        Raises:
            RefusedError: 401.
        """
        now = self._clock.monotonic()
        grant = next((each for each in self._grants if each.refresh == token and now < each.refresh_until), None)
        if grant is None:
            raise RefusedError(401, "Unauthorized", http=401)
        self._grants.remove(grant)
        return self._grant(grant.username)

    def user_of(self, token: str) -> str | None:
        """The user of a good access token; None for another one."""
        now = self._clock.monotonic()
        return next((each.username for each in self._grants if each.access == token and now < each.access_until), None)

    def revoke(self, token: str) -> None:
        """Ends the pair of an access token."""
        self._grants = [each for each in self._grants if each.access != token]

    def _recent_failures(self, username: str) -> list[float]:
        since = self._clock.monotonic() - FAILURES_COUNT_FOR_SECONDS
        recent = [at for at in self._failures.get(username, []) if at > since]
        self._failures[username] = recent
        return recent

    def _grant(self, username: str) -> Body:
        self._counter += 1
        now = self._clock.monotonic()
        access, refresh = (f"{kind}-{self._counter:06d}-{_noise(kind, self._counter)}" for kind in ("at", "rt"))
        self._grants.append(Grant(username, access, refresh, now + ACCESS_SECONDS, now + REFRESH_SECONDS))
        return {"token": {"access_token": access, "refresh_token": refresh, "expires_in": ACCESS_SECONDS}}


def _noise(kind: str, number: int) -> str:
    return hashlib.sha256(f"linkweave {kind} {number}".encode()).hexdigest()[:24]
