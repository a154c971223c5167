"""The clients of the configuration, found by their tokens."""

import hmac
from collections.abc import Callable, Iterable
from hashlib import sha256

from linkweave.edge.auth.callers import Caller
from linkweave.gather.rights import Rights
from linkweave.settings import ClientSettings
from linkweave.settings.clients import EVERY_ACCOUNT


class Clients:
    """Knows the hash of each client's token, and no token."""

    def __init__(
        self, clients: Iterable[ClientSettings], equal: Callable[[bytes, bytes], bool] = hmac.compare_digest
    ) -> None:
        self._equal = equal
        self._known = tuple((bytes.fromhex(each.token_sha256), _caller(each)) for each in clients)

    def find(self, token: bytes) -> Caller | None:
        """The client whose token this is. How long it takes tells neither whether there is one nor which."""
        digest, found = sha256(token).digest(), None
        for known, caller in self._known:
            if self._equal(known, digest):
                found = caller
        return found


def _caller(client: ClientSettings) -> Caller:
    seen = None if EVERY_ACCOUNT in client.accounts else frozenset(client.accounts)
    return Caller(client.name, Rights(frozenset(client.scopes), seen), client.requests_per_minute)
