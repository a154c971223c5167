"""What a site takes, checked before anything is sent: size and type, by name and by content."""

import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Final

from linkweave.providers.chevereto.settings import CheveretoSettings
from linkweave.providers.chevereto.signatures import KNOWN, kind_of

# FOUND in Chevereto's source: it decodes, encodes again, and wants the same text. A line break is dropped before.
_BASE64: Final = re.compile(r"[A-Za-z0-9+/]*={0,2}")
_QUANTUM: Final = 4
# Four characters are three bytes; enough of both for a signature.
_HEAD_CHARACTERS: Final = 88

_SAME: Final = {"jpeg": "jpg"}


@dataclass(frozen=True, slots=True)
class Accepted:
    """The sizes and types that a site takes."""

    max_bytes: int
    types: tuple[str, ...]

    @classmethod
    def by(cls, settings: CheveretoSettings) -> "Accepted":
        """As the settings of an account say."""
        return cls(settings.max_file_bytes, settings.file_types)

    def object_to_size(self, size: int) -> str | None:
        """What is wrong with a file of `size` bytes."""
        if size <= self.max_bytes:
            return None
        return f"the file has {size} bytes; allowed are {self.max_bytes}"

    def object_to_type(self, head: bytes, name: str | None) -> str | None:
        """What is wrong with a file that starts with `head`; `name` is None where it has none."""
        allowed = {_SAME.get(each, each) for each in self.types}
        told = _extension(name)
        if told is not None and told not in allowed:
            return f"its name ends in .{told}; {self._allowed}"
        kind = kind_of(head)
        if kind is not None:
            return None if kind in allowed else f"the file is {kind}; {self._allowed}"
        # A type that has no known signature is believed by its name, or left to the site where there is none.
        unsigned = allowed - KNOWN
        believed = bool(unsigned) if told is None else told in unsigned
        return None if believed else f"the content of the file is of no type that can be told; {self._allowed}"

    @property
    def _allowed(self) -> str:
        return f"allowed are {', '.join(self.types)}"

    def object_to_base64(self, text: str) -> str | None:
        """What is wrong with `text` without its white space."""
        if len(text) % _QUANTUM or _BASE64.fullmatch(text) is None or not _canonical(text[-_QUANTUM:]):
            return "this is no base64: allowed are A-Z, a-z, 0-9, + and /, filled up with = to a multiple of four"
        size = len(text) // _QUANTUM * 3 - text[-2:].count("=")
        return self.object_to_size(size) or self.object_to_type(b64decode(text[:_HEAD_CHARACTERS]), None)


def _canonical(end: str) -> bool:
    """Whether the bits that the last character has too many are 0, as they are in what the vendor compares with."""
    return b64encode(b64decode(end)).decode() == end


def _extension(name: str | None) -> str | None:
    _, dot, extension = (name or "").rpartition(".")
    extension = extension.lower()
    return _SAME.get(extension, extension) if dot else None
