"""The parts of a vendor's answer that could not be read."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


def _nothing() -> Mapping[str, int]:
    return MappingProxyType({})


def _added(one: Mapping[str, int], other: Mapping[str, int]) -> Mapping[str, int]:
    return MappingProxyType(dict(Counter(one) + Counter(other)))


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Rows and fields that an answer lost because their values could not be read; false when nothing was lost.

    `rows` counts lost rows by the field that made them unreadable, such as `urls.hash`. `fields` counts lost values by
    field. Names are the vendor's. No value is ever part of this.
    """

    rows: Mapping[str, int] = field(default_factory=_nothing)
    fields: Mapping[str, int] = field(default_factory=_nothing)

    def __add__(self, other: "LeftOut") -> "LeftOut":
        if not other:
            return self
        return LeftOut(_added(self.rows, other.rows), _added(self.fields, other.fields))

    def __bool__(self) -> bool:
        return bool(self.rows or self.fields)

    @property
    def row_count(self) -> int:
        """The number of lost rows."""
        return sum(self.rows.values())

    @property
    def notice(self) -> str | None:
        """A sentence about the lost rows, for callers; None where no row was lost."""
        if not self.rows:
            return None
        count = self.row_count
        entries = "1 entry was" if count == 1 else f"{count} entries were"
        return f"{entries} left out, because these fields could not be read: {', '.join(sorted(self.rows))}."


NOTHING_LEFT_OUT = LeftOut()
