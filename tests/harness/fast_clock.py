"""A clock that runs a thousand times as fast as the machine's, for what waits for threads and other processes."""

import asyncio
import time
from datetime import UTC, datetime
from typing import Final

SPEED: Final = 1000


class FastClock:
    """The machine's time of day, and intervals that pass quickly."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic() * SPEED

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / SPEED)
