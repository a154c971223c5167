"""The only reader of the configuration file and of the environment."""

import re
import tomllib
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints, ValidationError

from linkweave.errors import ConfigurationError

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")

Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]
DomainName = Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True, min_length=1)]
HttpUrl = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/?#]+[^\s?#]*$")]
Secret = Annotated[SecretStr, Field(min_length=1)]

MAX_DEADLINE_SECONDS: Final = 300

_WORDS: Final = MappingProxyType({"extra_forbidden": "is not a known key", "missing": "is required, but missing"})


class Frozen(BaseModel):
    """A section of the configuration: unknown keys are errors, values do not change."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class ServerSettings(Frozen):
    """Where the gateway listens and how long an operation may take.

    `max_upload_bytes` bounds a request with files, all of them together. `secret` signs cursors. Without one it is
    drawn at start, and cursors do not outlive the process.
    """

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    deadline_seconds: float = Field(default=10, gt=0, le=MAX_DEADLINE_SECONDS)
    max_upload_bytes: int = Field(default=25_000_000, ge=1_000_000, le=1_000_000_000)
    secret: Secret | None = None


class CacheSettings(Frozen):
    """Where answers will be kept; in this release nothing is cached beyond one request."""

    url: Annotated[str, StringConstraints(pattern=r"^(memory|rediss?)://")] = "memory://"


class AccountSettings(Frozen):
    """What every account has. A provider's own settings add its credentials.

    `timeout_seconds` bounds one call to the vendor. `domains` are the short domains that the account owns,
    for providers that cannot list them.
    """

    key: Key
    provider: str
    label: str | None = None
    plan: str | None = None
    base_url: HttpUrl | None = None
    domains: tuple[DomainName, ...] = ()
    timeout_seconds: float = Field(default=10, gt=0, le=MAX_DEADLINE_SECONDS)


class Settings(Frozen):
    """The whole configuration. Accounts are kept as tables until their provider has checked them."""

    server: ServerSettings = ServerSettings()
    cache: CacheSettings = CacheSettings()
    accounts: tuple[Mapping[str, Any], ...] = Field(min_length=1, repr=False)
    clients: tuple[Mapping[str, Any], ...] = Field(default=(), repr=False)
    source: Literal["demo"] | Path = Path("linkweave.toml")

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
    try:
        settings = Settings(**{**table, "source": source})
    except ValidationError as error:
        raise ConfigurationError(describe(error, str(source), "")) from None
    _refuse_exposure(settings)
    return settings


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach `host`. A name other than localhost is not looked up."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _refuse_exposure(settings: Settings) -> None:
    """Whoever reaches the gateway may ask everything, as long as it cannot tell its callers apart."""
    if settings.clients:
        raise ConfigurationError(
            f"{settings.source}: clients: is not in this release, which cannot tell callers apart; leave [[clients]] "
            f"out, and keep server.host on a loopback address"
        )
    if not is_loopback(settings.server.host):
        raise ConfigurationError(
            f"{settings.source}: server.host: {settings.server.host} is not a loopback address. Without [[clients]], "
            f"which are not in this release, everybody who reaches it could read every account; use 127.0.0.1 or ::1"
        )


def describe(error: ValidationError, source: str, prefix: str) -> str:
    """What is wrong, one line per key, without the values that were given: they may be secrets."""
    lines = []
    for problem in error.errors(include_url=False, include_input=False, include_context=False):
        key = prefix + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in problem["loc"])
        message = _WORDS.get(problem["type"], problem["msg"])
        lines.append(f"{source}: {key.lstrip('.')}: {message[:1].lower()}{message[1:]}")
    return "\n".join(lines)


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
