"""The format of a file, and the size of the picture in it."""

from base64 import b64decode, b64encode
from binascii import Error
from dataclasses import dataclass
from typing import Final

from linkweave.providers.chevereto.emulator.forms import Content


@dataclass(frozen=True, slots=True)
class Format:
    """A format of the site: DOC has those that are enabled."""

    extension: str
    mime: str
    enabled: bool = True


_BMP: Final = Format("bmp", "image/bmp")
_PNG: Final = Format("png", "image/png")
_GIF: Final = Format("gif", "image/gif")
_JPG: Final = Format("jpg", "image/jpeg")
_WEBP: Final = Format("webp", "image/webp")
_AVIF: Final = Format("avif", "image/avif")
_MP4: Final = Format("mp4", "video/mp4", enabled=False)

# The size of pictures whose first bytes do not hold it.
_USUAL_SIZE: Final = (1200, 800)


def format_of(head: bytes) -> Format | None:
    """The format of a file; None where it is no picture."""
    if head[4:8] == b"ftyp":
        return _AVIF if head[8:12] in {b"avif", b"avis"} else _MP4
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return _WEBP
    starts = {b"\x89PNG": _PNG, b"GIF8": _GIF, b"\xff\xd8": _JPG, b"BM": _BMP}
    return next((found for start, found in starts.items() if head.startswith(start)), None)


def stored_format(found: Format) -> Format:
    """The format in which a file is stored: the site converts BMP (FOUND)."""
    return _PNG if found is _BMP else found


def dimensions(head: bytes, found: Format) -> tuple[int, int]:
    """Width and height in pixels."""
    if found is _PNG and head[12:16] == b"IHDR":
        return int.from_bytes(head[16:20]), int.from_bytes(head[20:24])
    if found is _GIF:
        return int.from_bytes(head[6:8], "little"), int.from_bytes(head[8:10], "little")
    if found is _BMP:
        return int.from_bytes(head[18:22], "little"), int.from_bytes(head[22:26], "little")
    return _USUAL_SIZE


def is_animated(head: bytes) -> bool:
    """Whether a GIF is animated."""
    return b"NETSCAPE2.0" in head


def from_base64(text: str) -> Content | None:
    """The file in `text`, with a made-up name; None where PHP would not write the same base64."""
    packed = "".join(text.split()).encode()
    try:
        content = b64decode(packed, validate=True)
    except Error:
        return None
    if b64encode(content) != packed:
        return None
    file = Content("")
    file.feed(content)
    found = format_of(file.head)
    file.name = random_name(file) if found is None else f"{random_name(file)}.{found.extension}"
    return file


def random_name(file: Content) -> str:
    """The name of a file that came without one. It depends on the content alone."""
    return file.md5[:12]


def fetched(url: str) -> Content:
    """A made-up picture for `url`, which depends on the URL alone. Nothing is fetched."""
    name = url.partition("?")[0].rpartition("/")[2] or "index"
    file = Content(name)
    file.feed(b"\x89PNG\r\n\x1a\n" + url.encode())
    return file
