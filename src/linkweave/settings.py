"""The only reader of the configuration file and of the environment."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints, ValidationError

from linkweave.errors import ConfigurationError

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")

Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]
DomainName = Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True, min_length=1)]
HttpUrl = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/?#]+[^\s?#]*$")]
Secret = Annotated[SecretStr, Field(min_length=1)]

MAX_DEADLINE_SECONDS: Final = 300


class Frozen(BaseModel):
    """A section of the configuration: unknown keys are errors, values do not change."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class ServerSettings(Frozen):
    """Where the gateway listens and how long an operation may take.

    `secret` signs cursors. Without one it is drawn at start, and cursors do not outlive the process.
    """

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    deadline_seconds: float = Field(default=10, gt=0, le=MAX_DEADLINE_SECONDS)
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


def load(path: Path, environment: Mapping[str, str]) -> Settings:
    """Read and check `path`; `${NAME}` in any value is taken from `environment`.

    Raises:
        ConfigurationError: names the file and the key, says what is wrong and what would be right.
    """
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be read: {error.strerror or error}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: is not TOML: {error}") from None
    return from_table(_expand(table, environment, str(path), ""), path)


def from_table(table: Mapping[str, Any], source: Literal["demo"] | Path) -> Settings:
    """Settings of an already decoded configuration.

    Raises:
        ConfigurationError: as `load`.
    """
    try:
        return Settings(**{**table, "source": source})
    except ValidationError as error:
        raise ConfigurationError(describe(error, str(source), "")) from None


def describe(error: ValidationError, source: str, prefix: str) -> str:
    """What is wrong, one line per key, without the values that were given: they may be secrets."""
    lines = []
    for problem in error.errors(include_url=False, include_input=False, include_context=False):
        key = prefix + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in problem["loc"])
        message = "is not a known key" if problem["type"] == "extra_forbidden" else problem["msg"]
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
