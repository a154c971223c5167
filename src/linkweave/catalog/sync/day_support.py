"""Whether the vendor of an account tells the clicks of days, as its answers show."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

MAX_REFUSALS: Final = 3
"""Number of links in a row without days, after which the vendor is not asked."""
ASKED_AGAIN_AFTER: Final = timedelta(days=1)
"""The plan of the account, or the vendor, may be another one by then."""


@dataclass(slots=True)
class DaySupport:
    """Counts the answers without days."""

    _refusals: int = 0
    _refused_at: datetime | None = None

    def asks(self, now: datetime) -> bool:
        """Whether the vendor is asked for days."""
        if self._refused_at is None or not self._refused_at <= now < self._refused_at + ASKED_AGAIN_AFTER:
            return True
        return self._refusals < MAX_REFUSALS

    def told(self) -> None:
        """The vendor told the days of a link."""
        self._refusals = 0

    def refused(self, now: datetime) -> None:
        """The vendor told no days of a link."""
        self._refusals += 1
        self._refused_at = now
