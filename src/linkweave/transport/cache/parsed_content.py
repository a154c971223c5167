"""The JSON of an answer, and what parsers made of it, each once."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Generic, TypeVar

import orjson

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Parser(Generic[T]):
    """Parses the JSON of a good answer that a vendor gave at some moment.

    Parsers of the same `name` make the same of the same answer. All readers of the answer share the result, in this
    operation and in later ones, so that it must never be changed.
    """

    name: Hashable
    parse: Callable[[object, datetime], T] = field(compare=False, repr=False)


class ParsedContent:
    """The JSON of an answer, which must never be changed, and the results of its parsers.

    `record` is the encoded record that the JSON comes from. With it, the JSON is dropped after it was parsed, because
    later readers mostly want the results that are there.
    """

    __slots__ = ("_data", "_record", "_results")

    def __init__(self, data: object, record: bytes | None = None) -> None:
        self._data = data
        self._record = record
        self._results: dict[Hashable, Any] = {}

    @property
    def data(self) -> object:
        """The JSON."""
        return self._data if self._record is None or self._data is not None else decode_data(self._record)

    def use_record(self, record: bytes) -> None:
        """Takes note of the encoded record that has the JSON now, so that the JSON can be dropped once it is parsed."""
        self._record = record
        if self._results:
            self._data = None

    def parse(self, parser: Parser[T], at: datetime) -> T:
        """Returns what `parser` makes of the JSON, now or before. The vendor gave the answer at `at`.

        Raises:
            VendorError: raised by `parser`.
        """
        if parser.name in self._results:
            known: T = self._results[parser.name]
            return known
        result = self._results[parser.name] = parser.parse(self.data, at)
        if self._record is not None:
            self._data = None
        return result


EMPTY: Final = ParsedContent(None)


def decode_data(record: bytes) -> object:
    """Returns the JSON of an encoded record, which is its last member."""
    return orjson.loads(record)[-1]
