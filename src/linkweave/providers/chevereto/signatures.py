"""What kind of picture a file is, by its first bytes."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

# So many bytes decide: the longest way to the answer is the list of brands of an AVIF file.
ENOUGH_BYTES: Final = 64

AVIF: Final = "avif"
WEBP: Final = "webp"

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

# The kinds that can be told; a file of another kind has no signature that is known here.
KNOWN: Final = frozenset({AVIF, WEBP, *_STARTS.values()})


def kind_of(head: bytes) -> str | None:
    """The usual file extension for what starts with `head`; None where it is none of `KNOWN`."""
    for start, kind in _STARTS.items():
        if head.startswith(start):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    return AVIF if head[4:8] == b"ftyp" and not _AVIF_BRANDS.isdisjoint(_brands(head)) else None


def _brands(head: bytes) -> set[bytes]:
    """The brands in the first box of an ISO media file: the major one, and those after its version."""
    end = min(int.from_bytes(head[:4]), ENOUGH_BYTES)
    return {head[8:12], *(head[at : at + 4] for at in range(16, end, 4))}
