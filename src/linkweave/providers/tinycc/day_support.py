"""Whether a host sends the clicks of days: learned from its answers. A host without days is asked once a day."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import Enum
from typing import Final

from linkweave.clock import Clock

_SECONDS_WITHOUT_ASKING: Final = 24 * 3600.0


class DaySupport(Enum):
    """What is known of a host."""

    UNKNOWN = "UNKNOWN"
    SENDS_DAYS = "SENDS_DAYS"
    LACKS_DAYS = "LACKS_DAYS"


class LearnedDaySupport:
    """What one account's host was seen to do. That it lacks days is believed for a day."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._sends_days = False
        self._lacks_days_until = 0.0
        self._first_question = asyncio.Lock()

    @property
    def current(self) -> DaySupport:
        """What is known now."""
        if self._sends_days:
            return DaySupport.SENDS_DAYS
        lacks = self._clock.monotonic() < self._lacks_days_until
        return DaySupport.LACKS_DAYS if lacks else DaySupport.UNKNOWN

    @asynccontextmanager
    async def question(self) -> AsyncIterator[DaySupport]:
        """What is known before a question. While nothing is known, one question is asked at a time.

        Fifty links of a host without days would else be fifty calls at the same moment.
        """
        if self.current is not DaySupport.UNKNOWN:
            yield self.current
            return
        async with self._first_question:
            yield self.current

    def learn(self, *, sends_days: bool) -> None:
        """Stores what an answer showed."""
        self._sends_days = sends_days
        if not sends_days:
            self._lacks_days_until = self._clock.monotonic() + _SECONDS_WITHOUT_ASKING
