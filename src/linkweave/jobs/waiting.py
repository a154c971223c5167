"""Waits for an event, but not for ever."""

import asyncio

from linkweave.clock import Clock


async def wait_for(event: asyncio.Event, seconds: float, clock: Clock) -> None:
    """Returns when `event` is set, or after `seconds`."""
    waiting = [asyncio.ensure_future(event.wait()), asyncio.ensure_future(clock.sleep(seconds))]
    try:
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()
