"""Streamed responses (incremental delivery), part by part."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from starlette.types import Message

from linkweave.testing.gateway import Gateway


@dataclass(frozen=True)
class Part:
    """One part of a streamed response, and the time at which it came."""

    at: float
    content: Any


def _objects(written: bytes) -> list[Any]:
    pieces = (piece.partition(b"\r\n\r\n")[2].strip() for piece in written.split(b"\r\n---"))
    return [json.loads(piece) for piece in pieces if piece]


def merge_parts(parts: Sequence[Part]) -> tuple[Any, list[Any]]:
    """Returns the data and the errors of all parts together."""
    first, *rest = (part.content for part in parts)
    data, errors = first["data"], list(first.get("errors") or [])
    places = {each["id"]: each["path"] for each in first["pending"]}
    for content in rest:
        places |= {each["id"]: each["path"] for each in content.get("pending") or []}
        for piece in content.get("incremental") or []:
            # The errors of a part that failed as a whole are in `completed` too.
            if "data" in piece or "items" in piece:
                errors += piece.get("errors") or []
                _put(data, [*places[piece["id"]], *piece.get("subPath", [])], piece)
        errors += [error for each in content.get("completed") or [] for error in each.get("errors") or []]
    return data, errors


def _put(data: Any, path: Sequence[str | int], piece: Any) -> None:
    place = data
    for step in path:
        place = place[step]
    if "items" in piece:
        place.extend(piece["items"])
    else:
        _fill(place, piece["data"])


def _fill(place: Any, data: Any) -> None:
    for name, value in data.items():
        if isinstance(value, dict) and isinstance(place.get(name), dict):
            _fill(place[name], value)
        else:
            place[name] = value


async def stream(gateway: Gateway, query: str, /, **variables: object) -> list[Part]:
    """Sends an operation and returns the parts of its response."""
    parts: list[Part] = []
    body = json.dumps({"query": query, "variables": variables}).encode()
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]
    content_type = b""

    async def receive() -> Message:
        if not messages:
            await asyncio.Event().wait()  # this caller never hangs up
        return messages.pop()

    async def send(message: Message) -> None:
        nonlocal content_type
        content_type = content_type or dict(message.get("headers", [])).get(b"content-type", b"")
        # Each part is written at once, with its boundary.
        parts.extend(Part(gateway.clock.monotonic(), each) for each in _objects(message.get("body", b"")))

    headers = [(b"content-type", b"application/json"), (b"accept", b"multipart/mixed")]
    headers += [(name.encode(), value.encode()) for name, value in gateway.headers.items()]
    scope = {"type": "http", "method": "POST", "path": "/graphql", "query_string": b"", "headers": headers}
    await gateway.app({**scope, "asgi": {"version": "3.0", "spec_version": "2.4"}}, receive, send)
    assert content_type.startswith(b"multipart/mixed")
    return parts
