"""Answers as bytes, and what their headers say about how long they may be kept."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Final, TypeAlias

from starlette.types import ASGIApp, Message, Scope, Send

from linkweave.edge.http.disconnects import run_cancellable

Header: TypeAlias = tuple[bytes, bytes]

_VARY: Final = (b"Accept", b"Authorization")
_NO_STORE: Final[Header] = (b"cache-control", b"no-store")
# Each caller's own: the layers around write them.
_PER_REQUEST: Final = frozenset({b"x-request-id", b"date", b"server"})
_OURS: Final = frozenset({b"cache-control", b"vary", b"etag", b"age"})
# They describe a body, which a 304 has not. Others are needed, such as those for browsers that ask for other pages.
_NOT_TOLD_IN_304: Final = frozenset({b"content-type", b"content-length"})


@dataclass(frozen=True, slots=True)
class BufferedResponse:
    """A whole answer. `etag` is there where it may be kept."""

    status: int
    headers: tuple[Header, ...]
    body: bytes
    etag: bytes | None = None

    def is_json(self) -> bool:
        """Whether it is a GraphQL answer in one piece."""
        kind = dict(self.headers).get(b"content-type", b"").partition(b";")[0].strip()
        return kind.startswith(b"application/") and kind.endswith(b"json")


async def buffer_response(app: ASGIApp, scope: Scope) -> BufferedResponse:
    """Returns the whole answer of `app` to a request whose body was read."""
    start: Message = {}
    pieces: list[bytes] = []

    async def send(message: Message) -> None:
        start.update(message)
        pieces.append(message.get("body", b""))

    await run_cancellable(app, {**scope, "state": {**scope.get("state", {})}}, send)
    headers = tuple((name, value) for name, value in start["headers"] if name not in _PER_REQUEST)
    return BufferedResponse(start["status"], headers, b"".join(pieces))


def with_cache_headers(answer: BufferedResponse, seconds: float) -> BufferedResponse:
    """`answer` with headers that allow a caller to keep it for `seconds` from when it was made."""
    etag = b'"' + sha256(answer.body).hexdigest()[:32].encode() + b'"'
    varies = [value for name, value in answer.headers if name == b"vary"]
    headers = (
        *((name, value) for name, value in answer.headers if name not in _OURS),
        (b"cache-control", b"private, max-age=%d" % int(seconds)),
        (b"vary", b", ".join(dict.fromkeys((*_VARY, *varies)))),
        (b"etag", etag),
    )
    return replace(answer, headers=headers, etag=etag)


async def send_finished(
    answer: BufferedResponse, age: int | None, if_none_match: bytes | None, send: Send, more: tuple[Header, ...] = ()
) -> int:
    """Send `answer`, `age` seconds old (None: just made), with `more` headers; its status is returned.

    Where the caller has it already, that is 304, and its body is left out.
    """
    aged = more if age is None else ((b"age", b"%d" % age), *more)
    if if_none_match is not None and answer.etag is not None and _matches(if_none_match, answer.etag):
        headers = [header for header in answer.headers if header[0] not in _NOT_TOLD_IN_304]
        await send({"type": "http.response.start", "status": 304, "headers": [*headers, *aged]})
        await send({"type": "http.response.body", "body": b""})
        return 304
    await send({"type": "http.response.start", "status": answer.status, "headers": [*answer.headers, *aged]})
    await send({"type": "http.response.body", "body": answer.body})
    return answer.status


def if_none_match(scope: Scope) -> bytes | None:
    """The answers that the caller has already, for requests that may be answered with 304."""
    return dict(scope["headers"]).get(b"if-none-match") if scope["method"] == "GET" else None


def with_no_store(answer: BufferedResponse) -> BufferedResponse:
    """`answer` with the header that says so."""
    return replace(answer, headers=tuple(_unkept(answer.headers)))


def no_store_sender(send: Send) -> Send:
    """`send`, which tells that nothing of a GraphQL answer may be kept; pages for people say that themselves."""

    async def send_unkept(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": _unkept(message["headers"])}
        await send(message)

    return send_unkept


def _unkept(headers: Iterable[Header]) -> list[Header]:
    headers = list(headers)
    names = dict(headers)
    if b"cache-control" not in names and not names.get(b"content-type", b"").startswith(b"text/html"):
        headers.append(_NO_STORE)
    return headers


def _matches(if_none_match: bytes, etag: bytes) -> bool:
    given = (each.strip().removeprefix(b"W/") for each in if_none_match.split(b","))
    return any(each in {etag, b"*"} for each in given)
