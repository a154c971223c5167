"""The layers that decide which requests come in, as the settings configure them."""

from dataclasses import dataclass
from pathlib import Path

import httpx2

from linkweave.clock import Clock
from linkweave.edge.auth.authentication import assume_caller, require_token
from linkweave.edge.auth.callers import ANONYMOUS, Caller
from linkweave.edge.auth.client_rate_limits import limit_clients
from linkweave.edge.auth.client_tokens import ClientTokens
from linkweave.edge.auth.jwks import KeySource, StaticKeys, read_key_file
from linkweave.edge.auth.jwt_tokens import JwtVerifier
from linkweave.edge.auth.origins import answer_cors, check_origin
from linkweave.edge.auth.remote_jwks import RemoteKeys
from linkweave.edge.pipeline import Middleware
from linkweave.settings import Settings
from linkweave.storage.counters import ValkeyCounters
from linkweave.storage.valkey import Valkey
from linkweave.transport.http.connections import Connector


@dataclass(frozen=True, slots=True)
class AccessLayers:
    """Middleware in front of everything that answers; None if it is off.

    `http` fetches an issuer's keys; it is None without such an issuer.
    """

    cors: Middleware | None
    origin_check: Middleware
    authentication: Middleware
    rate_limits: Middleware | None
    http: httpx2.AsyncClient | None

    async def close(self) -> None:
        """Close the connections to the issuer."""
        if self.http is not None:
            await self.http.aclose()


def open_access_layers(settings: Settings, clock: Clock, valkey: Valkey | None, connector: Connector) -> AccessLayers:
    """Returns the layers of `settings`; no request is sent yet.

    Workers count clients' requests together in `valkey`. `connector` opens connections to the issuer of tokens.

    Raises:
        ConfigurationError: a file with keys cannot be used.
    """
    remote_keys = settings.jwt is not None and settings.jwt.keys_are_remote
    http = connector.open() if remote_keys else None
    return AccessLayers(
        answer_cors(settings.server),
        check_origin(settings.server),
        _authentication(settings, clock, http),
        _rate_limits(settings, clock, valkey),
        http,
    )


def local_keys(settings: Settings) -> StaticKeys | None:
    """Returns the issuer's keys if they are in a file.

    Raises:
        ConfigurationError: the file cannot be read, or is not a key set.
    """
    if settings.jwt is None or settings.jwt.keys_are_remote:
        return None
    return read_key_file(Path(settings.source).parent / settings.jwt.jwks, settings.source)


def _authentication(settings: Settings, clock: Clock, http: httpx2.AsyncClient | None) -> Middleware:
    if not settings.requires_authentication:
        # The settings see to it that only this machine reaches such a gateway.
        return assume_caller(ANONYMOUS)
    clients, verifier = ClientTokens(settings.clients), _verifier(settings, clock, http)

    async def find_caller(token: bytes) -> Caller | None:
        client = clients.find(token)
        return await verifier.find(token) if client is None and verifier is not None else client

    return require_token(find_caller)


def _rate_limits(settings: Settings, clock: Clock, valkey: Valkey | None) -> Middleware | None:
    if not settings.requires_authentication:
        return None
    return limit_clients(clock, None if valkey is None else ValkeyCounters(valkey))


def _verifier(settings: Settings, clock: Clock, http: httpx2.AsyncClient | None) -> JwtVerifier | None:
    jwt = settings.jwt
    keys: KeySource | None = local_keys(settings) if http is None or jwt is None else RemoteKeys(jwt.jwks, http, clock)
    if jwt is None or keys is None:
        return None
    return JwtVerifier(jwt, keys, frozenset(str(table["key"]) for table in settings.accounts), clock)
