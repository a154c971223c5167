"""Sends one message."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import httpx2

from linkweave.gather.subscribers.addresses import ForbiddenAddressError, Resolve, check_url, pinned_address

SEND_SECONDS: Final = 15.0
"""Maximum number of seconds that one attempt takes."""
# A connection belongs to an address. Used again, it would serve another name whose certificate was not checked.
_HEADERS: Final = {"content-type": "application/json", "connection": "close"}
_SUCCESS: Final = range(200, 300)
_GONE: Final = 410
_MAX_RETRY_AFTER: Final = 86_400


@dataclass(frozen=True, slots=True)
class SendResult:
    """What became of an attempt. `error` is None where the message has arrived.

    `is_final` says that no further attempt makes sense. `retry_after` is how many seconds the subscriber asks to wait.
    """

    status: int | None = None
    error: str | None = None
    is_final: bool = False
    retry_after: int | None = None


@dataclass(frozen=True, slots=True)
class Sender:
    """Sends messages over `http`, which follows no redirects."""

    http: httpx2.AsyncClient
    resolve: Resolve
    allow_private: bool = False

    async def send(self, url: str, headers: Mapping[str, str], body: bytes) -> SendResult:
        """Returns what became of a message. Never raises."""
        try:
            async with asyncio.timeout(SEND_SECONDS):
                return await self._send(httpx2.URL(url), headers, body)
        except ForbiddenAddressError as error:
            return SendResult(error=f"the address {error}")
        except TimeoutError:
            return SendResult(error=f"there was no answer within {SEND_SECONDS:g} seconds")
        except (OSError, httpx2.HTTPError) as error:
            return SendResult(error=f"the address cannot be reached ({type(error).__name__})")

    async def _send(self, url: httpx2.URL, headers: Mapping[str, str], body: bytes) -> SendResult:
        check_url(str(url), allow_private=self.allow_private)
        address = await pinned_address(url.host, self.resolve, allow_private=self.allow_private)
        request = self.http.build_request(
            "POST",
            url.copy_with(host=address),
            headers={**headers, **_HEADERS, "host": url.netloc.decode()},
            content=body,
            # The certificate must be that of the name, not of the address.
            extensions={"sni_hostname": url.host},
        )
        response = await self.http.send(request, stream=True)
        await response.aclose()
        return _result(response)


def _result(response: httpx2.Response) -> SendResult:
    status = response.status_code
    if status in _SUCCESS:
        return SendResult(status)
    told = response.headers.get("retry-after", "")
    seconds = min(int(told), _MAX_RETRY_AFTER) if told.isascii() and told.isdecimal() and len(told) <= 9 else None  # noqa: PLR2004 - no wait is longer
    return SendResult(status, f"it answered with HTTP {status}", status == _GONE, seconds)
