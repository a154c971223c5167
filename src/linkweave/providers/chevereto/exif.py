"""The Exif data of a picture.

The document has the field and no example; `inferred.py` says for what it is taken.
"""

from typing import Annotated, Final, TypeAlias

import orjson
from pydantic import BeforeValidator

MAX_TAGS: Final = 200
"""Maximum number of Exif tags that are shown."""
MAX_CHARACTERS: Final = 500
"""Maximum length of a value. Makers put binary data into some."""


def parse_exif(value: object) -> tuple[tuple[str, str], ...]:
    """Names and values from an object, or from its JSON text; none from anything else."""
    if isinstance(value, str | bytes):
        try:
            value = orjson.loads(value)
        except orjson.JSONDecodeError:
            value = None
    if not isinstance(value, dict):
        return ()
    tags = ((str(name), _text(each)) for name, each in value.items())
    return tuple((name, text) for name, text in tags if text is not None)[:MAX_TAGS]


def _text(value: object) -> str | None:
    if isinstance(value, list):
        parts = [_text(each) for each in value]
        return ", ".join(part for part in parts if part) or None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    text = str(value)
    return text[:MAX_CHARACTERS] if text.isprintable() else None


ExifTags: TypeAlias = Annotated[tuple[tuple[str, str], ...], BeforeValidator(parse_exif)]
