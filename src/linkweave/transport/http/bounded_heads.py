"""Connections whose server may send only so much before its answer.

httpx2 skips informational answers (1xx, RFC 9110, 15.2) without a limit, and reads thousands of them in one step. FOUND
in httpcore2 2.16.
"""

import asyncio
import ssl
from collections.abc import Iterable
from typing import Any, Final

import httpcore2
import httpx2
from httpcore2 import AsyncNetworkBackend, AsyncNetworkStream

# Maximum number of bytes before the body of an answer: its head, and informational answers before it.
MAX_HEAD_BYTES: Final = 128 * 1024
# Maximum number of those bytes that are parsed before other tasks run.
_PIECE_BYTES: Final = 4 * 1024


class HeadBoundedTransport(httpx2.AsyncHTTPTransport):
    """Raises `httpx2.RemoteProtocolError` when a server sends over `MAX_HEAD_BYTES` before the body of an answer."""

    def __init__(self, verify: ssl.SSLContext, limits: httpx2.Limits, proxy: str | None = None) -> None:
        super().__init__(verify=verify, limits=limits, proxy=proxy, trust_env=False)
        # httpx2 has no parameter for the backend that its pools accept. They read it when they connect. FOUND.
        self._pool._network_backend = _Backend(self._pool._network_backend)  # noqa: SLF001 - see above

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Returns an answer whose head has arrived."""
        response = await super().handle_async_request(request)
        stream = response.extensions["network_stream"]
        if isinstance(stream, _Stream):
            stream.end_head()
        return response


class _Backend(AsyncNetworkBackend):
    def __init__(self, backend: AsyncNetworkBackend) -> None:
        self._backend = backend

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore2's interface
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> AsyncNetworkStream:
        return _Stream(await self._backend.connect_tcp(host, port, timeout, local_address, socket_options))

    async def sleep(self, seconds: float) -> None:
        await self._backend.sleep(seconds)


class _Stream(AsyncNetworkStream):
    """A connection. What it reads after a write is the head of an answer, until `end_head` is called."""

    def __init__(self, stream: AsyncNetworkStream) -> None:
        self._stream = stream
        self._head_bytes: int | None = 0

    def end_head(self) -> None:
        """Stop counting: the rest is the body of an answer."""
        self._head_bytes = None

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - httpcore2's interface
        if self._head_bytes is None:
            return await self._stream.read(max_bytes, timeout)
        if self._head_bytes > MAX_HEAD_BYTES:
            raise httpcore2.RemoteProtocolError("The server sent too much before the body of its answer.")
        if self._head_bytes:
            # Bytes that have arrived already are read without a pause.
            await asyncio.sleep(0)
        data = await self._stream.read(min(max_bytes, _PIECE_BYTES), timeout)
        self._head_bytes += len(data)
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 - httpcore2's interface
        self._head_bytes = 0
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore2's interface
    ) -> AsyncNetworkStream:
        return _Stream(await self._stream.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
