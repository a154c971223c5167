"""The order of the layers, in one place: callers come in at the top, the vendor is below the bottom.

The client at the top is where the same question is asked once (memo.py in an operation, flights.py in the process) and
remembered (cache.py), so that health counts calls, not askers.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import httpx2

from linkweave.clock import Clock
from linkweave.transport.auth import Authenticated, Credentials
from linkweave.transport.cache import AnswerCache
from linkweave.transport.call import Send
from linkweave.transport.client import Classify, Drop, VendorClient
from linkweave.transport.health import Health
from linkweave.transport.http import HttpTransport
from linkweave.transport.ratelimit import RateLimit, RateLimited, SlidingWindow


@dataclass(frozen=True, slots=True)
class Stack:
    """The client of one account, with what can be read off its layers."""

    client: VendorClient
    windows: tuple[SlidingWindow, ...]
    credentials: Credentials
    send_unsigned: Send

    def remembering(self, cache: AnswerCache | None, drop: Drop) -> "Stack":
        """The same with its answers kept in `cache`, less what `drop` drops of each."""
        return replace(self, client=replace(self.client, cache=cache, drop=drop))

    async def close(self) -> None:
        """End what is under way behind, and give back what the vendor handed out."""
        if self.client.cache is not None:
            await self.client.cache.close()
        await self.credentials.close(self.send_unsigned)


def build_stack(
    *,
    http: httpx2.AsyncClient,
    account: str,
    base_url: str,
    timeout_seconds: float,
    credentials: Credentials,
    rates: Iterable[RateLimit],
    classify: Classify,
    clock: Clock,
) -> Stack:
    """Everything between an adapter and its vendor, for one account."""
    windows = {rate.bucket: SlidingWindow(rate, clock) for rate in rates}
    wire = HttpTransport(http, account, base_url, timeout_seconds, clock)
    limited = RateLimited(wire, account, windows, clock)
    signed = Authenticated(limited, credentials)
    client = VendorClient(signed, account, classify, Health(clock), clock)
    return Stack(client, tuple(windows.values()), credentials, limited.send)
