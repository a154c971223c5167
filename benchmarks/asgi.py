"""Asks an ASGI app in this process, with no client and no socket in between."""

from collections.abc import Sequence
from typing import Any

import orjson
from starlette.types import ASGIApp, Message

_HEADERS = ((b"content-type", b"application/json"), (b"accept", b"application/json"), (b"host", b"127.0.0.1"))


async def post(app: ASGIApp, path: str, body: bytes) -> bytes:
    """The body of the answer.

    Raises:
        RuntimeError: its status is not 200.
    """
    status, parts = 0, bytearray()

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        nonlocal status
        status = message.get("status", status)
        parts.extend(message.get("body", b""))

    await app(_scope(path, (*_HEADERS, (b"content-length", str(len(body)).encode()))), receive, send)
    if status != 200:  # noqa: PLR2004 - HTTP's OK
        raise RuntimeError(f"{path} answered {status}: {bytes(parts[:200])!r}")
    return bytes(parts)


async def ask(app: ASGIApp, path: str, query: str) -> Any:
    """The data of a GraphQL answer.

    Raises:
        RuntimeError: it has errors.
    """
    answer = orjson.loads(await post(app, path, orjson.dumps({"query": query})))
    if answer.get("errors"):
        raise RuntimeError(f"{path} answered errors: {answer['errors'][:1]}")
    return answer["data"]


def _scope(path: str, headers: Sequence[tuple[bytes, bytes]]) -> dict[str, Any]:
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": list(headers),
        "client": ("127.0.0.1", 1),
        "server": ("benchmark", 80),
    }
