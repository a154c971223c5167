"""Fetches an issuer's keys and keeps them for a while: it gets few requests, whatever tokens clients send."""

import asyncio
import logging
import math
from typing import Final
from urllib.parse import urlsplit

import httpx2

from linkweave.clock import Clock
from linkweave.edge.auth.jwks import InvalidKeySetError, PublicKey, parse_keys, select_key
from linkweave.edge.http.rejections import RequestRejectedError
from linkweave.errors import ErrorCode, VendorError
from linkweave.transport.call import Answer, Call
from linkweave.transport.http.exchange import HttpTransport

MAX_BYTES: Final = 200_000
# Seconds within which the issuer must answer.
FETCH_SECONDS: Final = 5
# Seconds after which keys are fetched again in the background, while they are still used.
FRESH_SECONDS: Final = 600
# Seconds after which keys are no longer used, if the issuer cannot be reached.
EXPIRY_SECONDS: Final = 3_600
# Minimum number of seconds between two requests to the issuer.
PAUSE_SECONDS: Final = 30

_OK: Final = 200


class RemoteKeys:
    """The keys at a URL. All callers share one request for them, and wait at most `FETCH_SECONDS`."""

    def __init__(self, url: str, http: httpx2.AsyncClient, clock: Clock) -> None:
        parts = urlsplit(url)
        base, self._path = f"{parts.scheme}://{parts.netloc}", url.removeprefix(f"{parts.scheme}://{parts.netloc}")
        self._transport = HttpTransport(http, "the issuer of tokens", base, FETCH_SECONDS, clock)
        self._clock = clock
        self._keys: tuple[PublicKey, ...] = ()
        self._fetched_at = -math.inf
        self._requested_at = -math.inf
        self._fetching: asyncio.Task[None] | None = None

    async def find(self, name: str | None, algorithm: str) -> PublicKey | None:
        """Returns the key called `name`, or the only one.

        Raises:
            RequestRejectedError: all known keys have expired, and new ones are unavailable at the moment.
        """
        key = self._select(name, algorithm)
        if key is None:
            await self._refresh()
            key = self._select(name, algorithm)
        elif self._age() > FRESH_SECONDS:
            self._start_fetch()
        if key is None and self._age() > EXPIRY_SECONDS:
            raise self._unavailable()
        return key

    def _select(self, name: str | None, algorithm: str) -> PublicKey | None:
        return select_key(self._keys, name, algorithm) if self._age() <= EXPIRY_SECONDS else None

    def _age(self) -> float:
        return self._clock.monotonic() - self._fetched_at

    async def _refresh(self) -> None:
        fetching = self._start_fetch()
        if fetching is not None:
            # Other callers wait for the same request: it goes on if this caller is cancelled.
            await asyncio.shield(fetching)

    def _start_fetch(self) -> asyncio.Task[None] | None:
        """Returns the request that runs, or a new one; None if the last one was a moment ago."""
        if self._fetching is None and self._clock.monotonic() - self._requested_at >= PAUSE_SECONDS:
            self._requested_at = self._clock.monotonic()
            self._fetching = asyncio.create_task(self._fetch())
        return self._fetching

    async def _fetch(self) -> None:
        try:
            answer = await self._transport.send(Call("get its keys", "GET", self._path, max_bytes=MAX_BYTES))
            self._keys, self._fetched_at = _keys_in(answer), self._clock.monotonic()
        except (VendorError, InvalidKeySetError) as error:
            logging.getLogger("linkweave").warning("the token issuer's keys are unavailable: %s", error)
        finally:
            self._fetching = None

    def _unavailable(self) -> RequestRejectedError:
        retry_after = max(1, math.ceil(self._requested_at + PAUSE_SECONDS - self._clock.monotonic()))
        message = "The token cannot be verified: its issuer's keys are unavailable at the moment. Try again."
        return RequestRejectedError(503, ErrorCode.UNAVAILABLE, message, {"Retry-After": str(retry_after)})


def _keys_in(answer: Answer) -> tuple[PublicKey, ...]:
    if answer.status != _OK:
        raise InvalidKeySetError(f"the status is {answer.status}")
    return parse_keys(answer.body)
