"""Requests as PHP reads them: query and form are one set of fields. Of a file, only facts are stored."""

from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import HTTP
from hashlib import md5
from typing import Any, Final
from urllib.parse import parse_qsl

from starlette.requests import Request

_HEAD_BYTES: Final = 4096
_END_OF_HEAD: Final = b"\r\n\r\n"


@dataclass(slots=True)
class Content:
    """The facts about a file: its first bytes, its length, its digest."""

    name: str
    head: bytes = b""
    size: int = 0
    digest: Any = field(default_factory=lambda: md5(usedforsecurity=False))

    def feed(self, piece: bytes) -> None:
        """Take the next piece into account."""
        self.head += piece[: _HEAD_BYTES - len(self.head)]
        self.size += len(piece)
        self.digest.update(piece)

    @property
    def md5(self) -> str:
        """The digest in hexadecimal."""
        return str(self.digest.hexdigest())


@dataclass(frozen=True, slots=True)
class Form:
    """The fields and the file of a request."""

    fields: Mapping[str, str]
    file: Content | None = None


async def read_form(request: Request) -> Form:
    """The fields and the file in `request`. Files in other fields than `source` are ignored."""
    fields = dict(request.query_params)
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/x-www-form-urlencoded"):
        body = await request.body()
        return Form(fields | dict(parse_qsl(body.decode("utf-8", "replace"))))
    if not kind.startswith("multipart/form-data"):
        return Form(fields)
    values: dict[str, bytearray] = {}
    file = None
    async for part, piece in _pieces(request.stream(), _parameter(kind.encode(), "content-type", "boundary") or ""):
        if part.filename is None:
            values.setdefault(part.name, bytearray()).extend(piece)
        elif part.name == "source":
            file = file or Content(part.filename)
            file.feed(piece)
    return Form(fields | {name: bytes(value).decode("utf-8", "replace") for name, value in values.items()}, file)


@dataclass(frozen=True, slots=True)
class _Part:
    name: str
    filename: str | None


async def _pieces(stream: AsyncIterator[bytes], boundary: str) -> AsyncIterator[tuple[_Part, bytes]]:
    """The parts of a multipart body in pieces; each part begins with an empty piece."""
    splitter = _Splitter(f"\r\n--{boundary}".encode())
    async for chunk in stream:
        for piece in splitter.feed(chunk):
            yield piece


@dataclass(slots=True)
class _Splitter:
    """The position in a multipart body: in a part, in its head, or before the first part."""

    delimiter: bytes
    # The first delimiter has no line before it.
    rest: bytes = b"\r\n"
    part: _Part | None = None
    in_head: bool = False

    def feed(self, chunk: bytes) -> Iterator[tuple[_Part, bytes]]:
        """The pieces of parts that `chunk` completes."""
        self.rest += chunk
        while (at := self.rest.find(_END_OF_HEAD if self.in_head else self.delimiter)) >= 0:
            found, self.in_head = self.rest[:at], not self.in_head
            if self.in_head:
                self.rest = self.rest[at + len(self.delimiter) :]
            else:
                self.rest = self.rest[at + len(_END_OF_HEAD) :]
                self.part, found = _part(found), b""
            if self.part is not None:
                yield self.part, found
        # The last bytes may be the start of a delimiter.
        kept = len(self.delimiter)
        if self.part is not None and not self.in_head and len(self.rest) > kept:
            yield self.part, self.rest[:-kept]
            self.rest = self.rest[-kept:]


def _part(head: bytes) -> _Part:
    line = next((line for line in head.split(b"\r\n") if line.lower().startswith(b"content-disposition:")), b":")
    disposition = line.partition(b":")[2]
    name = _parameter(disposition, "content-disposition", "name")
    return _Part(name or "", _parameter(disposition, "content-disposition", "filename"))


def _parameter(value: bytes, header: str, name: str) -> str | None:
    message = message_from_bytes(header.encode() + b": " + value.strip() + b"\r\n\r\n", policy=HTTP)
    found = message.get_param(name, header=header)
    return None if found is None else str(found)
