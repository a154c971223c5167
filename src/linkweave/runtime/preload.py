"""Loads what libraries load when they are first used: a start may wait for that, a caller should not."""

from datetime import datetime

import anyio
import anyio.lowlevel


async def preload() -> None:
    """Load what the first call to a vendor and the reading of its answer would load."""
    # httpx2 connects with anyio, which takes in what fits the event loop, and its sockets, when it is asked for them.
    await anyio.lowlevel.checkpoint()
    anyio.Lock(fast_acquire=True)
    anyio.connect_tcp  # noqa: B018 - looking for it loads it
    # The standard library reads times with a module of its own.
    datetime.strptime("", "")  # noqa: DTZ007 - there is no time in it
