"""GraphQL multipart requests: the operation, a map, and files, which stay on disk until a provider takes them."""

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson
from cross_web import HTTPException
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import Request

from linkweave.edge.http.request_parsing import json_object
from linkweave.models.changes import FileSource

MAX_FILES: Final = 20
# operations, map, and what some client adds.
MAX_FIELDS: Final = 10
MAX_OPERATION_BYTES: Final = 1_000_000
# How Starlette (FOUND, 1.10) says so, which has no other word for it.
_TOO_LARGE: Final = ("Field exceeded", "Part exceeded", "Too many")
_PIECE: Final = 64 * 1024

# More digits than any list has places; Python itself refuses to read some thousand of them.
_INDEX: Final = re.compile(r"[0-9]{1,9}")

# A page of another origin can send a form, but none of these headers without asking first (a preflight).
PREFLIGHT_HEADERS: Final = ("GraphQL-Require-Preflight", "Apollo-Require-Preflight", "X-Requested-With")


@dataclass(frozen=True, slots=True)
class _Slot:
    """A place in the operation that waits for a file."""

    container: Any
    key: str | int


async def read_multipart(request: Request) -> dict[str, Any]:
    """The operation in `request`, with its files as FileSource in their places.

    Raises:
        HTTPException: 400 with what is wrong with the form, the map or the places; 413 where a limit of its parts is.
    """
    if not any(name in request.headers for name in PREFLIGHT_HEADERS):
        names = ", ".join(PREFLIGHT_HEADERS)
        raise HTTPException(400, f"A multipart request needs one of the headers {names}, with any value.")
    try:
        form = await request.form(max_files=MAX_FILES, max_fields=MAX_FIELDS, max_part_size=MAX_OPERATION_BYTES)
    except MultiPartException as error:
        status = 413 if error.message.startswith(_TOO_LARGE) else 400
        raise HTTPException(status, f"Unable to parse the multipart body: {error.message}") from None
    operation = json_object(_text(form, "operations"), orjson.loads)
    places = _places(_text(form, "map"))
    slots = [(_slot(operation, path), name) for name, paths in places.items() for path in paths]
    taken: set[tuple[int, str | int]] = set()
    for slot, _ in slots:
        here = (id(slot.container), slot.key)
        if here in taken or slot.container[slot.key] is not None:
            raise HTTPException(400, "map: every place must be null in operations, and named once.")
        taken.add(here)
    for slot, name in slots:
        slot.container[slot.key] = _file(form, name)
    return dict(operation)


def _text(form: FormData, name: str) -> str:
    value = form.get(name)
    if not isinstance(value, str):
        raise HTTPException(400, f"Unable to parse the multipart body: it needs a field {name} with JSON in it.")
    return value


def _places(text: str) -> Mapping[str, list[str]]:
    """The paths of each file, from the form's map."""
    try:
        places = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise HTTPException(400, f"map: is not JSON: {error}.") from None
    if not isinstance(places, dict) or not all(map(_are_paths, places.values())):
        raise HTTPException(400, 'map: must be an object of lists of paths, like {"0": ["variables.file"]}.')
    return places


def _are_paths(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(path, str) for path in value)


def _slot(operation: dict[str, Any], path: str) -> _Slot:
    """The place that `path` leads to, which must lie in the variables."""
    first, *rest = path.split(".")
    container: Any = operation
    key: str | int = first
    for part in rest:
        container = _step(container, key, path)
        key = int(part) if isinstance(container, list) and _INDEX.fullmatch(part) else part
    _step(container, key, path)
    if first != "variables" or not rest:
        raise HTTPException(400, f"map: {path[:200]!r} is not a place in variables.")
    return _Slot(container, key)


def _step(container: Any, key: str | int, path: str) -> Any:
    try:
        return container[key]
    except (KeyError, IndexError, TypeError):
        raise HTTPException(400, f"map: {path[:200]!r} is not a place in operations.") from None


def _file(form: FormData, name: str) -> FileSource:
    upload = form.get(name)
    if not isinstance(upload, UploadFile):
        raise HTTPException(400, f"File(s) missing in form data: map names {name[:200]!r}, which is not there.")

    async def pieces() -> AsyncIterator[bytes]:
        await upload.seek(0)
        while piece := await upload.read(_PIECE):
            yield piece

    content_type = upload.content_type or "application/octet-stream"
    return FileSource(upload.filename or name, content_type, upload.size or 0, pieces)
