"""Reads a list of TinyURL that is too large for one answer by the days on which its links were made.

TinyURL pages no list, and the gateway reads at most 8 MB of an answer: some 20,000 links. Lists take two times (DOC).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from linkweave.providers.tinyurl.inferred import FIRST_DAY, MARGIN
from linkweave.providers.tinyurl.wire import ListedRow
from linkweave.transport.call import Pairs

_FEW_ROWS: Final = 2_000
"""Number of links of a part, below which the next part is twice as long."""
_LENGTHS: Final = (30, 7, 1)
"""Days of the first part, and of shorter ones, should it still be too large."""
_BETWEEN: Final = ":"


@dataclass(frozen=True, slots=True)
class Window:
    """The links that were made from the day `start`, and before the day `end`, of UTC."""

    start: date
    end: date

    def holds(self, row: ListedRow) -> bool:
        """Whether a link is of this part; one without a time is of each part that has it."""
        return row.created_at is None or self.start <= row.created_at.date() < self.end

    def narrower(self) -> "Window | None":
        """The newest links of this part; None where it is one day."""
        days = next((days for days in _LENGTHS if days < (self.end - self.start).days), None)
        return None if days is None else Window(self.end - timedelta(days=days), self.end)

    def before(self, row_count: int) -> "Window | None":
        """The part before this one, which has `row_count` links; None where no link can be older."""
        if self.start <= FIRST_DAY:
            return None
        length = (self.end - self.start) * (2 if row_count < _FEW_ROWS else 1)
        return Window(max(FIRST_DAY, self.start - min(length, self.start - FIRST_DAY)), self.start)


@dataclass(frozen=True, slots=True)
class ListPlace:
    """Where a page begins: in the whole list or in a part of it, after the link that `after` names."""

    window: Window | None = None
    after: str | None = None

    @classmethod
    def parse(cls, token: str | None) -> "ListPlace":
        """The place that a page token holds; the start of the list for None."""
        days, _, after = (token or "").partition(" ")
        if _BETWEEN not in days:
            return cls(None, token)
        start, _, end = days.partition(_BETWEEN)
        return cls(Window(date.fromordinal(int(start)), date.fromordinal(int(end))), after or None)

    def token(self) -> str | None:
        """The page token."""
        if self.window is None:
            return self.after
        days = f"{self.window.start.toordinal()}{_BETWEEN}{self.window.end.toordinal()}"
        return days if self.after is None else f"{days} {self.after}"

    def narrower(self, today: date) -> "ListPlace | None":
        """The same place in a smaller part of the list; None where there is none."""
        if self.window is None:
            end = today + timedelta(days=2)
            return replace(self, window=Window(end - timedelta(days=_LENGTHS[0]), end))
        window = self.window.narrower()
        return None if window is None else replace(self, window=window)

    def following(self, after: str | None, row_count: int) -> "ListPlace | None":
        """The place of the next page, which is in the part before where `after` is None; None at the end."""
        if after is not None:
            return replace(self, after=after)
        before = None if self.window is None else self.window.before(row_count)
        return None if before is None else ListPlace(before)

    def query(self, asked: Mapping[str, str]) -> Pairs:
        """`asked` with the times of the part, as far as they are narrower."""
        if self.window is None:
            return tuple(asked.items())
        start, end = (datetime.combine(day, time(0), UTC) for day in (self.window.start, self.window.end))
        limits = {"from": start - MARGIN, "to": end}
        own = {name: datetime.fromisoformat(asked[name]) for name in limits if name in asked}
        limits["from"] = max(limits["from"], own.get("from", limits["from"]))
        limits["to"] = min(limits["to"], own.get("to", limits["to"]))
        return tuple({**asked, **{name: limit.isoformat(timespec="seconds") for name, limit in limits.items()}}.items())
