"""Puts the environment's variables in place of their names in a configuration."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from linkweave.settings.problems import Path, Problem

_VARIABLE: Final = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
# Shorter values are in other words, too.
_SHORTEST_MASKED: Final = 6


@dataclass(frozen=True, slots=True)
class Variables:
    """The variables of the environment, which of them were used, and where an unset one was."""

    environment: Mapping[str, str] = field(repr=False)
    used: dict[str, str] = field(default_factory=dict, repr=False)
    problems: list[Problem] = field(default_factory=list)

    def expand(self, value: Any, path: Path = ()) -> Any:
        """Returns `value` with the value of `NAME` in place of `${NAME}`. An unset variable stays as it is."""
        if isinstance(value, dict):
            return {name: self.expand(item, (*path, name)) for name, item in value.items()}
        if isinstance(value, list):
            return [self.expand(item, (*path, index)) for index, item in enumerate(value)]
        if not isinstance(value, str):
            return value
        return _VARIABLE.sub(lambda match: self._look_up(match, path), value)

    def mask(self, line: str) -> str:
        """Returns `line` with `${NAME}` in place of the value of a variable: it may be a secret."""
        for name, value in self.used.items():
            if len(value) >= _SHORTEST_MASKED:
                line = line.replace(value, f"${{{name}}}")
        return line

    def _look_up(self, match: re.Match[str], path: Path) -> str:
        name = match[1]
        if name in self.environment:
            self.used[name] = self.environment[name]
            return self.used[name]
        remedy = "set it, or write the value in its place"
        self.problems.append(Problem(path, f"the environment variable {name} is not set; {remedy}"))
        return match[0]
