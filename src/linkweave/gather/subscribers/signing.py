"""Signs messages as Standard Webhooks says (https://www.standardwebhooks.com)."""

import hmac
from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Final

from pydantic import SecretStr

_PREFIX: Final = "whsec_"
_CONTEXT: Final = "linkweave subscriber"
_FINGERPRINT: Final = 16


def signing_secret(secret: SecretStr, subscriber_id: str) -> str:
    """Returns the secret of a subscriber, which follows from that of `[hooks]`: it need not be stored."""
    text = f"{_CONTEXT}\0{subscriber_id}"
    return _PREFIX + b64encode(hmac.digest(secret.get_secret_value().encode(), text.encode(), "sha256")).decode()


def fingerprint(signing: str) -> str:
    """Returns what tells whether a secret is still the same one. Nothing of the secret follows from it."""
    return sha256(signing.encode()).hexdigest()[:_FINGERPRINT]


def signed_headers(signing: str, message_id: str, at: datetime, body: bytes) -> Mapping[str, str]:
    """Returns the headers of a message that is sent `at` this moment."""
    timestamp = str(int(at.timestamp()))
    key = b64decode(signing.removeprefix(_PREFIX))
    signature = hmac.digest(key, f"{message_id}.{timestamp}.".encode() + body, "sha256")
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{b64encode(signature).decode()}",
    }
