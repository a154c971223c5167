"""The only reader of the configuration file and of the environment."""

import re
import tomllib
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, StringConstraints, ValidationError
from pydantic_core import PydanticCustomError

from linkweave.errors import ConfigurationError

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")

MAX_DEADLINE_SECONDS: Final = 300

_WORDS: Final = MappingProxyType(
    {
        "extra_forbidden": "is not a known key",
        "missing": "is required, but missing",
        "too_short": "must not be empty",
        "dict_type": "must be a table",
        "model_type": "must be a table",
        "tuple_type": "must be a list; a list of tables is written with double brackets, as in [[accounts]]",
    }
)

_KEY = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_HOST = re.compile(r"[\w.-]+|[0-9a-f:.]+")
# No public host has one of these names: RFC 2606, 6761, 6762, and ICANN's reservation of .internal.
_LOCAL_NAMES: Final = frozenset({"test", "example", "invalid", "localhost", "local", "internal"})


def _key(value: str) -> str:
    if not _KEY.fullmatch(value):
        raise PydanticCustomError(
            "key", "must be lower-case letters, digits, '.', '_' and '-', the first a letter or digit, at most 64"
        )
    return value


def _secret(value: SecretStr) -> SecretStr:
    text = value.get_secret_value()
    if not text:
        raise PydanticCustomError("secret", "is empty")
    if not text.isprintable() or text != text.strip():
        raise PydanticCustomError("secret", "has white space around it, or a line break or another odd character in it")
    return value


def _base_url(value: str) -> str:
    parts = _split(value)
    if parts is None or parts.hostname is None:
        raise PydanticCustomError(
            "base_url", "must be a URL such as https://api.example.com/v1, without user, query and fragment"
        )
    if parts.scheme == "http" and not _is_local(parts.hostname):
        raise PydanticCustomError(
            "base_url",
            "must begin with https://, or this account's credentials would travel in the clear; http:// is "
            "for emulators, at loopback and private addresses, names without a dot, and names that end in .test",
        )
    return value


def _split(value: str) -> SplitResult | None:
    try:
        parts = urlsplit(value)
        port_is_fine = parts.port != 0
    except ValueError:
        return None
    known = parts.scheme in {"http", "https"} and _HOST.fullmatch(parts.hostname or "") is not None
    plain = value.isprintable() and not re.search(r"[\s?#@\\]", value)
    return parts if known and plain and port_is_fine else None


def _is_local(host: str) -> bool:
    try:
        return not ip_address(host).is_global
    except ValueError:
        labels = host.rstrip(".").split(".")
        return len(labels) == 1 or labels[-1] in _LOCAL_NAMES


Key = Annotated[str, AfterValidator(_key)]
DomainName = Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True, min_length=1)]
BaseUrl = Annotated[str, AfterValidator(_base_url)]
Secret = Annotated[SecretStr, AfterValidator(_secret)]


class Frozen(BaseModel):
    """A section of the configuration: unknown keys are errors, values do not change."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class ServerSettings(Frozen):
    """Where the gateway listens and how long an operation may take.

    A request with files has `upload_deadline_seconds` in place of `deadline_seconds`, and `max_upload_bytes` bounds all
    of it. `secret` signs cursors. Without one it is drawn at start, and cursors do not outlive the process.
    """

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    deadline_seconds: float = Field(default=10, gt=0, le=MAX_DEADLINE_SECONDS)
    upload_deadline_seconds: float = Field(default=120, gt=0, le=MAX_DEADLINE_SECONDS)
    max_upload_bytes: int = Field(default=25_000_000, ge=1_000_000, le=1_000_000_000)
    secret: Secret | None = None


class CacheSettings(Frozen):
    """Where answers will be kept; in this release nothing is cached beyond one request."""

    url: Annotated[str, StringConstraints(pattern=r"^(memory|rediss?)://")] = "memory://"


class AccountSettings(Frozen):
    """What every account has. A provider's own settings add its credentials.

    `timeout_seconds` bounds one call that reads; one that writes has the operation's whole time. `domains` are the
    short domains that the account owns, for providers that cannot list them.
    """

    key: Key
    provider: str
    label: str | None = None
    plan: str | None = None
    base_url: BaseUrl | None = None
    domains: tuple[DomainName, ...] = ()
    timeout_seconds: float = Field(default=5, gt=0, le=MAX_DEADLINE_SECONDS)

    @property
    def home_domain(self) -> str | None:
        """The domain of a link for which none is named, as far as the settings tell."""
        return next(iter(self.domains), None)


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
    if "source" in table:
        raise ConfigurationError(f"{source}: source: {_WORDS['extra_forbidden']}")
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
