"""The bottom of the stack: one HTTP exchange, bounded in time and size, with every failure mapped."""

import asyncio
import zlib
from dataclasses import dataclass
from ssl import SSLCertVerificationError
from typing import Final
from urllib.parse import unquote, urlencode

import httpx2

from linkweave.clock import Clock
from linkweave.context.deadline import remaining_seconds
from linkweave.errors import (
    AmbiguousError,
    BadResponseError,
    RejectedError,
    TooLargeAnswerError,
    UnavailableError,
    VendorError,
    VendorTimeoutError,
)
from linkweave.transport.call import Answer, Call, Pairs
from linkweave.transport.http.multipart import MultipartForm

# FOUND: only this text in httpx2's error tells a connection that ended before any answer from a garbled answer.
_DISCONNECTED: Final = "Server disconnected"
# Maximum number of pieces of an answer's body. Each costs the same, and may be of one byte.
MAX_PIECES: Final = 20_000
# Number of pieces that are read before other tasks run: those that have arrived already are read without a pause.
_PIECES_A_TURN: Final = 50
# Maximum duration of a write.
MAX_WRITE_SECONDS: Final = 300
_UNSENDABLE: Final = "cannot be sent this call: it does not fit into an HTTP request"
_IDENTITY: Final = frozenset({"", "identity"})
_COMPRESSED: Final = frozenset({"gzip", "x-gzip", "deflate"})
_DOT_SEGMENTS: Final = frozenset({".", ".."})
# Servers take the first for a slash, and end a path at the second.
_FORBIDDEN_IN_PATHS: Final = ("\\", "\x00")


class _UnusableAnswerError(Exception):
    pass


class _TooLargeError(_UnusableAnswerError):
    pass


@dataclass(frozen=True, slots=True)
class HttpTransport:
    """Sends the calls of one account with an httpx2 client, which follows no redirects.

    No exception that is raised here carries a URL, a header or a body. It has no cause, because httpx2's own exceptions
    hold the request, and with it the credentials of vendors that accept them in URLs.
    """

    client: httpx2.AsyncClient
    account: str
    base_url: str
    timeout_seconds: float
    clock: Clock

    async def send(self, call: Call) -> Answer:
        """Sends one request, and returns its complete answer.

        Raises:
            RejectedError: the call does not fit into HTTP; nothing was sent.
            UnavailableError: the connection was refused, reset or ended early, or its certificate is not trusted.
            VendorTimeoutError: no complete answer within the account's timeout (reads) or the operation's deadline.
            BadResponseError: the answer is cut short, garbled, too large, or in an encoding that was not offered.
            AmbiguousError: a write broke after it may have reached the vendor.
        """
        left = remaining_seconds(self.clock)
        # It is unclear what became of a write that was cut off, so a write has all the time that there is.
        longest = MAX_WRITE_SECONDS if call.writes else self.timeout_seconds
        limit = longest if left is None else min(left, longest)
        request = self._request(call)
        if limit <= 0:
            raise self._error(VendorTimeoutError, "was not called, because the time was up", call)
        try:
            async with asyncio.timeout(limit):
                return await self._exchange(request, call.max_bytes)
        except (httpx2.HTTPError, OSError, _UnusableAnswerError) as error:
            failure = self._failure(error, call, limit)
        raise failure from None

    def _request(self, call: Call) -> httpx2.Request:
        headers = [("accept", "application/json"), ("accept-encoding", "gzip"), *call.headers]
        if _leaves_endpoint(call.path):
            raise self._error(RejectedError, _UNSENDABLE, call)
        try:
            content, content_headers = _encode_body(call)
            return self.client.build_request(
                call.method,
                self.base_url.rstrip("/") + call.path,
                params=call.query or None,
                json=call.json,
                content=content,
                headers=[*headers, *content_headers],
            )
        except (httpx2.InvalidURL, ValueError):
            # Their messages quote the URL, or hold the text that cannot be encoded.
            failure = self._error(RejectedError, _UNSENDABLE, call)
        raise failure

    async def _exchange(self, request: httpx2.Request, max_bytes: int) -> Answer:
        response = await self.client.send(request, stream=True)
        try:
            body = await _read_body(response, max_bytes)
        finally:
            await response.aclose()
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status_code, headers, body, self.clock.now())

    def _failure(self, error: Exception, call: Call, limit: float) -> VendorError:
        kind: type[VendorError] = BadResponseError
        match error:
            case httpx2.ConnectTimeout() | httpx2.PoolTimeout():
                return self._error(VendorTimeoutError, "cannot be reached in time", call)
            case httpx2.ConnectError() if _is_distrust(error):
                return self._error(UnavailableError, "shows a certificate that cannot be trusted", call)
            case httpx2.ConnectError() | httpx2.UnsupportedProtocol():
                return self._error(UnavailableError, "cannot be reached", call)
            case httpx2.LocalProtocolError():
                return self._error(RejectedError, _UNSENDABLE, call)
            case TimeoutError() | httpx2.TimeoutException():
                kind, problem = VendorTimeoutError, f"gave no complete answer within {limit:.3g} s"
            case httpx2.RemoteProtocolError() if str(error).startswith(_DISCONNECTED):
                kind, problem = UnavailableError, "ended the connection without an answer"
            case httpx2.RemoteProtocolError() | httpx2.DecodingError():
                problem = "cut its answer short or garbled it"
            case _TooLargeError():
                kind, problem = TooLargeAnswerError, str(error)
            case _UnusableAnswerError():
                problem = str(error)
            case _:
                kind, problem = UnavailableError, "broke the connection"
        return self._broken(kind, problem, call)

    def _broken(self, kind: type[VendorError], problem: str, call: Call) -> VendorError:
        if call.writes:
            return self._error(AmbiguousError, f"{problem}; the change may have been made all the same", call)
        return self._error(kind, problem, call)

    def _error(self, kind: type[VendorError], problem: str, call: Call) -> VendorError:
        return kind(f"{self.account} {problem} ({call.operation})", account=self.account, operation=call.operation)


