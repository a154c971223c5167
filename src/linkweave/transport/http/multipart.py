"""A multipart form as a stream of known length, so that a file of any size is sent piece by piece.

httpx2 encodes forms too, but it reads their files without yielding to the event loop.
"""

import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import httpx2

from linkweave.transport.call import FilePart, Pairs


@dataclass(frozen=True, slots=True)
class MultipartForm:
    """The fields of a form, and at most one file."""

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
            LocalProtocolError: the file does not have its declared size. Less than the declared length was sent, so
                that the vendor has no complete request.
        """
        yield self._head()
        if self.file is not None:
            left = self.file.file.size
            async for piece in self.file.file.open():
                left -= len(piece)
                if left < 0:
                    break
                yield piece
            if left:
                raise httpx2.LocalProtocolError("the file does not have its declared size")
        yield self._tail()

    def _length(self) -> int:
        size = 0 if self.file is None else self.file.file.size
        return len(self._head()) + size + len(self._tail())

    def _head(self) -> bytes:
        parts = [self._part(f'name="{_quote(name)}"') + value.encode() + b"\r\n" for name, value in self.fields]
        if self.file is not None:
            disposition = f'name="{_quote(self.file.field)}"; filename="{_quote(self.file.file.name)}"'
            parts.append(self._part(disposition, f"Content-Type: {_escape_breaks(self.file.file.content_type)}\r\n"))
        return b"".join(parts)

    def _tail(self) -> bytes:
        return ("\r\n" if self.file is not None else "").encode() + f"--{self.boundary}--\r\n".encode()

    def _part(self, disposition: str, more: str = "") -> bytes:
        return f"--{self.boundary}\r\nContent-Disposition: form-data; {disposition}\r\n{more}\r\n".encode()


def _quote(text: str) -> str:
    """Percent-encodes quotes and line breaks, as browsers do in the names of form fields, and NUL."""
    return _escape_breaks(text).replace('"', "%22")


def _escape_breaks(text: str) -> str:
    return text.replace("\r", "%0D").replace("\n", "%0A").replace("\0", "%00")
