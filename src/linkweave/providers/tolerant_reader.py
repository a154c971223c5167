"""Reads a vendor's answer field by field: what cannot be read is left out and counted, the rest is used.

An answer is checked as a whole first. Only where that fails, each wrong value is removed and the answer is checked
again: a wrong field costs the field, and a row without a field that it needs costs the row.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, TypeAlias, TypeVar

from pydantic import ValidationError

from linkweave.models.left_out import LeftOut
from linkweave.providers.wire import TolerantWire

Model = TypeVar("Model", bound=TolerantWire)

# The way to a value from the outermost object: keys and list positions.
Path: TypeAlias = tuple[str | int, ...]

# Each pass goes one level up at least, from a field to its row; no vendor nests deeper than this.
MAX_PASSES: Final = 12
MAX_ERRORS: Final = 20_000
"""Maximum number of wrong values. Each is a Python object for a moment, and an answer may have megabytes of them."""

_FIELD_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}")
_REMOVED: Final = object()


class UnreadableError(Exception):
    """The answer is not the documented thing at all. The message names the field at fault, never a value."""


def read_tolerantly(model: type[Model], data: object) -> Model:
    """`data` as `model`, without the values that cannot be read; they are in its `left_out`. `data` stays as it is.

    Raises:
        UnreadableError: a field that the outermost object needs is missing or wrong.
    """
    data = model.prepare(data)
    losses = _Losses()
    for _ in range(MAX_PASSES):
        try:
            read = model.model_validate(data)
        except ValidationError as error:
            data = _without(data, losses.count(data, error))
        else:
            if losses.found:
                read.with_left_out(losses.left_out)
            return read
    raise UnreadableError("the answer")


@dataclass(slots=True)
class _Losses:
    """Counts what is removed, by names of fields."""

    rows: Counter[str] = field(default_factory=Counter)
    fields: Counter[str] = field(default_factory=Counter)
    found: bool = False
    needed: dict[Path, str] = field(default_factory=dict)
    """The field for which the object at a path was removed."""

    def count(self, data: object, error: ValidationError) -> Iterable[Path]:
        """The paths of the values to remove because of `error`; an object goes where it lacks a field.

        Raises:
            UnreadableError: the outermost object would have to go.
        """
        if error.error_count() > MAX_ERRORS:
            raise UnreadableError("the answer")
        self.found = True
        before = Counter(self.fields)
        problems = error.errors(include_input=False, include_url=False, include_context=False)
        causes: dict[Path, Path] = {}
        for each in problems:
            # Of an object that lacks several fields, the first is named: vendors put the identity there.
            causes.setdefault(_existing(data, each["loc"]), each["loc"])
        for path, cause in causes.items():
            needed = self.needed.get(cause) or _name(cause)
            if not path:
                raise UnreadableError(needed or "the answer")
            if path != cause:
                self.needed[path] = needed
            self._count(path, cause, before)
        return causes

    def _count(self, path: Path, cause: Path, before: Mapping[str, int]) -> None:
        missing = _name(cause)
        if isinstance(path[-1], int) and _depth(path) == 1:
            self.rows[missing] += 1
        else:
            self.fields[_name(path)] += 1
        # An object that lacks a field because an earlier pass removed its wrong value is one loss, not two.
        if path != cause and before[missing] > 0:
            self.fields[missing] -= 1

    @property
    def left_out(self) -> LeftOut:
        """All losses."""
        return LeftOut(MappingProxyType(dict(+self.rows)), MappingProxyType(dict(+self.fields)))


def _existing(data: Any, path: Path) -> Path:
    """The part of `path` that leads to a value in `data`: pydantic also names missing keys and types of unions."""
    for depth, key in enumerate(path):
        known = (isinstance(data, dict) and key in data) or (
            isinstance(data, list) and isinstance(key, int) and key < len(data)
        )
        if not known:
            return path[:depth]
        data = data[key]
    return path


def _depth(path: Path) -> int:
    """The number of lists that a path leads through: rows are the elements of an outermost list."""
    return sum(isinstance(key, int) for key in path)


def _name(path: Path) -> str:
    """A path without list positions. A key that is no name of a field may be a value: it becomes an asterisk."""
    return ".".join(key if _FIELD_NAME.fullmatch(key) else "*" for key in path if isinstance(key, str))


def _without(data: object, paths: Iterable[Path]) -> object:
    """`data` without the values at `paths`; only what is on the way to them is copied."""
    tree: dict[Any, Any] = {}
    for path in sorted(paths, key=len):
        node = tree
        for key in path[:-1]:
            node = node.setdefault(key, {})
            if node is _REMOVED:
                break
        else:
            node[path[-1]] = _REMOVED
    return _pruned(data, tree)


def _pruned(data: Any, tree: Mapping[Any, Any]) -> Any:
    if isinstance(data, dict):
        kept = ((key, value, tree.get(key)) for key, value in data.items())
        return {key: _pruned(value, way) if way else value for key, value, way in kept if way is not _REMOVED}
    rows = ((value, tree.get(place)) for place, value in enumerate(data))
    return [_pruned(value, way) if way else value for value, way in rows if way is not _REMOVED]
