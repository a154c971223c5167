"""Reads the configuration file and the environment: no other module does."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import Field, SecretStr, ValidationError

from linkweave.errors import ConfigurationError
from linkweave.settings.cache import CacheSettings
from linkweave.settings.clients import ClientSettings, JwtSettings, client_problems
from linkweave.settings.documents import DocumentSettings
from linkweave.settings.limits import LimitSettings
from linkweave.settings.log import LogSettings
from linkweave.settings.metrics import MetricsSettings
from linkweave.settings.network import NetworkSettings
from linkweave.settings.server import ServerSettings
from linkweave.settings.traces import TracesSettings
from linkweave.settings.validation_errors import MESSAGES, describe
from linkweave.settings.values import SettingsModel, is_loopback

_VARIABLE: Final = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


class Settings(SettingsModel):
    """The whole configuration. Accounts are tables until their providers have checked them."""

    server: ServerSettings = ServerSettings()
    cache: CacheSettings = CacheSettings()
    documents: DocumentSettings = DocumentSettings()
    limits: LimitSettings = LimitSettings()
    log: LogSettings = LogSettings()
    metrics: MetricsSettings = MetricsSettings()
    network: NetworkSettings = NetworkSettings()
    traces: TracesSettings = TracesSettings()
    accounts: tuple[Mapping[str, Any], ...] = Field(min_length=1, repr=False)
    clients: tuple[ClientSettings, ...] = ()
    jwt: JwtSettings | None = None
    source: Literal["demo"] | Path = Path("linkweave.toml")

    @property
    def requires_authentication(self) -> bool:
        """Whether every caller must send a token."""
        return bool(self.clients) or self.jwt is not None

    def with_secret(self, secret: str) -> "Settings":
        """Returns the same settings; `secret` signs cursors if they name no other."""
        if self.server.secret is not None:
            return self
        return self.model_copy(update={"server": self.server.model_copy(update={"secret": SecretStr(secret)})})


def load(path: Path, environment: Mapping[str, str], server: Mapping[str, Any] | None = None) -> Settings:
    """Returns the settings in the file at `path`, with the value of `NAME` in `environment` in place of `${NAME}`.

    `server` takes precedence over the [server] of the file.

    Raises:
        ConfigurationError: the message names the file and the key, and says what is wrong and what would be right.
    """
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be read: {error.strerror or error}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: is not TOML: {error}") from None
    expanded = _expand(table, environment, str(path), "")
    section = expanded.get("server", {})
    if server and isinstance(section, dict):
        expanded = {**expanded, "server": {**section, **server}}
    return from_table(expanded, path)


def from_table(table: Mapping[str, Any], source: Literal["demo"] | Path) -> Settings:
    """Returns the settings of a configuration that is already decoded.

    Raises:
        ConfigurationError: as `load`.
    """
    if "source" in table:
        raise ConfigurationError(f"{source}: source: {MESSAGES['extra_forbidden']}")
    try:
        settings = Settings(**{**table, "source": source})
    except ValidationError as error:
        raise ConfigurationError(describe(error, str(source), "")) from None
    _check_whole(settings)
    return settings


def _check_whole(settings: Settings) -> None:
    """Check keys against each other."""
    problems = list(client_problems(settings.clients, [table.get("key") for table in settings.accounts]))
    problems += settings.documents.problems()
    # Without authentication, every client that reaches the gateway has full access.
    if not settings.requires_authentication and not is_loopback(settings.server.host):
        problems.append(
            f"server.host: {settings.server.host} is not a loopback address. Without [[clients]] and [jwt], every "
            f"client that reaches it could read every account; add one (see `linkweave token`), or use 127.0.0.1 or ::1"
        )
    if problems:
        raise ConfigurationError("\n".join(f"{settings.source}: {problem}" for problem in problems))


def _expand(value: Any, environment: Mapping[str, str], source: str, key: str) -> Any:
    if isinstance(value, dict):
        return {name: _expand(item, environment, source, f"{key}.{name}") for name, item in value.items()}
    if isinstance(value, list):
        return [_expand(item, environment, source, f"{key}[{i}]") for i, item in enumerate(value)]
    if not isinstance(value, str):
        return value

    def look_up(match: re.Match[str]) -> str:
        try:
            return environment[match[1]]
        except KeyError:
            raise ConfigurationError(
                f"{source}: {key.lstrip('.')}: the environment variable {match[1]} is not set; "
                f"set it, or write the value in its place",
            ) from None

    return _VARIABLE.sub(look_up, value)
