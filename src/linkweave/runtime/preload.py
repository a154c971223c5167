"""Loads modules that libraries load at their first use: a start may wait for that, but a caller should not."""

from datetime import datetime

import anyio
import anyio.lowlevel


async def preload() -> None:
    """Loads the modules that the first call to a vendor, and parsing its answer, would load."""
    # httpx2 connects with anyio, which loads its backend for the event loop, and its sockets, at their first use.
    await anyio.lowlevel.checkpoint()
    anyio.Lock(fast_acquire=True)
    anyio.connect_tcp  # noqa: B018 - looking it up loads it
    # The standard library parses times with a module that it loads late.
    datetime.strptime("", "")  # noqa: DTZ007 - there is no time in it
