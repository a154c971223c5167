"""Requests with files, as a client of the GraphQL multipart request specification sends them; and small pictures."""

import base64
import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zlib import compress, crc32

import httpx2

from harness.gateway import Gateway
from harness.graphql_writes import ERRORS

PREFLIGHT = {"GraphQL-Require-Preflight": "1"}

UPLOADED = f"""
upload {{
  id account {{ key }} name title description url viewerUrl shortUrl thumbnailUrl mediumUrl frameUrl mimeType extension
  size width height durationSeconds md5 originalFilename tags nsfw animated approved views likes createdAt expiresAt
  deleteUrl
}}
link {{ id shortUrl slug destination title account {{ key }} tags {{ name }} }} {ERRORS}
"""
UPLOAD = f"mutation ($input: UploadFileInput!) {{ payload: uploadFile(input: $input) {{ {UPLOADED} }} }}"


@dataclass(frozen=True)
class SentFile:
    """A part of a form that is a file."""

    content: bytes
    name: str = "picture.png"
    content_type: str = "image/png"


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc32(kind + data))


def png(width: int = 1, height: int = 1, shade: int = 0) -> bytes:
    """A grey picture; another shade is another file."""
    rows = b"".join(b"\0" + bytes([shade]) * width for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", compress(rows)) + _chunk(b"IEND", b"")


def in_base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


OPERATIONS = {"query": UPLOAD, "variables": {"input": {"account": "chevereto", "file": None}}}
PLACES = {"0": ["variables.input.file"]}
FILES = {"0": SentFile(png())}


async def send_form(
    gateway: Gateway,
    operations: object,
    places: object,
    files: Mapping[str, SentFile],
    headers: Mapping[str, str] = PREFLIGHT,
) -> httpx2.Response:
    """POST a multipart form; what is text is sent as it is, the rest as JSON."""
    fields = {"operations": _text(operations), "map": _text(places)}
    parts = {name: (file.name, file.content, file.content_type) for name, file in files.items()}
    async with gateway.client() as client:
        return await client.post("/graphql", data=fields, files=parts, headers=dict(headers))


async def upload_file(gateway: Gateway, file: SentFile, account: str = "chevereto", **fields: object) -> Any:
    """The payload of one file, sent as a part of a form."""
    return (await upload_files(gateway, [file], account, **fields))[0]


async def upload_files(
    gateway: Gateway, files: Sequence[SentFile], account: str = "chevereto", **fields: object
) -> list[Any]:
    """The payloads of several files of one operation, an alias each."""
    names = [f"f{place}" for place in range(len(files))]
    variables = ", ".join(f"${name}: UploadFileInput!" for name in names)
    aliases = " ".join(f"{name}: uploadFile(input: ${name}) {{ {UPLOADED} }}" for name in names)
    operations = {
        "query": f"mutation ({variables}) {{ {aliases} }}",
        "variables": {name: {"account": account, "file": None, **fields} for name in names},
    }
    places = {name: [f"variables.{name}.file"] for name in names}
    response = await send_form(gateway, operations, places, dict(zip(names, files, strict=True)))
    assert response.status_code == 200, response.text
    body = response.json()
    assert "errors" not in body, body
    return [body["data"][name] for name in names]


async def send_upload(
    gateway: Gateway, operations: object = OPERATIONS, places: object = PLACES, files: Mapping[str, SentFile] = FILES
) -> httpx2.Response:
    """As `send_form`: one good file, but for what is given in place of a part of the form."""
    return await send_form(gateway, operations, places, files)


def refusal_of(response: httpx2.Response, status: int = 400) -> str:
    """Returns the message of a request that the gateway rejected as a whole."""
    assert response.status_code == status, response.text
    body = response.json()
    assert body.keys() == {"errors"}
    (error,) = body["errors"]
    return str(error["message"])


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
