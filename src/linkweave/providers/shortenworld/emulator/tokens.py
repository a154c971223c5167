"""Gets, refreshes and revokes tokens."""

from linkweave.providers.shortenworld.emulator.calls import Call
from linkweave.providers.shortenworld.emulator.responses import Body


def token(call: Call) -> Body:
    """Get token."""
    return call.logins.log_in(call.text("username"), call.text("key"))


def refresh(call: Call) -> Body:
    """Refresh token."""
    return call.logins.refresh(call.text("refreshToken"))


def revoke(call: Call) -> Body:
    """Revoke token."""
    call.logins.revoke(call.bearer)
    return {}
