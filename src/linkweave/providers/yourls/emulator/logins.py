"""The three ways to log in, each as fields of the request."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from linkweave.providers.emulator_kit import RefusedError

USERNAME: Final = "sandbox-yourls"
PASSWORD: Final = "sandbox-yourls-password"  # noqa: S105 - the sandbox's
SIGNATURE: Final = "sandbox-yourls-signature"

_NONCE_LIFE_SECONDS: Final = 12 * 3600
_HASHES: Final = frozenset({"sha256", "sha384", "sha512"})


def require_login(fields: Mapping[str, str], now: datetime) -> None:
    """Let a request in that has a name and a password, or a signature."""
    if "username" in fields or "password" in fields:
        if (fields.get("username"), fields.get("password")) != (USERNAME, PASSWORD):
            raise _refused("Invalid username or password")
    elif not _is_signed(fields, now):
        raise _refused("Please log in")


def _is_signed(fields: Mapping[str, str], now: datetime) -> bool:
    signature, timestamp, kind = fields.get("signature"), fields.get("timestamp"), fields.get("hash", "sha256")
    if timestamp is None:
        return signature == SIGNATURE
    if not (timestamp.isascii() and timestamp.isdecimal()) or kind not in _HASHES:
        return False
    recent = abs(now.timestamp() - int(timestamp)) < _NONCE_LIFE_SECONDS
    return recent and signature == hashlib.new(kind, f"{timestamp}{SIGNATURE}".encode()).hexdigest()


def _refused(message: str) -> RefusedError:
    return RefusedError(403, {"message": message, "errorCode": "403", "callback": ""})
