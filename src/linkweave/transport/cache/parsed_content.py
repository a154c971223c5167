"""The JSON of one answer, and what those who asked made of it, each thing once."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Generic, TypeVar

import orjson

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Parser(Generic[T]):
    """How an asker makes something of a good answer's JSON and the moment when it was told.

    Readings of the same `name` make the same of the same answer. It is shown to all who are shown that answer, in this
    operation and later ones: nothing of it may ever be changed.
    """

    name: Hashable
    parse: Callable[[object, datetime], T] = field(compare=False, repr=False)


class ParsedContent:
    """An answer's JSON, which nobody may change, and what readings made of it.

    `record` are the bytes of the record that it comes from. With them the JSON is let go once it was read, because
    those who come later mostly want what was made of it already.
    """

    __slots__ = ("_data", "_made", "_record")

    def __init__(self, data: object, record: bytes | None = None) -> None:
        self._data = data
        self._record = record
        self._made: dict[Hashable, Any] = {}

    @property
    def data(self) -> object:
        """The JSON."""
        return self._data if self._record is None or self._data is not None else data_of(self._record)

    def read(self, reading: Parser[T], at: datetime) -> T:
        """What `reading` makes of it, or made of it before; it was told `at`.

        Raises:
            VendorError: whatever `reading` raises.
        """
        if reading.name in self._made:
            known: T = self._made[reading.name]
            return known
        made = self._made[reading.name] = reading.parse(self.data, at)
        if self._record is not None:
            self._data = None
        return made


NOTHING: Final = ParsedContent(None)


def data_of(record: bytes) -> object:
    """The JSON in a record; it comes last."""
    return orjson.loads(record)[-1]
