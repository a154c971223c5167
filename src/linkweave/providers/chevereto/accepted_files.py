"""The files that a site takes, checked before anything is sent: by size, by name and by content."""

import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Final

from linkweave.providers.chevereto.signatures import KNOWN_TYPES, file_type

# FOUND in Chevereto's source: it decodes the text, encodes it again, and wants the same text.
_BASE64: Final = re.compile(r"[A-Za-z0-9+/]*={0,2}")
_QUANTUM: Final = 4
# Four characters are three bytes: enough of both for a signature.
_HEAD_CHARACTERS: Final = 88

_SYNONYMS: Final = {"jpeg": "jpg"}


@dataclass(frozen=True, slots=True)
class AcceptedFiles:
    """The sizes and types that a site takes. Each method returns what is wrong, or None."""

    max_bytes: int
    types: tuple[str, ...]

    def check_size(self, size: int) -> str | None:
        """Checks a file of `size` bytes."""
        if size <= self.max_bytes:
            return None
        return f"the file has {size} bytes; allowed are {self.max_bytes}"

    def check_type(self, head: bytes, name: str | None) -> str | None:
        """Checks a file that starts with `head`; `name` is None where it has none."""
        allowed = {_SYNONYMS.get(each, each) for each in self.types}
        extension = _extension(name)
        if extension is not None and extension not in allowed:
            return f"its name ends in .{extension}; {self._allowed}"
        kind = file_type(head)
        if kind is not None:
            return None if kind in allowed else f"the file is {kind}; {self._allowed}"
        # A type without a known signature is believed by its name; without a name, the site has to decide.
        unsigned = allowed - KNOWN_TYPES
        believed = bool(unsigned) if extension is None else extension in unsigned
        return None if believed else f"the content of the file has no type that is known here; {self._allowed}"

    def check_base64(self, text: str) -> str | None:
        """Checks a file in base64 without white space."""
        if len(text) % _QUANTUM or _BASE64.fullmatch(text) is None or not _canonical(text[-_QUANTUM:]):
            return "this is no base64: allowed are A-Z, a-z, 0-9, + and /, filled up with = to a multiple of four"
        size = len(text) // _QUANTUM * 3 - text[-2:].count("=")
        return self.check_size(size) or self.check_type(b64decode(text[:_HEAD_CHARACTERS]), None)

    @property
    def _allowed(self) -> str:
        return f"allowed are {', '.join(self.types)}"


def _canonical(end: str) -> bool:
    """Whether the unused bits of the last character are 0, as in the text that the vendor compares with."""
    return b64encode(b64decode(end)).decode() == end


def _extension(name: str | None) -> str | None:
    _, dot, extension = (name or "").rpartition(".")
    extension = extension.lower()
    return _SYNONYMS.get(extension, extension) if dot else None
