"""A multipart form as a stream of known length, so that a file of any size passes through piece by piece.

httpx2 writes forms too, but only from files that it reads without yielding to the event loop.
"""

import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import httpx2

from linkweave.transport.call import FilePart, Pairs


@dataclass(frozen=True, slots=True)
class MultipartForm:
    """Fields and at most one file, ready to be sent."""

    fields: Pairs = field(repr=False)
    file: FilePart | None = None
    boundary: str = field(default_factory=lambda: secrets.token_hex(16))

    @property
    def headers(self) -> Pairs:
        """The headers that a request with this body needs."""
        return (
            ("content-type", f"multipart/form-data; boundary={self.boundary}"),
            ("content-length", str(self._length())),
        )

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """The body in pieces.

        Raises:
            LocalProtocolError: the file is not as long as it was said to be. Less than the promised length was sent
                then, so the vendor has no complete request.
        """
        yield self._before()
        if self.file is not None:
            left = self.file.file.size
            async for piece in self.file.file.open():
                left -= len(piece)
                if left < 0:
                    break
                yield piece
            if left:
                raise httpx2.LocalProtocolError("the file is not as long as it was said to be")
        yield self._after()

    def _length(self) -> int:
        size = 0 if self.file is None else self.file.file.size
        return len(self._before()) + size + len(self._after())

    def _before(self) -> bytes:
        parts = [self._part(f'name="{_quoted(name)}"') + value.encode() + b"\r\n" for name, value in self.fields]
        if self.file is not None:
            disposition = f'name="{_quoted(self.file.field)}"; filename="{_quoted(self.file.file.name)}"'
            parts.append(self._part(disposition, f"Content-Type: {_one_line(self.file.file.content_type)}\r\n"))
        return b"".join(parts)

    def _after(self) -> bytes:
        return ("\r\n" if self.file is not None else "").encode() + f"--{self.boundary}--\r\n".encode()

    def _part(self, disposition: str, more: str = "") -> bytes:
        return f"--{self.boundary}\r\nContent-Disposition: form-data; {disposition}\r\n{more}\r\n".encode()


def _quoted(text: str) -> str:
    """As browsers write names in forms: quotes and line breaks percent-encoded."""
    return _one_line(text).replace('"', "%22")


def _one_line(text: str) -> str:
    return text.replace("\r", "%0D").replace("\n", "%0A")
