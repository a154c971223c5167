"""Finds the clients of the configuration by their tokens."""

import hmac
from collections.abc import Callable, Iterable
from hashlib import sha256

from linkweave.edge.auth.callers import ANONYMOUS, Caller
from linkweave.gather.rights import FULL_RIGHTS, Rights
from linkweave.settings import ClientSettings, Settings
from linkweave.settings.clients import EVERY_ACCOUNT


class ClientTokens:
    """The hashes of all clients' tokens. The tokens themselves are not known here."""

    def __init__(
        self, clients: Iterable[ClientSettings], equal: Callable[[bytes, bytes], bool] = hmac.compare_digest
    ) -> None:
        self._equal = equal
        self._callers = tuple((bytes.fromhex(each.token_sha256), _caller(each)) for each in clients)

    def find(self, token: bytes) -> Caller | None:
        """Returns the client with that token. It takes the same time whether and whichever client matches."""
        digest, found = sha256(token).digest(), None
        for known, caller in self._callers:
            if self._equal(known, digest):
                found = caller
        return found


def client_rights(settings: Settings, name: str) -> Rights | None:
    """Returns the rights of the client with this name; None where the configuration has none of this name."""
    if not settings.requires_authentication:
        return FULL_RIGHTS if name == ANONYMOUS.name else None
    return next((_caller(each).rights for each in settings.clients if each.name == name), None)


def _caller(client: ClientSettings) -> Caller:
    visible = None if EVERY_ACCOUNT in client.accounts else frozenset(client.accounts)
    return Caller(client.name, Rights(frozenset(client.scopes), visible), client.requests_per_minute)
