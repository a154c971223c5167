"""Remedies for what was written wrongly: the known name that is nearest, or all known names."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Any, Final, get_args

from pydantic import BaseModel

from linkweave.settings.problems import Path

# Longer words may be credentials in the wrong place.
_LONGEST_SHOWN: Final = 22
_NOT_IN_THE_FILE: Final = frozenset({"source"})


def shown(value: object) -> str:
    """Returns `value` as it would be written if it is short, else words for it."""
    text = repr(value)
    return text if len(text) <= _LONGEST_SHOWN else "this value"


def did_you_mean(written: object, known: Iterable[str]) -> str:
    """Returns a question that ends a message; "" if no known name is near."""
    near = get_close_matches(str(written).lower(), list(known), 1)
    return f"; did you mean {near[0]!r}?" if near else ""


def key_remedy(path: Path, model: type[BaseModel] | None) -> str:
    """Returns what to do about the unknown key at the end of `path`, which starts in `model`."""
    *above, key = path
    table = _model_at(model, above)
    if table is None:
        return ""
    known = sorted(table.model_fields.keys() - _NOT_IN_THE_FILE)
    homes = [] if above else [name for name in known if str(key) in _keys(_model_at(table, [name]))]
    if question := did_you_mean(key, known):
        return question
    return f"; it belongs to [{homes[0]}]" if homes else f"; known here: {', '.join(known)}"


def near_keys(path: Path, model: type[BaseModel] | None) -> Iterator[Path]:
    """Yields the path of the key that the unknown key at the end of `path` probably stands for."""
    *above, key = path
    yield from ((*above, name) for name in get_close_matches(str(key).lower(), _keys(_model_at(model, above)), 1))


def _keys(model: type[BaseModel] | None) -> list[str]:
    return [] if model is None else list(model.model_fields)


def _model_at(model: type[BaseModel] | None, path: Iterable[int | str]) -> type[BaseModel] | None:
    for part in path:
        if model is not None and isinstance(part, str):
            field = model.model_fields.get(part)
            model = None if field is None else next(_models(field.annotation), None)
    return model


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)
