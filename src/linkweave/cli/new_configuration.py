"""The file that `linkweave init` writes: its accounts, its text, and how it comes onto the disk."""

import json
import os
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal, get_args, get_origin

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from linkweave.accounts import account_problems
from linkweave.errors import ConfigurationError
from linkweave.providers.record import Provider
from linkweave.settings import AccountSettings
from linkweave.settings.variables import Variables

_HEAD: Final = "# Linkweave's configuration, written by `linkweave init`. docs/configuration.md describes every key.\n"
_SECRET: Final = "  # read from the environment"  # noqa: S105 - a comment
_VARIABLE_NAME: Final = re.compile(r"[A-Z_][A-Z0-9_]{0,99}")


@dataclass(frozen=True, slots=True)
class NewAccount:
    """The table of an account while it is filled in. Values such as `${NAME}` are read from `environment`."""

    provider: Provider
    environment: Mapping[str, str] = field(repr=False)
    table: dict[str, str] = field(default_factory=dict)

    def questions(self) -> Iterator[tuple[str, FieldInfo]]:
        """Yields each key that must be filled in, in the order of the provider's settings.

        Keys that may be left out follow only until the table is complete, so that one of several logins is enough.
        """
        fields = self.provider.settings.model_fields
        optional = [name for name in fields if name not in AccountSettings.model_fields]
        required = [name for name in fields if fields[name].is_required() and name not in {"key", "provider"}]
        # Of the keys that may be left out, limits and capabilities follow from the plan alone.
        plan = ["plan"] if choices_of(fields["plan"]) and "plan" not in required else []
        for name in (*required, *plan):
            yield name, fields[name]
        for name in optional:
            if name not in self.table and not self._is_complete():
                yield name, fields[name]

    def _is_complete(self) -> bool:
        fields = self.provider.settings.model_fields
        return any(is_secret(fields[name]) for name in self.table) and self.problem() is None

    def problem(self, key: str | None = None) -> str | None:
        """Returns what is wrong with the value under `key`, or with the whole table. An unset variable is not wrong."""
        variables = Variables(self.environment)
        table = variables.expand({"provider": self.provider.id, **self.table})
        unset = {problem.path[0] for problem in variables.problems}
        for problem in account_problems([table], {self.provider.id: self.provider}):
            place = problem.path[2] if len(problem.path) > 2 else None  # noqa: PLR2004 - "accounts", 0, the key
            if place not in unset and key in {None, place}:
                return problem.message
        return None

    def unset(self) -> Iterator[str]:
        """Yields the names of its variables that are not set."""
        for value in self.table.values():
            name = value.removeprefix("${").removesuffix("}")
            if value == variable(name) and name not in self.environment:
                yield name

    def variable_name(self, key: str) -> str:
        """Returns the usual name of the variable for `key`."""
        return re.sub(r"[^A-Z0-9]", "_", f"{self.table['key']}_{key}".upper())


def choices_of(setting: FieldInfo) -> tuple[str, ...]:
    """Returns the values that a setting may have; empty if they are not a list of texts."""
    annotation: Any = setting.annotation
    return get_args(annotation) if get_origin(annotation) is Literal else ()


def is_secret(setting: FieldInfo) -> bool:
    """Whether a setting is a credential."""
    return _mentions_secret(setting.annotation)


def _mentions_secret(annotation: Any) -> bool:
    return annotation is SecretStr or any(_mentions_secret(part) for part in get_args(annotation))


def variable(name: str) -> str:
    """Returns the text that stands for the environment variable `name`."""
    return f"${{{name}}}"


def is_variable_name(name: str) -> bool:
    """Whether `name` is a variable's usual name: capital letters, digits and _. Few credentials look like that."""
    return _VARIABLE_NAME.fullmatch(name) is not None


def render(accounts: Sequence[NewAccount], port: int, name: str) -> str:
    """Returns the text of a configuration with these accounts, and with a catalog in the file `name`.db beside it."""
    catalog = f"[catalog]\nurl = {json.dumps(f'sqlite:///{name}.db')}\n"
    return "\n".join([_HEAD, f"[server]\nport = {port}\n", catalog, *map(_account_text, accounts)])


def _account_text(account: NewAccount) -> str:
    fields = account.provider.settings.model_fields
    source = account.provider.credentials_from
    help_line = [f"# Needs {source}."] if source else []
    lines = [*help_line, "[[accounts]]", f'key = "{account.table["key"]}"', f'provider = "{account.provider.id}"']
    for key, value in account.table.items():
        if key != "key":
            # For text, JSON is also TOML.
            comment = _SECRET if is_secret(fields[key]) else _choices_comment(fields[key])
            lines.append(f"{key} = {json.dumps(value, ensure_ascii=False)}{comment}")
    return "".join(f"{line}\n" for line in lines)


def _choices_comment(setting: FieldInfo) -> str:
    return f"  # {' | '.join(choices_of(setting))}" if choices_of(setting) else ""


def write(path: Path, text: str) -> None:
    """Write `text` to `path` at once: there is the whole file or none. Only its owner can read it.

    Raises:
        ConfigurationError: the file cannot be written.
    """
    target = path.resolve()
    try:
        # Files of mkstemp are readable by their owner alone.
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            Path(name).replace(target)
        except BaseException:
            with suppress(FileNotFoundError):
                Path(name).unlink()
            raise
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be written: {error.strerror or error}") from error
