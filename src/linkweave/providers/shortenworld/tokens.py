"""The tokens of a session, and how long they are good by the gateway's own clock."""

from dataclasses import dataclass, field
from typing import Final

from linkweave.providers.shortenworld.inferred import REFRESH_TOKEN_SECONDS, TOKEN_SECONDS
from linkweave.providers.shortenworld.wire import TokenRow
from linkweave.providers.wire import parse_count

MARGIN_SECONDS: Final = 60.0
"""Seconds before its end at which a token is renewed, so that none ends on its way to the vendor."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """An access token and the refresh token that came with it. Times are those of `Clock.monotonic`."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    refresh_at: float
    expires_at: float
    refresh_until: float
    refused: bool = False

    @property
    def header(self) -> tuple[str, str]:
        """The header that a call carries."""
        return "authorization", f"Bearer {self.access}"

    def fresh(self, now: float) -> bool:
        """Whether there is no reason to renew it."""
        return not self.refused and now < self.refresh_at

    def alive(self, now: float) -> bool:
        """Whether the vendor should accept it."""
        return not self.refused and now < self.expires_at

    def refreshable(self, now: float) -> bool:
        """Whether its refresh token should be good."""
        return now < self.refresh_until


def tokens_from(row: TokenRow, now: float) -> Tokens:
    """The tokens that the vendor has just sent."""
    lifetime = _lifetime(row.expires_in)
    # A token that lives less than two margins is renewed half-way, or every call would renew it.
    refresh_at = now + max(lifetime - MARGIN_SECONDS, lifetime / 2)
    return Tokens(row.access_token, row.refresh_token, refresh_at, now + lifetime, now + REFRESH_TOKEN_SECONDS)


def _lifetime(expires_in: object) -> float:
    """Seconds. A value that can be no remaining time is read as the documented hour, which is the maximum."""
    try:
        seconds = parse_count(expires_in)
    except ValueError:
        return TOKEN_SECONDS
    return min(float(seconds), TOKEN_SECONDS) if seconds else TOKEN_SECONDS
