"""The addresses at which vendors reach the gateway with webhooks. Each has a token, and is a secret."""

import re
from dataclasses import dataclass
from typing import Final

from linkweave.errors import InvalidInputError, WebhooksOffError
from linkweave.settings import HooksSettings
from linkweave.settings.hooks import HOOKS_PATH

MASK: Final = "***"
"""What callers see in place of a token."""
_TOKEN: Final = re.compile(r"(/hooks/[a-z0-9._-]{1,64}/)[A-Za-z0-9_-]{43}(?=\Z|[?#])")


@dataclass(frozen=True, slots=True)
class WebhookAddresses:
    """The addresses of the accounts of a gateway that others reach at `public_url`; None where that is not known."""

    settings: HooksSettings
    public_url: str | None

    def of(self, account: str, public_url: str | None = None) -> str:
        """Returns the address of the account with this key, at `public_url` in place of that of the settings.

        Raises:
            WebhooksOffError: the gateway takes no webhooks.
            InvalidInputError: it is not known how vendors reach the gateway.
        """
        token = self.settings.token(account)
        if token is None:
            raise WebhooksOffError
        return f"{self.folder(account, public_url)}{token}"

    def folder(self, account: str, public_url: str | None = None) -> str:
        """Returns what every address of the account begins with, whatever its token.

        Raises:
            InvalidInputError: it is not known how vendors reach the gateway.
        """
        base = public_url or self.public_url
        if base is None:
            problem = "is needed, because the configuration has no public_url in [server]"
            raise InvalidInputError("public_url", problem)
        return f"{base.rstrip('/')}{HOOKS_PATH}/{account}/"


def without_token(url: str) -> str:
    """Returns the address of a webhook; in place of a gateway's token it has the mask."""
    return _TOKEN.sub(rf"\1{MASK}", url)
