"""Makes many named tuples of one kind: a page of links consists of hundreds."""

from collections.abc import Iterable, Iterator
from itertools import repeat
from typing import Any, NamedTuple, TypeVar, cast

Kind = TypeVar("Kind", bound=NamedTuple)


def make_all(kind: type[Kind], rows: Iterable[tuple[Any, ...]]) -> Iterator[Kind]:
    """Yields a `kind` for each row, which has all its members. `kind(*row)` takes three times as long."""
    return cast("Iterator[Kind]", map(tuple.__new__, repeat(kind), rows))
