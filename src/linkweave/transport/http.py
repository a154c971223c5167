"""The bottom of the stack: one HTTP exchange, bounded in time and size, with every failure mapped."""

import asyncio
import zlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx2

from linkweave.clock import Clock
from linkweave.errors import (
    AmbiguousError,
    BadResponseError,
    RejectedError,
    UnavailableError,
    VendorError,
    VendorTimeoutError,
)
from linkweave.transport.call import Answer, Call
from linkweave.transport.deadline import remaining

# Nothing has left this machine when one of these is raised.
_NOT_SENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.UnsupportedProtocol)


class _TooLargeError(Exception):
    pass


class _UnreadableError(Exception):
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
            UnavailableError: refused or reset, or a write that never left.
            VendorTimeoutError: no complete answer within the account's timeout or the operation's deadline.
            BadResponseError: cut short, too big, or in an encoding that was not offered.
            AmbiguousError: a write broke after it may have reached the vendor.
        """
        left = remaining(self.clock)
        limit = self.timeout_seconds if left is None else min(left, self.timeout_seconds)
        try:
            async with asyncio.timeout(limit):
                return await self._exchange(call)
        except (httpx2.InvalidURL, UnicodeEncodeError):
            failure: VendorError = self._error(RejectedError, "cannot be asked this: it does not fit into a URL", call)
        except _NOT_SENT:
            failure = self._error(UnavailableError, "cannot be reached", call)
        except (TimeoutError, httpx2.TimeoutException):
            failure = self._broken(VendorTimeoutError, f"gave no complete answer within {limit:.3g} s", call)
        except httpx2.RemoteProtocolError:
            failure = self._broken(BadResponseError, "cut its answer short", call)
        except _TooLargeError:
            failure = self._broken(BadResponseError, f"answered more than {call.max_bytes} bytes", call)
        except (_UnreadableError, httpx2.DecodingError):
            failure = self._broken(BadResponseError, "answered in an encoding that cannot be read", call)
        except (httpx2.HTTPError, OSError):
            failure = self._broken(UnavailableError, "broke the connection", call)
        raise failure from None

    async def _exchange(self, call: Call) -> Answer:
        request = self.client.build_request(
            call.method,
            self.base_url.rstrip("/") + call.path,
            params=list(call.query) or None,
            json=call.json,
            data=None if call.form is None else dict(call.form),
            headers=[("accept", "application/json"), ("accept-encoding", "gzip, deflate"), *call.headers],
        )
        response = await self.client.send(request, stream=True)
        try:
            body = await _read(response, call.max_bytes)
        finally:
            await response.aclose()
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status_code, headers, body, self.clock.now())

    def _broken(self, kind: type[VendorError], what: str, call: Call) -> VendorError:
        if call.writes:
            return self._error(AmbiguousError, f"{what}; the change may have been made all the same", call)
        return self._error(kind, what, call)

    def _error(self, kind: type[VendorError], what: str, call: Call) -> VendorError:
        return kind(f"{self.account} {what} ({call.operation})", account=self.account, operation=call.operation)


async def _read(response: httpx2.Response, limit: int) -> bytes:
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding in {"identity", ""}:
        return await _collect(response.aiter_raw(), limit)
    if encoding in {"gzip", "deflate", "x-gzip"}:
        return await _inflate(response.aiter_raw(), limit)
    raise _UnreadableError


async def _collect(chunks: AsyncIterator[bytes], limit: int) -> bytes:
    body = bytearray()
    async for chunk in chunks:
        body += chunk
        if len(body) > limit:
            raise _TooLargeError
    return bytes(body)


async def _inflate(chunks: AsyncIterator[bytes], limit: int) -> bytes:
    """Decompress by hand, because httpx2 unpacks a whole chunk before anybody can count it."""
    inflater = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
    body = bytearray()
    async for chunk in chunks:
        try:
            body += inflater.decompress(chunk, limit + 1 - len(body))
        except zlib.error:
            raise _UnreadableError from None
        if len(body) > limit:
            raise _TooLargeError
    if not inflater.eof:
        raise _UnreadableError
    return bytes(body)
