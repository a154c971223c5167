"""`[hooks]`: the addresses at which vendors' webhooks reach the gateway."""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from typing import Annotated, Final

from pydantic import AfterValidator, Field, SecretStr
from pydantic_core import PydanticCustomError

from linkweave.settings.values import Key, Secret, SettingsModel

HOOKS_PATH: Final = "/hooks"
_MIN_SECRET: Final = 32
_CONTEXT: Final = "linkweave webhook"


def _long(value: SecretStr) -> SecretStr:
    if len(value.get_secret_value()) < _MIN_SECRET:
        raise PydanticCustomError("short", "must have at least 32 characters, such as `openssl rand -hex 32` prints")
    return value


class HooksSettings(SettingsModel):
    """Webhooks of vendors. Without `secret`, none is accepted.

    The token in the address of an account follows from `secret`, the account's key and its number in `revisions`: so it
    is the same in every worker and after every start. Another number revokes the token of one account, and another
    secret those of all. With `allow_private`, subscribers may be at private addresses, and at http.
    """

    secret: Annotated[Secret, AfterValidator(_long)] | None = None
    revisions: Mapping[Key, Annotated[int, Field(ge=0)]] = Field(default_factory=dict)
    allow_private: bool = False

    def token(self, account: str) -> str | None:
        """Returns the token of the account with this key; None where webhooks are off."""
        if self.secret is None:
            return None
        text = "\0".join((_CONTEXT, account, str(self.revisions.get(account, 0))))
        digest = hmac.digest(self.secret.get_secret_value().encode(), text.encode(), "sha256")
        return urlsafe_b64encode(digest).decode().rstrip("=")
