"""The type of a picture by its first bytes."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

SIGNATURE_BYTES: Final = 64
"""Maximum number of bytes that decide. The longest signature is the list of brands of an AVIF file."""

_STARTS: Final[Mapping[bytes, str]] = MappingProxyType(
    {
        b"\xff\xd8\xff": "jpg",
        b"\x89PNG\r\n\x1a\n": "png",
        b"GIF87a": "gif",
        b"GIF89a": "gif",
        b"BM": "bmp",
    }
)
_AVIF_BRANDS: Final = frozenset({b"avif", b"avis"})

KNOWN_TYPES: Final = frozenset({"avif", "webp", *_STARTS.values()})
"""The types that have a signature here."""


def file_type(head: bytes) -> str | None:
    """The usual file extension for what starts with `head`; None where it is none of KNOWN_TYPES."""
    for start, kind in _STARTS.items():
        if head.startswith(start):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    return "avif" if head[4:8] == b"ftyp" and not _AVIF_BRANDS.isdisjoint(_brands(head)) else None


def _brands(head: bytes) -> set[bytes]:
    """The brands in the first box of an ISO media file: the major one, and those after its version."""
    end = min(int.from_bytes(head[:4]), SIGNATURE_BYTES)
    return {head[8:12], *(head[at : at + 4] for at in range(16, end, 4))}
