"""What the tests of Chevereto stand on."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from email import message_from_bytes
from pathlib import Path
from typing import Any

import httpx2

from harness.emulators import ManualClock, Seen, answering
from linkweave.accounts import open_account
from linkweave.models.changes import FileSource
from linkweave.providers.chevereto import PROVIDER
from linkweave.providers.chevereto.adapter import CheveretoAdapter
from linkweave.providers.chevereto.emulator import DEMO_KEY

# What a real Chevereto 4.2.0 answered; where it was and its secrets are replaced. `document` is the vendor's example.
SAMPLES = Path(__file__).parents[1] / "providers" / "chevereto" / "data"
UPLOAD = "/api/1/upload"

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x40\x00\x00\x00\x30\x08\x06\x00\x00\x00" + bytes(range(100))
JPG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(range(100))
GIF = b"GIF89a\x20\x00\x10\x00\xf0\x00\x00!\xff\x0bNETSCAPE2.0" + bytes(60)
BMP = b"BM" + bytes(16) + b"\x20\x00\x00\x00\x10\x00\x00\x00" + bytes(40)
WEBP = b"RIFF\x24\x00\x00\x00WEBPVP8 " + bytes(60)
AVIF = b"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00avifmif1miaf" + bytes(60)
MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(60)


@dataclass
class Handed:
    """A file that notes how often it was opened and how much of it was read."""

    content: bytes = PNG
    piece: int = 7
    opened: int = 0
    closed: int = 0
    read: list[int] = field(default_factory=list)

    async def pieces(self) -> AsyncIterator[bytes]:
        self.opened += 1
        self.read.append(0)
        try:
            for at in range(0, len(self.content), self.piece):
                self.read[-1] += self.piece
                yield self.content[at : at + self.piece]
        finally:
            self.closed += 1

    def source(self, name: str = "cat.png", content_type: str = "image/png") -> FileSource:
        return FileSource(name, content_type, len(self.content), self.pieces)


def a_file(content: bytes = PNG, name: str = "cat.png", content_type: str = "image/png") -> FileSource:
    return Handed(content).source(name, content_type)


def sized(size: int, open_file: Callable[[], AsyncIterator[bytes]], name: str = "cat.png") -> FileSource:
    return FileSource(name, "image/png", size, open_file)


def adapter_over(http: httpx2.AsyncClient, **options: object) -> CheveretoAdapter:
    table = {"key": "images", "provider": "chevereto", "api_key": DEMO_KEY, **options}
    adapter = open_account(PROVIDER.settings.model_validate(table), PROVIDER, http, ManualClock()).adapter
    assert isinstance(adapter, CheveretoAdapter)
    return adapter


def adapter_for(status: int, body: bytes, **options: object) -> CheveretoAdapter:
    """Of an account whose vendor gives every call the same answer."""
    return adapter_over(answering(status, body), **options)


def form_of(call: Seen) -> list[tuple[str, str | None, bytes]]:
    """The parts of a multipart request as Python reads them: name, file name, content."""
    kind = call.headers["content-type"]
    whole: Any = message_from_bytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + call.body)
    return [
        (part.get_param("name", header="content-disposition"), part.get_filename(), part.get_payload(decode=True))
        for part in whole.get_payload()
    ]
