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
    UnavailableError,
    VendorError,
    VendorTimeoutError,
)
from linkweave.transport.call import Answer, Call, Pairs
from linkweave.transport.http.multipart import MultipartForm

# FOUND: the only mark by which httpx2 tells a connection that ended before any answer from a garbled answer.
_DISCONNECTED: Final = "Server disconnected"
MAX_WRITE_SECONDS: Final = 300
_NO_FIT: Final = "cannot be asked this: it does not fit into a request"
_PLAIN: Final = frozenset({"", "identity"})
_PACKED: Final = frozenset({"gzip", "x-gzip", "deflate"})
_DOT_SEGMENTS: Final = frozenset({".", ".."})
# Servers take the first for a slash, and end a path at the second.
_FORBIDDEN_IN_PATHS: Final = ("\\", "\x00")


class _UnusableAnswerError(Exception):
    pass


@dataclass(frozen=True, slots=True)
class HttpTransport:
    """Sends calls of one account with an httpx2 client, which follows no redirects.

    No exception that leaves here carries a URL, a header or a body: its cause is cut off on purpose, because
    httpx2's own exceptions hold the request, and with it the credentials of vendors that take them in URLs.
    """

    client: httpx2.AsyncClient
    account: str
    base_url: str
    timeout_seconds: float
    clock: Clock

    async def send(self, call: Call) -> Answer:
        """Exchange one request for one complete answer.

        Raises:
            RejectedError: the call does not fit into HTTP; nothing was sent.
            UnavailableError: refused, reset, ended without an answer, or a certificate that cannot be trusted.
            VendorTimeoutError: no complete answer within the account's timeout (reads) or the operation's deadline.
            BadResponseError: cut short, garbled, too big, or in an encoding that was not offered.
            AmbiguousError: a write broke after it may have reached the vendor.
        """
        left = remaining_seconds(self.clock)
        # Breaking a write off leaves it unclear, so it is given whatever time there is.
        most = MAX_WRITE_SECONDS if call.writes else self.timeout_seconds
        limit = most if left is None else min(left, most)
        request = self._request(call)
        if limit <= 0:
            raise self._error(VendorTimeoutError, "was not asked, because the time was up", call)
        try:
            async with asyncio.timeout(limit):
                return await self._exchange(request, call.max_bytes)
        except (httpx2.HTTPError, OSError, _UnusableAnswerError) as error:
            failure = self._failure(error, call, limit)
        raise failure from None

    def _request(self, call: Call) -> httpx2.Request:
        headers = [("accept", "application/json"), ("accept-encoding", "gzip"), *call.headers]
        if _leaves_endpoint(call.path):
            raise self._error(RejectedError, _NO_FIT, call)
        try:
            content, content_headers = _content(call)
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
            failure = self._error(RejectedError, _NO_FIT, call)
        raise failure

    async def _exchange(self, request: httpx2.Request, max_bytes: int) -> Answer:
        response = await self.client.send(request, stream=True)
        try:
            body = await _read(response, max_bytes)
        finally:
            await response.aclose()
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status_code, headers, body, self.clock.now())

    def _failure(self, error: Exception, call: Call, limit: float) -> VendorError:
        kind: type[VendorError] = BadResponseError
        match error:
            case httpx2.ConnectTimeout() | httpx2.PoolTimeout():
                return self._error(VendorTimeoutError, "cannot be reached in time", call)
            case httpx2.ConnectError() if _distrusts(error):
                return self._error(UnavailableError, "shows a certificate that cannot be trusted", call)
            case httpx2.ConnectError() | httpx2.UnsupportedProtocol():
                return self._error(UnavailableError, "cannot be reached", call)
            case httpx2.LocalProtocolError():
                return self._error(RejectedError, _NO_FIT, call)
            case TimeoutError() | httpx2.TimeoutException():
                kind, what = VendorTimeoutError, f"gave no complete answer within {limit:.3g} s"
            case httpx2.RemoteProtocolError() if str(error).startswith(_DISCONNECTED):
                kind, what = UnavailableError, "ended the connection without an answer"
            case httpx2.RemoteProtocolError() | httpx2.DecodingError():
                what = "cut its answer short or garbled it"
            case _UnusableAnswerError():
                what = str(error)
            case _:
                kind, what = UnavailableError, "broke the connection"
        return self._broken(kind, what, call)

    def _broken(self, kind: type[VendorError], what: str, call: Call) -> VendorError:
        if call.writes:
            return self._error(AmbiguousError, f"{what}; the change may have been made all the same", call)
        return self._error(kind, what, call)

    def _error(self, kind: type[VendorError], what: str, call: Call) -> VendorError:
        return kind(f"{self.account} {what} ({call.operation})", account=self.account, operation=call.operation)


def _leaves_endpoint(path: str) -> bool:
    """Whether a server may take `path` for another endpoint, and answer it with this account's credentials."""
    # Twice: proxies in front of a server may decode it as well.
    decoded = unquote(unquote(path))
    return not _DOT_SEGMENTS.isdisjoint(decoded.split("/")) or any(sign in decoded for sign in _FORBIDDEN_IN_PATHS)


def _distrusts(error: BaseException | None) -> bool:
    """Whether the server's certificate was refused: httpx2 tells it as any other failure to connect."""
    while error is not None and not isinstance(error, SSLCertVerificationError):
        error = error.__cause__ or error.__context__
    return error is not None


def _content(call: Call) -> tuple[bytes | MultipartForm | None, Pairs]:
    """The request's body, and the headers that go with it; JSON is httpx2's to write."""
    if call.multipart or call.file is not None:
        form = MultipartForm(call.form or (), call.file)
        return form, form.headers
    if call.form is None:
        return None, ()
    return urlencode(call.form).encode("ascii"), (("content-type", "application/x-www-form-urlencoded"),)


async def _read(response: httpx2.Response, limit: int) -> bytes:
    encoding = response.headers.get("content-encoding", "").strip().lower()
    if encoding not in _PLAIN | _PACKED:
        raise _UnusableAnswerError("answered in an encoding that cannot be read")
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > limit:
            raise _too_large(limit)
    return _unpacked(bytes(body), limit) if body and encoding in _PACKED else bytes(body)


def _unpacked(packed: bytes, limit: int) -> bytes:
    """Decompress by hand, because httpx2 unpacks a whole chunk before anybody can count it."""
    inflater = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
    try:
        body = inflater.decompress(packed, limit + 1)
    except zlib.error:
        raise _UnusableAnswerError("answered in an encoding that cannot be read") from None
    if len(body) > limit:
        raise _too_large(limit)
    if not inflater.eof:
        raise _UnusableAnswerError("cut its answer short")
    return body


def _too_large(limit: int) -> _UnusableAnswerError:
    return _UnusableAnswerError(f"answered more than {limit} bytes")
