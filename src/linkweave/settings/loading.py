"""Reads the configuration file and the environment: no other module does."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError

from linkweave.errors import ConfigurationError
from linkweave.settings.cache import CacheSettings
from linkweave.settings.catalog import CatalogSettings
from linkweave.settings.clients import ClientSettings, JwtSettings, client_problems
from linkweave.settings.documents import DocumentSettings
from linkweave.settings.hooks import HooksSettings
from linkweave.settings.limits import LimitSettings
from linkweave.settings.log import LogSettings
from linkweave.settings.metrics import MetricsSettings
from linkweave.settings.network import NetworkSettings
from linkweave.settings.problems import Problem, first_of_each_key, refusal
from linkweave.settings.server import ServerSettings
from linkweave.settings.traces import TracesSettings
from linkweave.settings.validation_errors import UNKNOWN_KEY, problems_in
from linkweave.settings.values import SettingsModel, is_loopback
from linkweave.settings.variables import Variables


class Settings(SettingsModel):
    """The whole configuration. Accounts are tables until their providers have checked them."""

    server: ServerSettings = ServerSettings()
    cache: CacheSettings = CacheSettings()
    catalog: CatalogSettings = CatalogSettings()
    documents: DocumentSettings = DocumentSettings()
    hooks: HooksSettings = HooksSettings()
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


@dataclass(frozen=True, slots=True)
class Draft:
    """A configuration that was read, and what is wrong with it.

    In `settings`, faulty keys have their defaults. The sections in `unusable` have nothing that could be checked.
    """

    settings: Settings
    unusable: frozenset[str]
    problems: tuple[Problem, ...]
    variables: Variables = field(repr=False)

    def settled(self, more: Iterable[Problem] = (), lines: Iterable[str] = ()) -> Settings:
        """Returns the settings if neither the draft nor the caller, in `more` and `lines`, has found a problem.

        Raises:
            ConfigurationError: there is one. The message has a line for each.
        """
        found = [f"{each.place}: {each.message}" for each in first_of_each_key([*self.problems, *more])]
        found += lines
        if found:
            raise refusal([self.variables.mask(line) for line in found], self.settings.source) from None
        return self.settings


def load(path: Path, environment: Mapping[str, str], server: Mapping[str, Any] | None = None) -> Settings:
    """Returns the settings that `read` finds at `path`.

    Raises:
        ConfigurationError: a line of the message names the file and a key, and says what is wrong and what is right.
    """
    return read(path, environment, server).settled()


def read(
    path: Path,
    environment: Mapping[str, str],
    server: Mapping[str, Any] | None = None,
    accounts: Sequence[Mapping[str, Any]] | None = None,
) -> Draft:
    """Returns what the file at `path` says, with the value of `NAME` in `environment` in place of `${NAME}`.

    `server` takes precedence over the [server] of the file; `accounts` take the place of its accounts.

    Raises:
        ConfigurationError: there is no such file, or it is not TOML.
    """
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        remedy = "; `linkweave init` writes one" if isinstance(error, FileNotFoundError) else ""
        raise ConfigurationError(f"{path}: cannot be read: {error.strerror or error}{remedy}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: is not TOML: {error}") from None
    if accounts is not None:
        table["accounts"] = accounts
    variables = Variables(environment)
    expanded = variables.expand(table)
    section = expanded.get("server", {})
    if server and isinstance(section, dict):
        expanded = {**expanded, "server": {**section, **server}}
    return _draft(expanded, path, variables)


def from_table(table: Mapping[str, Any], source: Literal["demo"] | Path) -> Settings:
    """Returns the settings of a configuration that is already decoded.

    Raises:
        ConfigurationError: as `load`.
    """
    return _draft(table, source, Variables({})).settled()


def _draft(table: Mapping[str, Any], source: Literal["demo"] | Path, variables: Variables) -> Draft:
    given = {name: section for name, section in table.items() if name != "source"}
    # A field of the settings, but no key of the file.
    problems = [Problem(("source",), UNKNOWN_KEY)] if "source" in table else []
    unusable: frozenset[str] = frozenset()
    try:
        settings = Settings(**given, source=source)
    except ValidationError as error:
        problems += problems_in(error, Settings)
        settings, unusable = _salvage(given, problems, source)
    problems = [*variables.problems, *problems, *_problems_of_the_whole(settings, unusable)]
    return Draft(settings, unusable, tuple(problems), variables)


def _salvage(
    table: Mapping[str, Any], problems: Iterable[Problem], source: Literal["demo"] | Path
) -> tuple[Settings, frozenset[str]]:
    """Returns the settings of `table` without its faulty keys, and the sections that are unusable without them."""
    usable = {name: dict(section) if isinstance(section, dict) else section for name, section in table.items()}
    unusable = set()
    for section, *rest in (problem.path for problem in problems):
        given = usable.get(str(section))
        if isinstance(given, dict) and rest:
            given.pop(rest[0], None)
        else:
            unusable.add(section)
    try:
        Settings.model_validate({"accounts": [{}], **usable})
    except ValidationError as error:
        unusable |= {problem["loc"][0] for problem in error.errors(include_url=False)}
    rest_of_it = {name: section for name, section in usable.items() if name not in unusable}
    return Settings(**{"accounts": [{}], **rest_of_it, "source": source}), frozenset(map(str, unusable))


def _problems_of_the_whole(settings: Settings, unusable: frozenset[str]) -> Iterator[Problem]:
    """Yields what is wrong with keys among each other."""
    if unusable.isdisjoint({"accounts", "clients"}):
        yield from client_problems(settings.clients, [table.get("key") for table in settings.accounts])
    yield from settings.documents.problems()
    if settings.cache.public and settings.requires_authentication:
        yield Problem(
            ("cache", "public"), "is for gateways without [[clients]] and [jwt]: a cache cannot tell callers apart"
        )
    # Without authentication, every client that reaches the gateway has full access.
    open_to_all = not settings.requires_authentication and unusable.isdisjoint({"clients", "jwt"})
    if open_to_all and not is_loopback(settings.server.host):
        yield Problem(
            ("server", "host"),
            f"{settings.server.host} is not a loopback address. Without [[clients]] and [jwt], every client that "
            "reaches it could read every account; add one (see `linkweave token`), or use 127.0.0.1 or ::1",
        )
