"""An issuer's keys, fetched from it and kept for a while, so that it is asked seldom whoever sends whatever tokens."""

import asyncio
import logging
import math
from typing import Final
from urllib.parse import urlsplit

import httpx2

from linkweave.clock import Clock
from linkweave.edge.auth.jwks import PublicKey, UnusableKeysError, choose, parse_keys
from linkweave.edge.http.rejections import RefusedError
from linkweave.errors import ErrorCode, VendorError
from linkweave.transport.call import Answer, Call
from linkweave.transport.http.exchange import HttpTransport

MAX_BYTES: Final = 200_000
FETCH_SECONDS: Final = 5
# Older keys are still used, while they are fetched anew.
FRESH_SECONDS: Final = 600
# So old they may become while the issuer cannot be reached.
KEPT_SECONDS: Final = 3_600
# Between two questions to the issuer.
PAUSE_SECONDS: Final = 30

_OK: Final = 200


class RemoteKeys:
    """The keys at a URL. Callers never wait for each other's question twice, nor longer than `FETCH_SECONDS`."""

    def __init__(self, url: str, http: httpx2.AsyncClient, clock: Clock) -> None:
        parts = urlsplit(url)
        base, self._path = f"{parts.scheme}://{parts.netloc}", url.removeprefix(f"{parts.scheme}://{parts.netloc}")
        self._transport = HttpTransport(http, "the issuer of tokens", base, FETCH_SECONDS, clock)
        self._clock = clock
        self._keys: tuple[PublicKey, ...] = ()
        self._fetched_at = -math.inf
        self._asked_at = -math.inf
        self._asking: asyncio.Task[None] | None = None

    async def find(self, name: str | None, algorithm: str) -> PublicKey | None:
        """The key called `name`, or the only one.

        Raises:
            RefusedError: there are no keys that are young enough, and none can be got now.
        """
        key = self._choose(name, algorithm)
        if key is None:
            await self._renewed()
            key = self._choose(name, algorithm)
        elif self._age() > FRESH_SECONDS:
            self._renew()
        if key is None and self._age() > KEPT_SECONDS:
            raise self._unavailable()
        return key

    def _choose(self, name: str | None, algorithm: str) -> PublicKey | None:
        return choose(self._keys, name, algorithm) if self._age() <= KEPT_SECONDS else None

    def _age(self) -> float:
        return self._clock.monotonic() - self._fetched_at

    async def _renewed(self) -> None:
        asking = self._renew()
        if asking is not None:
            # Others wait for it too, so that it goes on when this caller goes.
            await asyncio.shield(asking)

    def _renew(self) -> asyncio.Task[None] | None:
        """The question that is on its way, or a new one; None where it is too early for one."""
        if self._asking is None and self._clock.monotonic() - self._asked_at >= PAUSE_SECONDS:
            self._asked_at = self._clock.monotonic()
            self._asking = asyncio.create_task(self._fetch())
        return self._asking

    async def _fetch(self) -> None:
        try:
            answer = await self._transport.send(Call("get its keys", "GET", self._path, max_bytes=MAX_BYTES))
            self._keys, self._fetched_at = _keys_in(answer), self._clock.monotonic()
        except (VendorError, UnusableKeysError) as error:
            logging.getLogger("linkweave").warning("the keys of the issuer of tokens cannot be had: %s", error)
        finally:
            self._asking = None

    def _unavailable(self) -> RefusedError:
        wait = max(1, math.ceil(self._asked_at + PAUSE_SECONDS - self._clock.monotonic()))
        message = "The keys of this token's issuer cannot be had at the moment, so it cannot be verified. Try again."
        return RefusedError(503, ErrorCode.UNAVAILABLE, message, {"Retry-After": str(wait)})


def _keys_in(answer: Answer) -> tuple[PublicKey, ...]:
    if answer.status != _OK:
        raise UnusableKeysError(f"the status is {answer.status}")
    return parse_keys(answer.body)
