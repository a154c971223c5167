"""GraphQL multipart requests: an operation, a map, and files, which stay on disk until a provider sends them."""

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
# "operations", "map", and fields that some clients add.
MAX_FIELDS: Final = 10
MAX_OPERATION_BYTES: Final = 1_000_000
# Starlette says only by these words that a limit is exceeded (FOUND, 1.10).
_LIMIT_MESSAGES: Final = ("Field exceeded", "Part exceeded", "Too many")
_CHUNK_BYTES: Final = 64 * 1024

# More digits than any list has items. Python itself refuses to read a number of some thousand digits.
_INDEX: Final = re.compile(r"[0-9]{1,9}")

# A page of another origin can send a form, but none of these headers without asking first (a preflight).
PREFLIGHT_HEADERS: Final = ("GraphQL-Require-Preflight", "Apollo-Require-Preflight", "X-Requested-With")


@dataclass(frozen=True, slots=True)
class _FilePlace:
    """A place in the operation's variables for a file: an entry of `container`."""

    container: Any
    key: str | int


async def read_multipart(request: Request) -> dict[str, Any]:
    """Returns the operation in `request`, with a FileSource in the place of each of its files.

    Raises:
        HTTPException: 400 says what is wrong with the form, the map or the places; 413 if the form exceeds a limit.
    """
    if not any(name in request.headers for name in PREFLIGHT_HEADERS):
        names = ", ".join(PREFLIGHT_HEADERS)
        raise HTTPException(400, f"A multipart request needs one of the headers {names}, with any value.")
    form = await _read_form(request)
    operation = json_object(_text_field(form, "operations"), orjson.loads)
    paths_of_files = _read_map(_text_field(form, "map"))
    places = [(_file_place(operation, path), name) for name, paths in paths_of_files.items() for path in paths]
    _check_places([place for place, _ in places])
    for place, name in places:
        place.container[place.key] = _file(form, name)
    return dict(operation)


async def _read_form(request: Request) -> FormData:
    try:
        return await request.form(max_files=MAX_FILES, max_fields=MAX_FIELDS, max_part_size=MAX_OPERATION_BYTES)
    except MultiPartException as error:
        status = 413 if error.message.startswith(_LIMIT_MESSAGES) else 400
        raise HTTPException(status, f"Unable to parse the multipart body: {error.message}") from None


def _text_field(form: FormData, name: str) -> str:
    value = form.get(name)
    if not isinstance(value, str):
        raise HTTPException(400, f"Unable to parse the multipart body: it needs a field {name} with JSON in it.")
    return value


def _read_map(text: str) -> Mapping[str, list[str]]:
    """Returns the paths of each file, by the name of the file's field."""
    try:
        paths_of_files = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise HTTPException(400, f"map: is not JSON: {error}.") from None
    if not isinstance(paths_of_files, dict) or not all(map(_are_paths, paths_of_files.values())):
        raise HTTPException(400, 'map: must be an object of lists of paths, like {"0": ["variables.file"]}.')
    return paths_of_files


def _are_paths(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(path, str) for path in value)


def _check_places(places: list[_FilePlace]) -> None:
    taken: set[tuple[int, str | int]] = set()
    for place in places:
        identity = (id(place.container), place.key)
        if identity in taken or place.container[place.key] is not None:
            raise HTTPException(400, "map: every place must be null in operations, and named once.")
        taken.add(identity)


def _file_place(operation: dict[str, Any], path: str) -> _FilePlace:
    """Returns the place at `path`, which must be in the variables."""
    first, *rest = path.split(".")
    container: Any = operation
    key: str | int = first
    for part in rest:
        container = _entry(container, key, path)
        key = int(part) if isinstance(container, list) and _INDEX.fullmatch(part) else part
    _entry(container, key, path)
    if first != "variables" or not rest:
        raise HTTPException(400, f"map: {path[:200]!r} is not a place in variables.")
    return _FilePlace(container, key)


def _entry(container: Any, key: str | int, path: str) -> Any:
    try:
        return container[key]
    except (KeyError, IndexError, TypeError):
        raise HTTPException(400, f"map: {path[:200]!r} is not a place in operations.") from None


def _file(form: FormData, name: str) -> FileSource:
    upload = form.get(name)
    if not isinstance(upload, UploadFile):
        raise HTTPException(400, f"File(s) missing in form data: map names {name[:200]!r}, which is not there.")

    async def chunks() -> AsyncIterator[bytes]:
        await upload.seek(0)
        while chunk := await upload.read(_CHUNK_BYTES):
            yield chunk

    content_type = upload.content_type or "application/octet-stream"
    return FileSource(upload.filename or name, content_type, upload.size or 0, chunks)