def _leaves_endpoint(path: str) -> bool:
    """Whether a server may take `path` for another endpoint, and answer it with this account's credentials."""
    # Twice: proxies in front of a server may decode it as well.
    decoded = unquote(unquote(path))
    return not _DOT_SEGMENTS.isdisjoint(decoded.split("/")) or any(sign in decoded for sign in _FORBIDDEN_IN_PATHS)


def _is_distrust(error: BaseException | None) -> bool:
    """Whether the server's certificate was refused: httpx2 raises the same class for every failure to connect."""
    while error is not None and not isinstance(error, SSLCertVerificationError):
        error = error.__cause__ or error.__context__
    return error is not None


def _encode_body(call: Call) -> tuple[bytes | MultipartForm | None, Pairs]:
    """The request's body and its headers; httpx2 itself encodes JSON."""
    if call.multipart or call.file is not None:
        form = MultipartForm(call.form or (), call.file)
        return form, form.headers
    if call.form is None:
        return None, ()
    return urlencode(call.form).encode("ascii"), (("content-type", "application/x-www-form-urlencoded"),)


async def _read_body(response: httpx2.Response, limit: int) -> bytes:
    encoding = response.headers.get("content-encoding", "").strip().lower()
    if encoding not in _IDENTITY | _COMPRESSED:
        raise _UnusableAnswerError("answered in an encoding that cannot be read")
    body, pieces = bytearray(), 0
    async for chunk in response.aiter_raw():
        body += chunk
        pieces += 1
        if len(body) > limit:
            raise _too_large(limit)
        if pieces > MAX_PIECES:
            raise _UnusableAnswerError(f"answered in more than {MAX_PIECES} pieces")
        if pieces % _PIECES_A_TURN == 0:
            await asyncio.sleep(0)
    return _decompress(bytes(body), limit) if body and encoding in _COMPRESSED else bytes(body)


def _decompress(data: bytes, limit: int) -> bytes:
    """Decompresses up to `limit` bytes, because httpx2 decompresses whole chunks of any size."""
    inflater = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
    try:
        body = inflater.decompress(data, limit + 1)
    except zlib.error:
        raise _UnusableAnswerError("answered in an encoding that cannot be read") from None
    if len(body) > limit:
        raise _too_large(limit)
    if not inflater.eof:
        raise _UnusableAnswerError("cut its answer short")
    return body


def _too_large(limit: int) -> _TooLargeError:
    return _TooLargeError(f"answered more than {limit} bytes")
