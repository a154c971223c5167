"""What is wrong with a configuration: one problem per key, and the error that has a line for each."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from linkweave.errors import ConfigurationError

Path: TypeAlias = tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one key. `path` leads to the key; `name` is that of the account or client around it."""

    path: Path
    message: str
    name: str = ""

    @property
    def place(self) -> str:
        """The key as messages name it, such as `accounts[0] (picsee-main).token`."""
        parts = [f"[{part}]" if isinstance(part, int) else f".{part}" for part in self.path]
        if self.name and len(parts) > 1:
            parts[1] += f" ({self.name})"
        return "".join(parts).lstrip(".")

    def below(self, path: Path, name: str) -> "Problem":
        """Returns the same problem of a table that is at `path` of the configuration."""
        return replace(self, path=(*path, *self.path), name=name)


def name_of(table: Any, key: str) -> str:
    """Returns the name that the table of an account or a client has under `key`; "" if it has none."""
    name = table.get(key) if isinstance(table, dict) else None
    return name if isinstance(name, str) else ""


def first_of_each_key(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Yields the first problem of each key. The others may only follow from it."""
    seen: set[Path] = set()
    for problem in problems:
        if problem.path not in seen:
            seen.add(problem.path)
            yield problem


def refusal(lines: Iterable[str], source: object) -> ConfigurationError:
    """Returns the error that says each of `lines` of the configuration `source`."""
    return ConfigurationError("\n".join(f"{source}: {line}" for line in lines))
