"""Places in a log of events."""

import re
from dataclasses import dataclass
from typing import Final, Self

_POSITION: Final = re.compile(r"([0-9a-f]{1,20})-([0-9]{1,15})")


@dataclass(frozen=True, slots=True)
class Position:
    """The place of an event in a log. Numbers rise over all accounts and topics of the log that began as `epoch`."""

    epoch: str
    number: int

    def __str__(self) -> str:
        return f"{self.epoch}-{self.number}"

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Returns the position that was written as `text`; None where it is none."""
        found = _POSITION.fullmatch(text)
        return None if found is None else cls(found[1], int(found[2]))
