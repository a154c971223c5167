"""Turns the data of an answer into rows: the objects of one of its lists, with a column for each field."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

import click
import orjson

Cell: TypeAlias = str | float | None

# The lists of a connection's own objects. They come before other lists beside them, such as `sources`.
_ENTRIES: Final = ("nodes", "edges")


def rows_of(data: Any, path: str | None = None) -> list[list[Cell]]:
    """Returns the header, and a row for each object of a list in `data`. There is no header where there is no row.

    `path` names the list, such as `links.nodes`. For None it is the list with the fewest fields above it; of several,
    the first, but `nodes` and `edges` before others. Data without a list of objects are one row.

    Raises:
        BadParameter: there is no list at `path`.
    """
    objects = _first_list(data) if path is None else _list_at(data, path)
    flat = [dict(_flatten(each)) for each in ([data] if objects is None else objects)]
    header: list[Cell] = list(dict.fromkeys(name for row in flat for name in row))
    return [header, *([row.get(str(name)) for name in header] for row in flat)] if header else []


def _list_at(data: Any, path: str) -> Sequence[Any]:
    found = data
    for step in path.split("."):
        found = found.get(step) if isinstance(found, dict) else None
    if not isinstance(found, list):
        known = ", ".join(name for name, _ in _lists(data)) or "none"
        raise click.BadParameter(f"{path!r} is no list of the answer; its lists are: {known}", param_hint="'--rows'")
    return found


def _first_list(data: Any) -> Sequence[Any] | None:
    return next((found for _, found in _lists(data)), None)


def _lists(data: Any) -> Iterator[tuple[str, Sequence[Any]]]:
    """Yields the lists of objects in `data` with their paths: those with fewer fields above them come first."""
    level: list[tuple[str, Any]] = [("", data)]
    while level:
        deeper = [pair for path, each in level if isinstance(each, dict) for pair in _fields(path, each)]
        yield from ((path, each) for path, each in deeper if _is_list_of_objects(each))
        level = deeper


def _fields(path: str, parent: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name in sorted(parent, key=lambda name: name not in _ENTRIES):
        yield f"{path}.{name}" if path else name, parent[name]


def _is_list_of_objects(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, dict) for each in value)


def _flatten(value: Any, name: str = "") -> Iterator[tuple[str, Cell]]:
    """Yields the fields of `value` with their paths. A list is one cell."""
    if isinstance(value, dict):
        for field, each in value.items():
            yield from _flatten(each, f"{name}.{field}" if name else field)
    elif isinstance(value, list):
        yield name, _list_cell(value)
    else:
        yield name, as_text(value) if isinstance(value, bool) else value


def _list_cell(values: Sequence[Any]) -> str:
    """Returns a list as one cell: plain values, and objects of one field, with commas between them; others as JSON."""
    single = [next(iter(each.values())) if isinstance(each, dict) and len(each) == 1 else each for each in values]
    plain = not any(isinstance(each, dict | list) for each in single)
    return ", ".join(map(as_text, single)) if plain else orjson.dumps(values).decode()


def as_text(cell: Cell) -> str:
    """Returns a cell as text: nothing for null."""
    if cell is None:
        return ""
    return str(cell).lower() if isinstance(cell, bool) else str(cell)
