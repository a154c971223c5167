"""Values that Chevereto 3 leaves out of its answers, from others that it has.

The file is stored by then. Without these values its addresses would be lost.
"""

from collections.abc import Mapping
from mimetypes import guess_type
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from linkweave.providers.wire import web_url_or_none


def completed(image: Mapping[str, Any]) -> Mapping[str, Any]:
    """`image` with what identifies the file: id, name, extension, media type, and the addresses of its page."""
    viewer = web_url_or_none(image.get("url_viewer")) or web_url_or_none(image.get("url_short"))
    file = _path(image.get("filename") or image.get("url"))
    extension = _text(image.get("extension")) or file.suffix.removeprefix(".").lower()
    fallbacks = {
        "url_viewer": viewer,
        "url_short": viewer,
        "id_encoded": None if viewer is None else PurePosixPath(urlsplit(viewer).path).name.rpartition(".")[2],
        "name": file.stem,
        "extension": extension,
        "mime": guess_type(f"file.{extension}")[0] if extension else None,
    }
    return {**image, **{key: value for key, value in fallbacks.items() if value and not _is_good(key, image.get(key))}}


def _is_good(key: str, value: object) -> bool:
    return bool(_text(value)) if not key.startswith("url_") else web_url_or_none(value) is not None


def _text(value: object) -> str | None:
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) and value != "" else None


def _path(value: object) -> PurePosixPath:
    return PurePosixPath(urlsplit(value).path if isinstance(value, str) and "://" in value else _text(value) or "")
