"""The only reader of the configuration file and of the environment."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import Field, SecretStr, ValidationError

from linkweave.errors import ConfigurationError
from linkweave.settings.cache import CacheSettings
from linkweave.settings.clients import ClientSettings, JwtSettings, client_problems
from linkweave.settings.describing import WORDS, describe
from linkweave.settings.documents import DocumentSettings
from linkweave.settings.limits import LimitSettings
from linkweave.settings.log import LogSettings
from linkweave.settings.metrics import MetricsSettings
from linkweave.settings.server import ServerSettings
from linkweave.settings.traces import TracesSettings
from linkweave.settings.values import Frozen, is_loopback

_VARIABLE: Final = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


class Settings(Frozen):
    """The whole configuration. Accounts are kept as tables until their provider has checked them."""

    server: ServerSettings = ServerSettings()
    cache: CacheSettings = CacheSettings()
    documents: DocumentSettings = DocumentSettings()
    limits: LimitSettings = LimitSettings()
    log: LogSettings = LogSettings()
    metrics: MetricsSettings = MetricsSettings()
    traces: TracesSettings = TracesSettings()
    accounts: tuple[Mapping[str, Any], ...] = Field(min_length=1, repr=False)
    clients: tuple[ClientSettings, ...] = ()
    jwt: JwtSettings | None = None
    source: Literal["demo"] | Path = Path("linkweave.toml")

    @property
    def knows_callers(self) -> bool:
        """Whether callers must say who they are."""
        return bool(self.clients) or self.jwt is not None

    def signing(self, secret: str) -> "Settings":
        """The same settings, with `secret` to sign cursors where they name none."""
        if self.server.secret is not None:
            return self
        return self.model_copy(update={"server": self.server.model_copy(update={"secret": SecretStr(secret)})})


def load(path: Path, environment: Mapping[str, str], server: Mapping[str, Any] | None = None) -> Settings:
    """Read and check `path`; `${NAME}` in any value is taken from `environment`, and `server` goes before [server].

    Raises:
        ConfigurationError: names the file and the key, says what is wrong and what would be right.
    """
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be read: {error.strerror or error}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: is not TOML: {error}") from None
    expanded = _expand(table, environment, str(path), "")
    told = expanded.get("server", {})
    if server and isinstance(told, dict):
        expanded = {**expanded, "server": {**told, **server}}
    return from_table(expanded, path)


def from_table(table: Mapping[str, Any], source: Literal["demo"] | Path) -> Settings:
    """Settings of an already decoded configuration.

    Raises:
        ConfigurationError: as `load`.
    """
    if "source" in table:
        raise ConfigurationError(f"{source}: source: {WORDS['extra_forbidden']}")
    try:
        settings = Settings(**{**table, "source": source})
    except ValidationError as error:
        raise ConfigurationError(describe(error, str(source), "")) from None
    _check_whole(settings)
    return settings


def _check_whole(settings: Settings) -> None:
    """Check what several keys say together."""
    problems = list(client_problems(settings.clients, [table.get("key") for table in settings.accounts]))
    problems += settings.documents.problems()
    # Whoever reaches a gateway that cannot tell its callers apart may ask everything.
    if not settings.knows_callers and not is_loopback(settings.server.host):
        problems.append(
            f"server.host: {settings.server.host} is not a loopback address. Without [[clients]] and [jwt], everybody "
            f"who reaches it could read every account; add one (see `linkweave token`), or use 127.0.0.1 or ::1"
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
