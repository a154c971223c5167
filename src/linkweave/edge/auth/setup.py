"""What stands before the operation cache: who may come in, and how often."""

from dataclasses import dataclass
from pathlib import Path

import httpx2

from linkweave.accounts import open_connections
from linkweave.clock import Clock
from linkweave.edge.auth.authentication import authenticated, trusting
from linkweave.edge.auth.callers import ANONYMOUS, Caller
from linkweave.edge.auth.client_rate_limits import limited_clients
from linkweave.edge.auth.client_tokens import Clients
from linkweave.edge.auth.jwks import FixedKeys, Keys, keys_in_file
from linkweave.edge.auth.jwt_tokens import JwtTokens
from linkweave.edge.auth.origins import cross_origin, no_strangers_pages
from linkweave.edge.auth.remote_jwks import RemoteKeys
from linkweave.edge.pipeline import Layer
from linkweave.settings import Settings
from linkweave.storage.counters import ValkeyCounts
from linkweave.storage.valkey import Valkey


@dataclass(frozen=True, slots=True)
class Guards:
    """The layers that the settings ask for, outermost first; `http` is where an issuer's keys come from.

    `pages` keep out the pages of strangers in browsers, `callers` find out who asks.
    """

    pages: tuple[Layer, ...]
    callers: tuple[Layer, ...]
    http: httpx2.AsyncClient | None

    @property
    def layers(self) -> tuple[Layer, ...]:
        """All of them."""
        return (*self.pages, *self.callers)

    async def close(self) -> None:
        """Close the connections."""
        if self.http is not None:
            await self.http.aclose()


def open_guards(
    settings: Settings, clock: Clock, valkey: Valkey | None = None, wire: httpx2.AsyncBaseTransport | None = None
) -> Guards:
    """What stands before everything else. Nobody is asked for anything yet.

    Workers count clients' requests together in `valkey`; `wire` replaces the network, in tests.

    Raises:
        ConfigurationError: a file with keys cannot be used.
    """
    pages = (*cross_origin(settings.server), no_strangers_pages(settings.server))
    if not settings.knows_callers:
        # Only this machine reaches such a gateway: the settings see to that.
        return Guards(pages, (trusting(ANONYMOUS),), None)
    remote = settings.jwt is not None and settings.jwt.keys_are_remote
    http = open_connections(httpx2.create_ssl_context(trust_env=False), wire) if remote else None
    limits = limited_clients(clock, None if valkey is None else ValkeyCounts(valkey))
    return Guards(pages, (_authentication(settings, clock, http), limits), http)


def keys_at_hand(settings: Settings) -> FixedKeys | None:
    """The issuer's keys, where they are in a file.

    Raises:
        ConfigurationError: the file cannot be read, or is no key set.
    """
    if settings.jwt is None or settings.jwt.keys_are_remote:
        return None
    return keys_in_file(Path(settings.source).parent / settings.jwt.jwks, settings.source)


def _authentication(settings: Settings, clock: Clock, http: httpx2.AsyncClient | None) -> Layer:
    clients, tokens = Clients(settings.clients), _tokens(settings, clock, http)

    async def identify(token: bytes) -> Caller | None:
        known = clients.find(token)
        return await tokens.find(token) if known is None and tokens is not None else known

    return authenticated(identify)


def _tokens(settings: Settings, clock: Clock, http: httpx2.AsyncClient | None) -> JwtTokens | None:
    jwt = settings.jwt
    keys: Keys | None = keys_at_hand(settings) if http is None or jwt is None else RemoteKeys(jwt.jwks, http, clock)
    if jwt is None or keys is None:
        return None
    return JwtTokens(jwt, keys, frozenset(str(table["key"]) for table in settings.accounts), clock)
