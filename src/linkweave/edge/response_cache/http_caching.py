"""Whole responses, and their headers that say how long a client may store them."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Final, TypeAlias

from starlette.types import ASGIApp, Message, Scope, Send

from linkweave.edge.http.content_encoding import MIN_BYTES, accepted_encoding, compress
from linkweave.edge.http.disconnects import run_cancellable

Header: TypeAlias = tuple[bytes, bytes]

_AUTHORIZATION: Final = b"Authorization"
_VARY: Final = (b"Accept", _AUTHORIZATION)
_NO_STORE: Final[Header] = (b"cache-control", b"no-store")
# Headers that the layers around write for each request.
_PER_REQUEST: Final = frozenset({b"x-request-id", b"date", b"server"})
_WRITTEN_HERE: Final = frozenset({b"cache-control", b"vary", b"etag", b"age"})
# They describe a body, which a 304 does not have. Other headers stay, such as those of CORS.
_NOT_IN_304: Final = frozenset({b"content-type", b"content-length", b"content-encoding"})
_OF_ENCODED: Final = frozenset({b"content-length", b"etag"})


@dataclass(frozen=True, slots=True)
class BufferedResponse:
    """A whole response. It has an `etag` if a client may store it. `compressed` has its body by encoding."""

    status: int
    headers: tuple[Header, ...]
    body: bytes
    etag: bytes | None = None
    compressed: dict[str, bytes] = field(default_factory=dict, repr=False, compare=False)

    def is_json(self) -> bool:
        """Whether it is a GraphQL answer in one piece."""
        kind = dict(self.headers).get(b"content-type", b"").partition(b";")[0].strip()
        return kind.startswith(b"application/") and kind.endswith(b"json")


async def buffer_response(app: ASGIApp, scope: Scope) -> BufferedResponse:
    """Returns the whole response of `app` to a request whose body was read."""
    start: Message = {}
    pieces: list[bytes] = []

    async def send(message: Message) -> None:
        start.update(message)
        pieces.append(message.get("body", b""))

    await run_cancellable(app, {**scope, "state": {**scope.get("state", {})}}, send)
    headers = tuple((name, value) for name, value in start["headers"] if name not in _PER_REQUEST)
    return BufferedResponse(start["status"], headers, b"".join(pieces))


def with_cache_headers(response: BufferedResponse, seconds: float) -> BufferedResponse:
    """Returns `response` with headers that allow its client to store it for `seconds`."""
    etag = b'"' + sha256(response.body).hexdigest()[:32].encode() + b'"'
    vary = [each.strip() for name, value in response.headers if name == b"vary" for each in value.split(b",")]
    headers = (
        *((name, value) for name, value in response.headers if name not in _WRITTEN_HERE),
        (b"cache-control", b"private, max-age=%d" % int(seconds)),
        (b"vary", b", ".join(dict.fromkeys((*_VARY, *vary)))),
        (b"etag", etag),
    )
    return replace(response, headers=headers, etag=etag)


def with_public_caching(response: BufferedResponse) -> BufferedResponse:
    """Returns `response` with headers that also allow caches between the gateway and its clients to store it."""
    headers = []
    for name, given in response.headers:
        value = given
        if name == b"cache-control":
            value = given.replace(b"private", b"public")
        elif name == b"vary":
            value = b", ".join(each for each in given.split(b", ") if each != _AUTHORIZATION)
        headers.append((name, value))
    return replace(response, headers=tuple(headers))


async def in_accepted_encoding(response: BufferedResponse, scope: Scope) -> BufferedResponse:
    """Returns `response` as the client of the request wants it compressed. Each encoding is made once.

    The ETag of a compressed body is weak: it names the same answer, in other bytes (RFC 9110, 8.8.1).
    """
    encoding = accepted_encoding(scope) if len(response.body) >= MIN_BYTES and response.is_json() else None
    if encoding is None:
        return response
    body = response.compressed.get(encoding)
    if body is None:
        body = response.compressed[encoding] = await compress(response.body, encoding)
    headers = [header for header in response.headers if header[0] not in _OF_ENCODED]
    headers += ((b"content-length", b"%d" % len(body)), (b"content-encoding", encoding.encode()))
    if response.etag is not None:
        headers.append((b"etag", b"W/" + response.etag))
    return replace(response, headers=tuple(headers), body=body, compressed={})


def compressing_sender(scope: Scope, send: Send) -> Send:
    """Returns a `send` that compresses a GraphQL answer in one piece. Other answers are sent as they come."""
    held: BufferedResponse | None = None

    async def send_compressed(message: Message) -> None:
        nonlocal held
        if message["type"] == "http.response.start":
            head = BufferedResponse(message["status"], tuple(message["headers"]), b"")
            if head.is_json():
                held = head
                return
        elif held is not None:
            response, held = replace(held, body=message.get("body", b"")), None
            if not message.get("more_body", False):
                response = await in_accepted_encoding(response, scope)
            await send({"type": "http.response.start", "status": response.status, "headers": list(response.headers)})
            message = {**message, "body": response.body}
        await send(message)

    return send_compressed


async def send_response(
    response: BufferedResponse, age: int | None, if_none_match: bytes | None, send: Send, more: tuple[Header, ...] = ()
) -> int:
    """Send `response`, or 304 without its body if `if_none_match` names it. Returns the status.

    `age` is in seconds; None for a new response. `more` headers are added.
    """
    added = more if age is None else ((b"age", b"%d" % age), *more)
    if if_none_match is not None and response.etag is not None and _matches(if_none_match, response.etag):
        headers = [header for header in response.headers if header[0] not in _NOT_IN_304]
        await send({"type": "http.response.start", "status": 304, "headers": [*headers, *added]})
        await send({"type": "http.response.body", "body": b""})
        return 304
    await send({"type": "http.response.start", "status": response.status, "headers": [*response.headers, *added]})
    await send({"type": "http.response.body", "body": response.body})
    return response.status


def if_none_match(scope: Scope) -> bytes | None:
    """Returns the header of the responses that the client has stored, if the request may be answered with 304."""
    return dict(scope["headers"]).get(b"if-none-match") if scope["method"] == "GET" else None


def with_no_store(response: BufferedResponse) -> BufferedResponse:
    """Returns `response` with a header that forbids to store it."""
    return replace(response, headers=tuple(_with_no_store(response.headers)))


def no_store_sender(send: Send) -> Send:
    """Returns a `send` that forbids to store a GraphQL answer. GraphiQL's page has a header of its own."""

    async def send_with_no_store(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": _with_no_store(message["headers"])}
        await send(message)

    return send_with_no_store


def _with_no_store(headers: Iterable[Header]) -> list[Header]:
    headers = list(headers)
    names = dict(headers)
    if b"cache-control" not in names and not names.get(b"content-type", b"").startswith(b"text/html"):
        headers.append(_NO_STORE)
    return headers


def _matches(if_none_match: bytes, etag: bytes) -> bool:
    given = (each.strip().removeprefix(b"W/") for each in if_none_match.split(b","))
    return any(each in {etag, b"*"} for each in given)
