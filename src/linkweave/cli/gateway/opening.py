"""Opens a client of a gateway that is served somewhere, or of one in this process."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import click
import httpx2

from linkweave.app import GRAPHQL_PATH, build_app
from linkweave.cli.gateway.client import GatewayClient, fits_a_header
from linkweave.clock import Clock, SystemClock
from linkweave.observability import SecretMasks, configure_logging
from linkweave.runtime.process import embedded_process
from linkweave.server.configuration import load_configuration
from linkweave.server.reload import checked_accounts
from linkweave.settings import DocumentSettings, LogSettings, Settings, is_loopback, known_secrets

TOKEN_VARIABLE: Final = "LINKWEAVE_TOKEN"  # noqa: S105 - the name of a variable
_LOCAL_HOST: Final = "127.0.0.1"
# A gateway ends every operation at its deadline, which no configuration sets higher than this. Uploads are none here.
_TIMEOUT: Final = httpx2.Timeout(600, connect=10)


@dataclass(frozen=True, slots=True)
class Background:
    """What a gateway in this process does besides what it is asked for: by default nothing, as a command ends soon."""

    keeps_in_step: bool = False
    works_on_jobs: bool = False


NOTHING: Final = Background()


def open_client(
    url: str | None, config: Path | None, environment: Mapping[str, str], background: Background = NOTHING
) -> AbstractAsyncContextManager[GatewayClient]:
    """Returns a client of the gateway at `url`, or of one in this process over the accounts of `config`.

    `environment` has the token for the gateway, or the variables of the configuration.

    Raises:
        ClickException: not exactly one of both is given, `url` is none, or no header can hold the token.
        ConfigurationError: the configuration cannot be used.
    """
    if (url is None) == (config is None):
        raise click.UsageError(
            "Name a running gateway with --url, or with --config a configuration whose accounts are asked."
        )
    if config is None:
        return _remote_client(_endpoint(url or ""), _token(environment))
    settings = load_configuration(config, environment)
    configure_logging(LogSettings(format="console", level="error"), _masks(settings))
    return local_client(operator_settings(settings), SystemClock(), background=background)


def operator_settings(settings: Settings) -> Settings:
    """Returns `settings` for the operator, who holds the vendors' credentials: every operation is allowed."""
    server = settings.server.model_copy(update={"host": _LOCAL_HOST, "introspection": True, "suggestions": True})
    changes = {"server": server, "documents": DocumentSettings(), "clients": (), "jwt": None}
    return settings.model_copy(update=changes)


@asynccontextmanager
async def local_client(
    settings: Settings,
    clock: Clock,
    wire: httpx2.AsyncBaseTransport | None = None,
    background: Background = NOTHING,
) -> AsyncIterator[GatewayClient]:
    """Opens a gateway in this process, and a client of it. `wire` replaces the network, in tests.

    Raises:
        ConfigurationError: the settings of an account cannot be used.
    """
    process = embedded_process(settings)
    process.keeps_in_step, process.works_on_jobs = background.keeps_in_step, background.works_on_jobs
    # The operator's settings have no clients, so that nobody's rights could be checked.
    process.delivers = False
    app = build_app(settings, clock, wire, process)
    transport = httpx2.ASGITransport(app=app)
    async with app.lifespan(), httpx2.AsyncClient(transport=transport, timeout=None) as http:
        yield GatewayClient(http, f"http://{_LOCAL_HOST}{GRAPHQL_PATH}")


@asynccontextmanager
async def _remote_client(url: str, token: str | None) -> AsyncIterator[GatewayClient]:
    headers = {"user-agent": "linkweave"} | ({"authorization": f"Bearer {token}"} if token else {})
    # A proxy of the environment does not reach this machine's loopback.
    trust_env = not is_loopback(urlsplit(url).hostname or "")
    async with httpx2.AsyncClient(headers=headers, timeout=_TIMEOUT, trust_env=trust_env) as http:
        yield GatewayClient(http, url)


def _masks(settings: Settings) -> SecretMasks:
    return SecretMasks(set(known_secrets((settings, checked_accounts(settings)))))


def _token(environment: Mapping[str, str]) -> str | None:
    token = environment.get(TOKEN_VARIABLE)
    if token and not fits_a_header(token):
        raise click.UsageError(f"The variable {TOKEN_VARIABLE} has characters that no token has.")
    return token


def _endpoint(url: str) -> str:
    """Returns the address of the endpoint; `url` may be that of the gateway's root."""
    try:
        parts = urlsplit(url)
        valid = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        valid = False
    if not valid:
        raise click.BadParameter(
            f"{url!r} is not the address of a gateway, such as http://127.0.0.1:8000", param_hint="'--url'"
        )
    return url if parts.path.strip("/") else f"{parts.scheme}://{parts.netloc}{GRAPHQL_PATH}"
