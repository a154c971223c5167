"""The order of the layers, in one place: callers come in at the top, the vendor is below the bottom.

The client at the top is where the same question is asked once (memo.py), so that health counts calls, not askers.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import httpx2

from linkweave.clock import Clock
from linkweave.transport.auth import Authenticated, Credentials
from linkweave.transport.call import Send
from linkweave.transport.client import Classify, VendorClient
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

    async def close(self) -> None:
        """Give back what the vendor handed out."""
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
